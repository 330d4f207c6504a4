//! Counts the allocations of one side of one row; of rows of memory, the bytes of each. `bench` starts it. It is a
//! binary of its own, since an allocator that counts takes time, too.
#![forbid(unsafe_code)]

use std::alloc::System;
use std::env;

use anyhow::{Context, Result};
use bench::rounds::run;
use bench::row::{Code, rows};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() -> Result<()> {
    let words: Vec<String> = env::args().skip(1).collect();
    let [row, side, size] = &*words else {
        anyhow::bail!("usage: allocations ROW SIDE SIZE");
    };
    let rows = rows()?;
    let row = rows.iter().find(|it| it.entry.name == **row);
    let work = &row.context("no such row")?.work;
    let side = work.side(side).context("no such side")?;
    let size = size.parse()?;
    let region = Region::new(ALLOCATOR);
    let (_, result) = run(side, size)?;
    let stats = region.change();
    match side.code {
        Code::Memory(_) => println!("{result}"),
        _ => println!("{}", stats.allocations + stats.reallocations),
    }
    Ok(())
}
