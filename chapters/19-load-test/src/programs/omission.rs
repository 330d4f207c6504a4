//! A server that is asked a hundred times a second and stalls for ten: what both kinds of loop say of it.
//!
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use load_test::{Answer, Failure, Latencies, Load, Plan, Report, on_clock, short};
use taxi::Time;
use taxi::time::{now, sleep};
use trace::say;

// ANCHOR: server
/// Answers in 10 ms; but whoever comes within ten seconds of the fifth waits until they are
/// over.
pub async fn answer(start: Time) -> Result<Answer, Failure> {
    let since = now() - start;
    let stall = Duration::from_secs(5)..Duration::from_secs(15);
    if stall.contains(&since) {
        sleep(stall.end - since).await;
    }
    sleep(Duration::from_millis(10)).await;
    Ok(Answer {
        status: 200,
        sent: 0,
        received: 100,
    })
}
// ANCHOR_END: server

// ANCHOR: main
async fn load(clients: usize, every: Option<Duration>) -> Report {
    let mut plan = Plan::new(clients);
    plan.every = every;
    plan.duration = Some(Duration::from_secs(30));
    let start = now();
    Load::new(plan)
        .run(async move |_client, _number| answer(start).await)
        .await
}

async fn compare() {
    let closed = load(1, None).await.tally;
    let open = load(10, Some(Duration::from_millis(10))).await.tally;
    say!("           closed    open");
    let (one, other) = (closed.answered(), open.answered());
    say!("requests   {one:<8}  {other}");
    for (name, part) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)] {
        let at = |latencies: &Latencies| short(latencies.quantile(part));
        let (one, other) = (at(&closed.since_sent), at(&open.since_due));
        say!("{name:<9}  {one:<8}  {other}");
    }
    let (one, other) = (closed.since_sent.max(), open.since_due.max());
    say!("max        {:<8}  {}", short(one), short(other));
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    on_clock(args.real(), compare())
}
