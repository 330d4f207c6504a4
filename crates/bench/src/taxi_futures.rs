//! The taxi simulation on futures: chapter 5's join and chapter 6's tasks, beside tokio's tasks.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use event_loop::{Clock, Dice};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::task::LocalSet;

use crate::rounds::Row;
use crate::taxi_loop::{driven, events};
use crate::timing::paused_tokio;

/// The rows of this file.
pub fn rows() -> Vec<Row> {
    let row = |name, taxis, goal, ours: fn(u32) -> u64| Row {
        name,
        beside: "tokio current_thread",
        events: events(taxis),
        goal,
        ours: Box::new(move || ours(taxis)),
        theirs: Box::new(move || on_tokio(taxis)),
    };
    vec![
        row("taxis on futures (ch 5), 10k", 10_000, None, joined),
        row("taxis on safe tasks (ch 6), 10k", 10_000, None, spawned),
        row("taxis on futures (ch 5), 1M", 1_000_000, None, joined),
        row("taxis on safe tasks (ch 6), 1M", 1_000_000, None, spawned),
        row("taxis on cells (ch 8), 10k", 10_000, Some(0.12), in_cells),
        row("taxis on cells (ch 8), 1M", 1_000_000, Some(0.45), in_cells),
        beside_a_heap("taxis on cells (ch 8), 10k", 10_000),
        beside_a_heap("taxis on cells (ch 8), 1M", 1_000_000),
    ]
}

fn beside_a_heap(name: &'static str, taxis: u32) -> Row {
    Row {
        name,
        beside: "a bare BinaryHeap loop",
        events: events(taxis),
        goal: None,
        ours: Box::new(move || in_cells(taxis)),
        theirs: Box::new(move || driven(taxis)),
    }
}

/// The night of one taxi, as chapter 2's taxi drives it. Counts its events.
async fn taxi<F: Future>(
    number: u32,
    sleep: impl Fn(Duration) -> F,
    count: Rc<Cell<u64>>,
) {
    let mut dice = Dice::new(u64::from(number) << 32);
    let drive = async |seconds: u64| {
        sleep(Duration::from_secs(seconds)).await;
        count.set(count.get() + 1);
    };
    drive(dice.up_to(60)).await;
    for _ in 0..1 + number % 4 {
        drive(dice.up_to(10)).await;
        drive(dice.up_to(10)).await;
    }
    drive(dice.up_to(10)).await;
}

fn joined(taxis: u32) -> u64 {
    let count = Rc::new(Cell::new(0));
    let all: FuturesUnordered<_> = (0..taxis)
        .map(|number| taxi(number, timers::sleep, Rc::clone(&count)))
        .collect();
    timers::block_on(Clock::virtual_time(), all.collect::<()>());
    count.get()
}

fn spawned(taxis: u32) -> u64 {
    let count = Rc::new(Cell::new(0));
    tasks::run(Clock::virtual_time(), async {
        let handles: Vec<_> = (0..taxis)
            .map(|number| tasks::spawn(taxi(number, timers::sleep, Rc::clone(&count))))
            .collect();
        for handle in handles {
            handle.await;
        }
    });
    count.get()
}

fn in_cells(taxis: u32) -> u64 {
    let count = Rc::new(Cell::new(0));
    task_cell::run(Clock::virtual_time(), async {
        let handles: Vec<_> = (0..taxis)
            .map(|number| {
                task_cell::spawn(taxi(number, timers::sleep, Rc::clone(&count)))
            })
            .collect();
        for handle in handles {
            handle.await.expect("a taxi that comes home");
        }
    });
    count.get()
}

fn on_tokio(taxis: u32) -> u64 {
    let count = Rc::new(Cell::new(0));
    let local = LocalSet::new();
    local.block_on(&paused_tokio(), async {
        let handles: Vec<_> = (0..taxis)
            .map(|number| {
                let night = taxi(number, tokio::time::sleep, Rc::clone(&count));
                tokio::task::spawn_local(night)
            })
            .collect();
        for handle in handles {
            handle.await.expect("a taxi that comes home");
        }
    });
    count.get()
}
