//! The taxi simulation on futures: chapter 5's join and chapter 6's tasks, beside tokio's tasks.

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;
use std::time::Duration;

use event_loop::{Clock, Dice, Time};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::task::LocalSet;

use crate::rounds::Row;
use crate::taxi_loop::events;
use crate::timing::paused_tokio;

/// How fine a taxi's drives are measured.
#[derive(Clone, Copy)]
enum Grain {
    /// Whole seconds, as in chapter 2: some two hundred instants, which all taxis share. What a loop does once an
    /// instant costs next to nothing.
    Seconds,
    /// Microseconds: nearly every event has an instant of its own, at which the loop wakes up for it alone.
    Micros,
}

impl Grain {
    /// A drive of at most `seconds`.
    fn drive(self, dice: &mut Dice, seconds: u64) -> Duration {
        match self {
            Grain::Seconds => Duration::from_secs(dice.up_to(seconds)),
            Grain::Micros => Duration::from_micros(dice.up_to(seconds * 1_000_000)),
        }
    }
}

/// What drives so many taxis, and counts their events.
type Night = fn(u32, Grain) -> u64;

/// The rows of this file.
pub fn rows() -> Vec<Row> {
    use Grain::{Micros, Seconds};
    let (ten, million) = (10_000, 1_000_000);
    let row = |name, taxis, goal, ours: Night, grain| Row {
        name,
        beside: "tokio current_thread",
        events: events(taxis),
        goal,
        ours: Box::new(move || ours(taxis, grain)),
        theirs: Box::new(move || on_tokio(taxis, grain)),
    };
    vec![
        row("taxis on futures (ch 5), 10k", ten, None, joined, Seconds),
        row(
            "taxis on safe tasks (ch 6), 10k",
            ten,
            None,
            spawned,
            Seconds,
        ),
        row(
            "taxis on futures (ch 5), 1M",
            million,
            None,
            joined,
            Seconds,
        ),
        row(
            "taxis on safe tasks (ch 6), 1M",
            million,
            None,
            spawned,
            Seconds,
        ),
        row(
            "taxis on cells (ch 8), 10k",
            ten,
            Some(0.12),
            in_cells,
            Seconds,
        ),
        row(
            "taxis on cells (ch 8), 1M",
            million,
            Some(0.45),
            in_cells,
            Seconds,
        ),
        row(
            "taxis on cells, own instants, 10k",
            ten,
            Some(0.12),
            in_cells,
            Micros,
        ),
        row(
            "taxis on cells, own instants, 1M",
            million,
            Some(0.45),
            in_cells,
            Micros,
        ),
        beside_a_heap("taxis on cells (ch 8), 10k", ten, Seconds),
        beside_a_heap("taxis on cells (ch 8), 1M", million, Seconds),
        beside_a_heap("taxis on cells, own instants, 10k", ten, Micros),
        beside_a_heap("taxis on cells, own instants, 1M", million, Micros),
    ]
}

fn beside_a_heap(name: &'static str, taxis: u32, grain: Grain) -> Row {
    Row {
        name,
        beside: "a bare BinaryHeap loop",
        events: events(taxis),
        goal: None,
        ours: Box::new(move || in_cells(taxis, grain)),
        theirs: Box::new(move || in_a_heap(taxis, grain)),
    }
}

/// How many drives a taxi's night has: out, to each of one to four fares and with it, and home.
fn drives(number: u32) -> u32 {
    2 + 2 * (1 + number % 4)
}

/// The longest that a taxi drives: it may set out late.
fn longest(drive: u32) -> u64 {
    if drive == 0 { 60 } else { 10 }
}

/// The night of one taxi, as chapter 2's taxi drives it. Counts its events.
async fn taxi<F: Future>(
    number: u32,
    grain: Grain,
    sleep: impl Fn(Duration) -> F,
    count: Rc<Cell<u64>>,
) {
    let mut dice = Dice::new(u64::from(number) << 32);
    for drive in 0..drives(number) {
        sleep(grain.drive(&mut dice, longest(drive))).await;
        count.set(count.get() + 1);
    }
}

/// The same nights with no futures, wakers, tasks or cancelling: the least that keeps time order and ties.
fn in_a_heap(taxis: u32, grain: Grain) -> u64 {
    let die = |number| Dice::new(u64::from(number) << 32);
    let mut nights: Vec<_> = (0..taxis).map(|number| (die(number), 0)).collect();
    let mut heap = BinaryHeap::new();
    for (number, (dice, _)) in (0..taxis).zip(&mut nights) {
        let first = grain.drive(dice, longest(0));
        heap.push(Reverse((
            Time::ZERO.saturating_add(first),
            u64::from(number),
            number,
        )));
    }
    let mut events = 0;
    while let Some(Reverse((now, _, number))) = heap.pop() {
        events += 1;
        let (dice, drive) = &mut nights[number as usize];
        *drive += 1;
        if *drive < drives(number) {
            let next = now.saturating_add(grain.drive(dice, longest(*drive)));
            heap.push(Reverse((next, u64::from(taxis) + events, number)));
        }
    }
    events
}

fn joined(taxis: u32, grain: Grain) -> u64 {
    let count = Rc::new(Cell::new(0));
    let all: FuturesUnordered<_> = (0..taxis)
        .map(|number| taxi(number, grain, timers::sleep, Rc::clone(&count)))
        .collect();
    timers::block_on(Clock::virtual_time(), all.collect::<()>());
    count.get()
}

fn spawned(taxis: u32, grain: Grain) -> u64 {
    let count = Rc::new(Cell::new(0));
    tasks::run(Clock::virtual_time(), async {
        let handles: Vec<_> = (0..taxis)
            .map(|number| {
                tasks::spawn(taxi(number, grain, timers::sleep, Rc::clone(&count)))
            })
            .collect();
        for handle in handles {
            handle.await;
        }
    });
    count.get()
}

fn in_cells(taxis: u32, grain: Grain) -> u64 {
    let count = Rc::new(Cell::new(0));
    task_cell::run(Clock::virtual_time(), async {
        let handles: Vec<_> = (0..taxis)
            .map(|number| {
                task_cell::spawn(taxi(number, grain, timers::sleep, Rc::clone(&count)))
            })
            .collect();
        for handle in handles {
            handle.await.expect("a taxi that comes home");
        }
    });
    count.get()
}

fn on_tokio(taxis: u32, grain: Grain) -> u64 {
    let count = Rc::new(Cell::new(0));
    let local = LocalSet::new();
    local.block_on(&paused_tokio(), async {
        let handles: Vec<_> = (0..taxis)
            .map(|number| {
                let night = taxi(number, grain, tokio::time::sleep, Rc::clone(&count));
                tokio::task::spawn_local(night)
            })
            .collect();
        for handle in handles {
            handle.await.expect("a taxi that comes home");
        }
    });
    count.get()
}
