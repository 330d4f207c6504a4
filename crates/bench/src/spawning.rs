//! Chapter 6's safe tasks beside tokio's: yardsticks for chapter 8.

use event_loop::Clock;

use crate::peers::{Peer, Tokio};
use crate::row::{Side, Work};

/// How many tasks are spawned, and how often one yields.
pub const SPAWNS: u64 = 200_000;
pub const YIELDS: u64 = 1_000_000;

/// The rows of this file.
pub fn works() -> Vec<Work> {
    let beside = |ours, tokio| vec![Side::new("ours", ours), Side::new("tokio", tokio)];
    vec![
        Work::new("safe-spawn", SPAWNS, beside(spawn_ours, spawn::<Tokio>)),
        Work::new("safe-yield", YIELDS, beside(yield_ours, yields::<Tokio>)),
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

pub fn spawn<P: Peer>(spawns: u64) -> u64 {
    P::run(async move {
        let mut sum = 0;
        for n in 0..spawns {
            sum += P::spawn(async move { n }).await;
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

pub fn yields<P: Peer>(yields: u64) -> u64 {
    P::run(async move {
        P::spawn(async move {
            for _ in 0..yields {
                P::yield_now().await;
            }
            yields
        })
        .await
    })
}
