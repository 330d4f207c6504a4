//! A rate, and the same counter: below what it can do the latency is a figure, and above it there is none.
//!
//! twin: same
//! clock: virtual

use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use load_test::{Load, Plan, on_clock, short};
use taxi::sync::Lock;
use trace::say;

use super::closed_loop::serve;

// ANCHOR: main
async fn compare() {
    say!("due/s  seconds  mean       max");
    for (rate, seconds) in [(50, 2), (100, 2), (125, 2), (125, 4), (125, 8)] {
        let counter = Rc::new(Lock::new(()));
        let mut plan = Plan::new(300);
        plan.every = Some(Duration::from_secs(1) / rate);
        plan.duration = Some(Duration::from_secs(seconds));
        let load = Load::new(plan);
        let report = load
            .run(async move |_client, _number| serve(&counter).await)
            .await;
        let latencies = &report.tally.since_due;
        let (mean, max) = (short(latencies.mean()), short(latencies.max()));
        say!("{rate:>5}  {seconds:>7}  {mean:<9}  {max}");
    }
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    on_clock(args.real(), compare())
}
