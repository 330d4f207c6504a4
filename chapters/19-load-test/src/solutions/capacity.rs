//! The highest rate at which 99 of 100 requests are answered within 50 ms.
//!
//! twin: none, its exercise gives what it prints
//! clock: virtual

use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use load_test::{Load, Plan, on_clock, short};
use taxi::sync::Lock;
use trace::say;

use crate::programs::closed_loop::serve;

// ANCHOR: main
/// The latency of 99 of 100 requests at this rate.
async fn p99(rate: u32) -> Duration {
    let counter = Rc::new(Lock::new(()));
    let mut plan = Plan::new(100);
    plan.every = Some(Duration::from_secs(1) / rate);
    plan.duration = Some(Duration::from_secs(5));
    let load = Load::new(plan);
    let send = async move |_client, _number| serve(&counter).await;
    load.run(send).await.tally.since_due.quantile(0.99)
}

async fn search() {
    let (mut low, mut high) = (1, 201);
    while high - low > 1 {
        let middle = (low + high) / 2;
        let latency = p99(middle).await;
        let verdict = match latency <= Duration::from_millis(50) {
            true => {
                low = middle;
                "more"
            }
            false => {
                high = middle;
                "less"
            }
        };
        say!("{middle:>3}/s: p99 {}, so {verdict}", short(latency));
    }
    say!("{low} requests a second");
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    on_clock(args.real(), search())
}
