//! Clients who think for 90 ms before they send the next request.
//!
//! twin: none, its exercise is about the figures
//! clock: virtual

use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use load_test::{Load, Plan, figures, on_clock, short};
use taxi::sync::Lock;
use taxi::time::sleep;
use trace::say;

use crate::programs::closed_loop::serve;

// ANCHOR: main
const THINKS: Duration = Duration::from_millis(90);

async fn compare() {
    say!("clients  answers/s  mean");
    for clients in [1, 5, 10, 20, 40] {
        let counter = Rc::new(Lock::new(()));
        let mut plan = Plan::new(clients);
        plan.duration = Some(Duration::from_secs(10));
        let load = Load::new(plan);
        let report = load
            .run(async move |_client, _number| {
                sleep(THINKS).await;
                serve(&counter).await
            })
            .await;
        let rate = figures(report.per_second());
        let mean = short(report.tally.since_sent.mean() - THINKS);
        say!("{clients:>7}  {rate:>9}  {mean}");
    }
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    on_clock(args.real(), compare())
}
