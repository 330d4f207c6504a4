//! Six requests, one due each second, and a server that stalls: who waits, and since when?
//!
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use load_test::{Answer, Failure, Load, Plan, on_clock, short};
use taxi::time::{now, sleep};
use trace::say;

// ANCHOR: server
/// Needs half a second. From 1.2 s to 4.2 s after the start it does nothing.
async fn answer() -> Result<Answer, Failure> {
    sleep(Duration::from_millis(500)).await;
    let (from, to) = (Duration::from_millis(1200), Duration::from_millis(4200));
    let time = Duration::from_nanos(now().as_nanos());
    if (from..to).contains(&time) {
        sleep(to - time).await;
    }
    Ok(Answer {
        status: 200,
        sent: 0,
        received: 0,
    })
}
// ANCHOR_END: server

// ANCHOR: main
async fn one_client() {
    trace::name(format_args!("main"));
    let mut plan = Plan::new(1);
    plan.every = Some(Duration::from_secs(1));
    plan.requests = Some(6);
    let load = Load::new(plan);
    let report = load.run(async |_client, number| {
        let sent = now();
        let end = answer().await;
        let took = short(now() - sent);
        say!(
            "{:>6} s  request {number}, {took} after it was sent",
            now().as_nanos() as f64 / 1e9
        );
        end
    });
    let tally = report.await.tally;
    say!(
        "longest since it was due:  {}",
        short(tally.since_due.max())
    );
    say!(
        "longest since it was sent: {}",
        short(tally.since_sent.max())
    );
    say!("mean since it was due:  {}", short(tally.since_due.mean()));
    say!("mean since it was sent: {}", short(tally.since_sent.mean()));
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    on_clock(args.real(), one_client())
}
