//! A registry of live futures: at the end it forgets a finished task that another thread still refers to.

use chapter::{Args, BadInput};
use trace::say;

// ANCHOR: memory
/// Memory whose slots are numbered anew at each use, so that a stale pointer is found out.
#[derive(Default)]
struct Memory(Vec<(u32, Option<Cell>)>);

/// How many references to a task are local, and how many remote.
struct Cell {
    local: i64,
    remote: i64,
    is_over: bool,
}

type Pointer = (usize, u32);

impl Memory {
    fn allocate(&mut self, cell: Cell) -> Pointer {
        self.0.push((0, Some(cell)));
        (self.0.len() - 1, 0)
    }

    fn free(&mut self, (slot, _): Pointer) {
        self.0[slot].0 += 1;
        self.0[slot].1 = None;
    }

    fn get(&mut self, (slot, use_): Pointer) -> Result<&mut Cell, &'static str> {
        let (now, cell) = &mut self.0[slot];
        let cell = cell.as_mut().filter(|_| *now == use_);
        cell.ok_or("use after free")
    }
}
// ANCHOR_END: memory

// ANCHOR: main
/// The runtime closes: each listed cell hands its count over, and whoever has none left
/// is freed.
fn close(memory: &mut Memory, listed: &[Pointer]) -> Result<(), &'static str> {
    for &pointer in listed {
        let cell = memory.get(pointer)?;
        cell.remote += std::mem::take(&mut cell.local);
        if cell.remote == 0 {
            memory.free(pointer);
        }
    }
    Ok(())
}

/// A waker is dropped on another thread, after that.
fn count_down(
    memory: &mut Memory,
    pointer: Pointer,
) -> Result<&'static str, &'static str> {
    let cell = memory.get(pointer)?;
    cell.remote -= 1;
    if cell.remote == 0 {
        memory.free(pointer);
        return Ok("the last one, freed");
    }
    Ok(if cell.remote > 0 {
        "others are left"
    } else {
        "below zero, never freed"
    })
}
// ANCHOR_END: main

fn try_it(list: fn(&Cell) -> bool) -> Result<(), &'static str> {
    let mut memory = Memory::default();
    // Over; its handle is local, and two wakers are on other threads.
    let task = memory.allocate(Cell {
        local: 1,
        remote: 2,
        is_over: true,
    });
    let listed: Vec<_> = [task]
        .into_iter()
        .filter(|&it| memory.get(it).is_ok_and(|it| list(it)))
        .collect();
    say!("    listed: {}", listed.len());
    close(&mut memory, &listed)?;
    for reference in ["a remote waker", "a remote waker", "the handle"] {
        say!("    {reference} goes: {}", count_down(&mut memory, task)?);
    }
    Ok(())
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let show = |list: fn(&Cell) -> bool| {
        if let Err(error) = try_it(list) {
            say!("    {error}");
        }
    };
    say!("a list of every allocation");
    show(|_| true);
    say!("a list of live futures");
    show(|cell| !cell.is_over);
    Ok(())
}
