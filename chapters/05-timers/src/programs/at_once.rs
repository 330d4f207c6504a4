//! Three sleeps at once take as long as the longest; their results come in the order of the arguments.
//!
//! Collected as asyncio's gather does it. The way of asyncio's wait, which sorts those that are done from those that
//! are not, needs tasks: it comes in chapter 9.
//!
//! rows: P06
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures::future::join_all;
use futures::join;
use timers::{block_on, now, sleep};
use trace::say;

// ANCHOR: main
async fn do_some_work(seconds: u64) -> String {
    say!("{} s  waiting for {seconds} s", now().as_secs());
    sleep(Duration::from_secs(seconds)).await;
    say!("{} s  done", now().as_secs());
    format!("done after {seconds} s")
}

async fn at_once() {
    let results = join_all([1, 2, 3].map(do_some_work)).await;
    say!("{} s  {}", now().as_secs(), results.join(", "));

    let start = now();
    let results = join!(do_some_work(4), do_some_work(2), do_some_work(1));
    let results = <[String; 3]>::from(results).join(", ");
    say!("{} s  {results}", now().as_secs());
    say!("the second three took {} s", (now() - start).as_secs());
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    block_on(Clock::real_if(args.real()), at_once());
    Ok(())
}
// ANCHOR_END: main
