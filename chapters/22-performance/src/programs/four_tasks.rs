//! The same work by four kinds of task.
//!
//! twin: none, asyncio has one kind of task
//! flag: --times T  1: says on standard error what each takes
//! flag: --only N  does the work of number N alone, from 1 to 4, for a profiler
//! flag: --yields Y  how often each task yields

use std::time::Instant;

use chapter::{Args, BadInput};
use event_loop::{Clock, Time};
use performance::{Locked, Shared, Side, allocations, compare};
use taxi::yield_now;
use trace::say;

const TASKS: usize = 100;

// ANCHOR: work
/// What every task does: it lets the others go first, and gives a number.
async fn turns(number: usize, yields: u32) -> usize {
    for _ in 0..yields {
        yield_now().await;
    }
    number
}

fn locked(tasks: usize, yields: u32) -> usize {
    let executor = Locked::new();
    let tasks: Vec<_> = (0..tasks)
        .map(|number| executor.spawn(turns(number, yields)))
        .collect();
    let sum = executor.spawn(async move {
        let mut sum = 0;
        for task in tasks {
            sum += task.await;
        }
        sum
    });
    executor.run();
    sum.into_value().expect("all of them are over")
}

fn safe(tasks: usize, yields: u32) -> usize {
    tasks::run(Clock::virtual_time(), async move {
        let tasks: Vec<_> = (0..tasks)
            .map(|number| tasks::spawn(turns(number, yields)))
            .collect();
        let mut sum = 0;
        for task in tasks {
            sum += task.await;
        }
        sum
    })
}
// ANCHOR_END: work

fn shared(tasks: usize, yields: u32) -> usize {
    let executor = Shared::new();
    let tasks: Vec<_> = (0..tasks)
        .map(|number| executor.spawn(turns(number, yields)))
        .collect();
    let sum = std::rc::Rc::new(std::cell::Cell::new(0));
    let slip = std::rc::Rc::clone(&sum);
    executor
        .spawn(async move {
            for task in tasks {
                slip.set(slip.get() + task.await);
            }
        })
        .detach();
    executor.run();
    sum.get()
}

fn cell(tasks: usize, yields: u32) -> usize {
    taxi::test::run(async move {
        let tasks: Vec<_> = (0..tasks)
            .map(|number| taxi::spawn(turns(number, yields)))
            .collect();
        let mut sum = 0;
        for task in tasks {
            sum += task.await.unwrap_or_default();
        }
        sum
    })
}

type Work = fn(usize, u32) -> usize;

// ANCHOR: main
const SIDES: [(&str, Work); 4] = [
    ("a lock in an Arc", locked),
    ("chapter 6", safe),
    ("an atomic header", shared),
    ("chapter 8's cell", cell),
];

fn measure(yields: u32, tell: bool) -> Result<(), BadInput> {
    let start = Instant::now();
    let clock = || Time::ZERO.saturating_add(start.elapsed());
    let mut sides = SIDES
        .map(|(name, work)| Side::new(name, move || work(TASKS, yields).to_string()));
    let rounds = compare(&clock, 5, &mut sides);
    let rounds = rounds.map_err(|error| BadInput::new(error.to_string()))?;
    for (name, work) in SIDES {
        say!("{name:16}  the sum is {}", work(TASKS, yields));
        if tell {
            let ratio = rounds.ratio(name, SIDES[0].0).median;
            let each = allocations(TASKS, |tasks| {
                work(tasks, yields);
            });
            eprintln!(
                "{name}: {each:.0} allocations a task, {ratio:.2} of the first's time"
            );
        }
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    let times = args.number("times", 0..=1_u32)? == Some(1);
    let yields = args.number("yields", 0..=1_000_000_u32)?.unwrap_or(10);
    if let Some(number) = args.number("only", 1..=4_u32)? {
        let (name, work) = SIDES[number as usize - 1];
        say!("{name}: the sum is {}", work(TASKS, yields));
        return Ok(());
    }
    measure(yields, times)
}
