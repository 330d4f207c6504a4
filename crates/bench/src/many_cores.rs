//! Chapter 16: what a second core is worth, and what a task on another core costs.

use std::thread;
use std::time::{Duration, Instant};

use cores::Cores;
use threads::HandleExt;

use crate::row::{Code, Side, Work};
use crate::timing::tokio;

/// How many sums there are, and how many squares each has: some milliseconds of work.
const SUMS: u64 = 60;
const SQUARES: u64 = 1_000_000;
/// How many tasks are spawned, one after the other.
const SPAWNED: u64 = 20_000;

/// The rows of this file.
pub fn works() -> Vec<Work> {
    // The time that passes: that two cores take as much CPU time as one says nothing.
    let passes = |name, code| Side::with(name, Code::Part(code));
    let sums = vec![
        passes("ours", sums_on::<2>),
        passes("one core", sums_on::<1>),
    ];
    let spawns = vec![
        Side::new("ours", spawn_ours),
        Side::new("tokio", spawn_tokio),
    ];
    vec![
        Work {
            counted: 4,
            ..Work::new("cores", SUMS, sums)
        },
        Work {
            counted: 200,
            ..Work::new("core-spawn", SPAWNED, spawns)
        },
    ]
}

/// Chapter 16's sums, each a task of the core whose turn it is.
fn sums_on<const CORES: usize>(sums: u64) -> (Duration, u64) {
    let cores = Cores::new(CORES).expect("loops");
    let start = Instant::now();
    let sum = |number: u64| {
        let squares = 1..=SQUARES - number;
        cores.spawn(|| async { squares.map(|n| n * n % 1_000_007).sum::<u64>() })
    };
    let tasks: Vec<_> = (0..sums).map(sum).collect();
    let total = tasks.into_iter().map(|it| it.wait().expect("no panic"));
    let total = total.sum();
    (start.elapsed(), total)
}

/// From the one loop to the other, and its value back.
fn spawn_ours(times: u64) -> u64 {
    let cores = Cores::new(2).expect("loops");
    let other = cores.handle(1);
    let spawns = cores.spawn_on(0, move || async move {
        let mut sum = 0;
        for number in 0..times {
            let task = other.spawn(move || async move { number });
            sum += task.await.expect("no panic");
        }
        sum
    });
    spawns.wait().expect("no panic")
}

/// The same, with two runtimes of one thread each.
fn spawn_tokio(times: u64) -> u64 {
    let other = tokio();
    let handle = other.handle().clone();
    let (stop, stopped) = ::tokio::sync::oneshot::channel::<()>();
    let thread = thread::spawn(move || other.block_on(stopped));
    let sum = tokio().block_on(async {
        let mut sum = 0;
        for number in 0..times {
            sum += handle.spawn(async move { number }).await.expect("no panic");
        }
        sum
    });
    drop(stop);
    drop(thread.join());
    sum
}
