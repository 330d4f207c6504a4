//! Two loops with the same mean: one is always as fast, the other stands still now and then. The mean hides it.
//!
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use performance::on_clock;
use taxi::time::{now, sleep};
use trace::say;

// ANCHOR: main
/// A thousand answers. Every hundredth takes `rare` milliseconds, the others `usual`.
async fn answers(usual: u64, rare: u64) -> Vec<Duration> {
    let mut took = Vec::new();
    for number in 1..=1000 {
        let millis = if number % 100 == 0 { rare } else { usual };
        let start = now();
        sleep(Duration::from_millis(millis)).await;
        took.push(now() - start);
    }
    took
}

async fn measure() {
    for (name, usual, rare) in [("steady", 10, 10), ("jerky", 2, 802)] {
        let mut took = answers(usual, rare).await;
        took.sort();
        let mean = took.iter().sum::<Duration>() / 1000;
        say!("{name:6} mean {mean:?}");
        say!("       p50 {:?}, p99.9 {:?}", took[499], took[998]);
    }
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    on_clock(args.real(), measure())
}
