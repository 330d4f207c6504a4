//! Chapter 6's safe tasks beside tokio's: yardsticks for chapter 8.

use event_loop::Clock;

use crate::rounds::Row;
use crate::timing::tokio;

pub const SPAWNS: u64 = 200_000;
pub const YIELDS: u64 = 1_000_000;

/// The rows of this file.
pub fn rows() -> Vec<Row> {
    let row = |name, events, ours, theirs| Row {
        name,
        beside: "tokio current_thread",
        events,
        goal: None,
        ours,
        theirs,
    };
    vec![
        row(
            "spawn + join, safe task",
            SPAWNS,
            Box::new(spawn_ours),
            Box::new(spawn_tokio),
        ),
        row(
            "yield, one task, safe",
            YIELDS,
            Box::new(yield_ours),
            Box::new(yield_tokio),
        ),
    ]
}

fn spawn_ours() -> u64 {
    tasks::run(Clock::real(), async {
        let mut sum = 0;
        for n in 0..SPAWNS {
            sum += tasks::spawn(async move { n }).await;
        }
        sum
    })
}

pub fn spawn_tokio() -> u64 {
    tokio().block_on(async {
        let mut sum = 0;
        for n in 0..SPAWNS {
            sum += tokio::spawn(async move { n }).await.expect("a number");
        }
        sum
    })
}

fn yield_ours() -> u64 {
    tasks::run(Clock::real(), async {
        tasks::spawn(async {
            for _ in 0..YIELDS {
                polling::yield_now().await;
            }
            YIELDS
        })
        .await
    })
}

pub fn yield_tokio() -> u64 {
    tokio().block_on(async {
        tokio::spawn(async {
            for _ in 0..YIELDS {
                tokio::task::yield_now().await;
            }
            YIELDS
        })
        .await
        .expect("a number")
    })
}
