//! More and more clients at one counter: the answers become slower, and no more of them.
//!
//! twin: same
//! clock: virtual

use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use load_test::{Answer, Failure, Load, Plan, figures, on_clock, short};
use taxi::sync::Lock;
use taxi::time::sleep;
use trace::say;

// ANCHOR: counter
/// A counter at which one is served at a time, in 10 ms.
pub async fn serve(counter: &Lock<()>) -> Result<Answer, Failure> {
    let _turn = counter.lock().await;
    sleep(Duration::from_millis(10)).await;
    Ok(Answer {
        status: 200,
        sent: 0,
        received: 100,
    })
}
// ANCHOR_END: counter

// ANCHOR: main
async fn compare() {
    say!("clients  answers/s  mean");
    for clients in [1, 2, 4, 8, 16] {
        let counter = Rc::new(Lock::new(()));
        let mut plan = Plan::new(clients);
        plan.duration = Some(Duration::from_secs(10));
        let load = Load::new(plan);
        let report = load
            .run(async move |_client, _number| serve(&counter).await)
            .await;
        let rate = figures(report.per_second());
        let mean = short(report.tally.since_sent.mean());
        say!("{clients:>7}  {rate:>9}  {mean}");
    }
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    on_clock(args.real(), compare())
}
