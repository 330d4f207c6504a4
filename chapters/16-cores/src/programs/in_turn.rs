//! Two loops, two threads: the same four sums, each on the core whose turn it is.
//!
//! twin: none, Python's threads have one interpreter lock

use std::thread;

use chapter::{Args, BadInput};
use cores::Cores;
use trace::say;

// ANCHOR: main
fn sum_of_squares(to: u64) -> u64 {
    (1..=to).map(|n| n * n % 1_000_007).sum()
}

fn here() -> String {
    thread::current().name().unwrap_or("?").to_string()
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let cores = Cores::new(2).map_err(|error| BadInput::new(error.to_string()))?;
    let sums = (1..=4).map(|n| {
        cores.spawn(move || async move { (here(), sum_of_squares(n * 100_000)) })
    });
    // Collected: all four are under way before we wait for the first.
    let sums: Vec<_> = sums.collect();
    for sum in sums {
        if let Ok((core, sum)) = sum.wait() {
            say!("{core}: {sum}");
        }
    }
    cores
        .join()
        .map_err(|error| BadInput::new(error.to_string()))
}
// ANCHOR_END: main
