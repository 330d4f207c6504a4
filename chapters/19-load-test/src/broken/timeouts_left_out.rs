//! A tester that tells only of answers: the more requests it gives up, the better the server looks.
//!
//! twin: none, the one of `omission` has the same clients
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use load_test::{Answer, Latencies, on_clock, short};
use taxi::time::{now, sleep, timeout};
use trace::say;

// ANCHOR: main
/// Every fourth answer takes longer than anybody waits.
async fn answer(number: u64) -> Answer {
    sleep(Duration::from_millis(match number % 4 {
        3 => 60_000,
        _ => 20,
    }))
    .await;
    Answer {
        status: 200,
        sent: 0,
        received: 100,
    }
}

async fn ask(limit: Duration) {
    let (mut wrong, mut right) = (Latencies::new(), Latencies::new());
    for number in 0..100 {
        let sent = now();
        if timeout(limit, answer(number)).await.is_ok() {
            wrong.record(now() - sent);
        }
        right.record(now() - sent); // it took at least so long
    }
    let (wrong, right) = (short(wrong.quantile(0.9)), short(right.quantile(0.9)));
    let limit = short(limit);
    say!("given up after {limit}: p90 of the answers {wrong}, of the requests {right}");
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    on_clock(args.real(), async {
        for seconds in [90, 10, 1] {
            ask(Duration::from_secs(seconds)).await;
        }
    })
}
