//! From what length on does a second core pay, if a thread must be made for it?
//!
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use performance::on_clock;
use taxi::join;
use taxi::time::{now, sleep};
use trace::say;

const A_THREAD: u64 = 30;

async fn took(work: impl Future) -> u128 {
    let start = now();
    work.await;
    (now() - start).as_micros()
}

fn computes(micros: u64) -> impl Future<Output = ()> {
    sleep(Duration::from_micros(micros))
}

async fn search() {
    for micros in [10, 20, 30, 40, 100] {
        let alone = took(async {
            computes(micros).await;
            computes(micros).await;
        });
        let alone = alone.await;
        // The thread is made first; then both compute.
        let other = async {
            computes(A_THREAD).await;
            join(computes(micros), computes(micros)).await;
        };
        let two = took(other).await;
        let pays = if two < alone { "pays" } else { "does not pay" };
        say!(
            "two sums of {micros:3} µs: {alone:3} µs alone, {two:3} µs by two: it {pays}"
        );
    }
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    on_clock(args.real(), search())
}
