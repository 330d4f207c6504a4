//! Chapter 6's safe tasks beside tokio's: yardsticks for chapter 8.

use event_loop::Clock;

use crate::row::{Side, Work};
use crate::timing::tokio;

/// How many tasks are spawned, and how often one yields.
pub const SPAWNS: u64 = 200_000;
pub const YIELDS: u64 = 1_000_000;

/// The rows of this file.
pub fn works() -> Vec<Work> {
    let beside = |ours, tokio| vec![Side::new("ours", ours), Side::new("tokio", tokio)];
    vec![
        Work::new("safe-spawn", SPAWNS, beside(spawn_ours, spawn_tokio)),
        Work::new("safe-yield", YIELDS, beside(yield_ours, yield_tokio)),
    ]
}

fn spawn_ours(spawns: u64) -> u64 {
    tasks::run(Clock::real(), async {
        let mut sum = 0;
        for n in 0..spawns {
            sum += tasks::spawn(async move { n }).await;
        }
        sum
    })
}

pub fn spawn_tokio(spawns: u64) -> u64 {
    tokio().block_on(async {
        let mut sum = 0;
        for n in 0..spawns {
            sum += tokio::spawn(async move { n }).await.expect("a number");
        }
        sum
    })
}

fn yield_ours(yields: u64) -> u64 {
    tasks::run(Clock::real(), async {
        tasks::spawn(async move {
            for _ in 0..yields {
                polling::yield_now().await;
            }
            yields
        })
        .await
    })
}

pub fn yield_tokio(yields: u64) -> u64 {
    tokio().block_on(async {
        tokio::spawn(async move {
            for _ in 0..yields {
                tokio::task::yield_now().await;
            }
            yields
        })
        .await
        .expect("a number")
    })
}
