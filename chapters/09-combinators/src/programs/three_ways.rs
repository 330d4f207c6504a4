//! Three tasks at once, collected by gather, by wait and by as_completed: each takes as long as the longest.
//!
//! rows: P06 P07
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::{When, as_completed, gather, wait};
use event_loop::Clock;
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn do_some_work(seconds: u64) -> String {
    say!("  waiting: {seconds}");
    sleep(Duration::from_secs(seconds)).await;
    format!("done after {seconds} s")
}

async fn by_gather(seconds: [u64; 3]) {
    let results = gather(seconds.map(do_some_work)).await;
    say!("  {:?}", results.expect("nobody fails"));
}

async fn by_wait(seconds: [u64; 3]) {
    let tasks = seconds.map(|n| spawn(do_some_work(n)));
    let waited = wait(tasks, When::All, None).await;
    say!(
        "  {} done, {} pending",
        waited.done.len(),
        waited.pending.len()
    );
    for task in waited.done {
        say!("  {}", task.await.expect("nobody fails"));
    }
}

async fn by_as_completed(seconds: [u64; 3]) {
    let mut results = as_completed(seconds.map(do_some_work));
    while let Some(result) = results.next().await {
        say!("  {}", result.expect("nobody fails"));
    }
}
// ANCHOR_END: main

async fn timed(name: &str, work: impl Future) {
    say!("{name}");
    let start = now();
    work.await;
    say!("  took {} s", (now() - start).as_secs());
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        timed("gather", by_gather([1, 2, 3])).await;
        timed("gather", by_gather([4, 2, 1])).await;
        timed("wait", by_wait([1, 2, 3])).await;
        timed("wait", by_wait([4, 2, 1])).await;
        timed("as_completed", by_as_completed([4, 2, 1])).await;
    });
    Ok(())
}
