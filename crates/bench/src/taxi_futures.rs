//! The taxi simulation on futures: chapter 5's join and chapter 6's and 8's tasks, beside tokio's and asyncio's.

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;
use std::time::Duration;

use event_loop::{Clock, Dice, Time};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::task::LocalSet;

use crate::bare::Bare;
use crate::python;
use crate::row::{Side, Work};
use crate::taxi_loop::events;
use crate::timing::paused_tokio;

/// How fine a taxi's drives are measured.
#[derive(Clone, Copy)]
enum Grain {
    /// Whole seconds, as in chapter 2: some two hundred instants, which all taxis share. What a loop does once an
    /// instant costs next to nothing.
    Seconds,
    /// Milliseconds, a thousand for each second: nearly every event has an instant of its own, at which the loop
    /// wakes up for it alone. Nothing finer: tokio would round it, and so play another game.
    Millis,
}

impl Grain {
    /// A drive of at most `seconds`, or a thousand times as long.
    fn drive(self, dice: &mut Dice, seconds: u64) -> Duration {
        match self {
            Grain::Seconds => Duration::from_secs(dice.up_to(seconds)),
            Grain::Millis => Duration::from_millis(dice.up_to(seconds * 1_000_000)),
        }
    }
}

/// The rows of this file.
pub fn works() -> Vec<Work> {
    use Grain::{Millis, Seconds};
    let work = |name, taxis, sides| Work {
        counted: if taxis > 10_000 { 0 } else { 1_000 },
        events,
        ..Work::new(name, taxis, sides)
    };
    let shared = |ours| {
        vec![
            Side::new("ours", ours),
            Side::new("tokio", |taxis| on_tokio(taxis, Seconds)),
            python::only_asyncio("taxis-in-seconds", 20),
        ]
    };
    let own = |part| {
        vec![
            Side::new("ours", |taxis| in_cells(taxis, Millis)),
            Side::new("tokio", |taxis| on_tokio(taxis, Millis)),
            python::only_asyncio("taxis", part),
            Side::new("boxed, bare heap", |taxis| in_boxes(taxis, Millis)),
            Side::new("bare heap", |taxis| in_a_heap(taxis, Millis)),
        ]
    };
    vec![
        work("joined-10k", 10_000, shared(|taxis| joined(taxis, Seconds))),
        work(
            "safe-taxis-10k",
            10_000,
            shared(|taxis| spawned(taxis, Seconds)),
        ),
        work("taxis-10k", 10_000, own(10)),
        work("taxis-1M", 1_000_000, own(100)),
        work(
            "shared-10k",
            10_000,
            with_limit(shared(|taxis| in_cells(taxis, Seconds))),
        ),
        work(
            "shared-1M",
            1_000_000,
            with_limit(shared(|taxis| in_cells(taxis, Seconds))),
        ),
    ]
}

fn with_limit(mut sides: Vec<Side>) -> Vec<Side> {
    sides.push(Side::new("bare heap", |taxis| {
        in_a_heap(taxis, Grain::Seconds)
    }));
    sides
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
fn in_a_heap(taxis: u64, grain: Grain) -> u64 {
    let die = |number| Dice::new(u64::from(number) << 32);
    let taxis = taxis as u32;
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

/// The same futures, boxed, on a bare heap: what is left to win for a runtime.
fn in_boxes(taxis: u64, grain: Grain) -> u64 {
    let count = Rc::new(Cell::new(0));
    let bare = Rc::new(Bare::default());
    bare.run_all((0..taxis as u32).map(|number| {
        let bare = Rc::clone(&bare);
        taxi(
            number,
            grain,
            move |wait| bare.sleep(wait),
            Rc::clone(&count),
        )
    }));
    count.get()
}

fn joined(taxis: u64, grain: Grain) -> u64 {
    let count = Rc::new(Cell::new(0));
    let all: FuturesUnordered<_> = (0..taxis as u32)
        .map(|number| taxi(number, grain, timers::sleep, Rc::clone(&count)))
        .collect();
    timers::block_on(Clock::virtual_time(), all.collect::<()>());
    count.get()
}

fn spawned(taxis: u64, grain: Grain) -> u64 {
    let count = Rc::new(Cell::new(0));
    tasks::run(Clock::virtual_time(), async {
        let handles: Vec<_> = (0..taxis as u32)
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

fn in_cells(taxis: u64, grain: Grain) -> u64 {
    let count = Rc::new(Cell::new(0));
    task_cell::run(Clock::virtual_time(), async {
        let handles: Vec<_> = (0..taxis as u32)
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

fn on_tokio(taxis: u64, grain: Grain) -> u64 {
    let count = Rc::new(Cell::new(0));
    let local = LocalSet::new();
    local.block_on(&paused_tokio(), async {
        let handles: Vec<_> = (0..taxis as u32)
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
