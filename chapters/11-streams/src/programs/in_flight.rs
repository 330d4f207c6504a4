//! Two requests at a time: answers in the order of the requests, or as they come.
//!
//! twin: none, asyncio has no such adapters
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures_core::Stream;
use streams::{StreamExt, iter};
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn fetch(id: u32, seconds: u64) -> u32 {
    say!("{} s    {id} is asked for", now().as_secs());
    sleep(Duration::from_secs(seconds)).await;
    id
}

const REQUESTS: [(u32, u64); 4] = [(1, 3), (2, 1), (3, 1), (4, 2)];

async fn show(answers: impl Stream<Item = u32>) {
    let mut answers = std::pin::pin!(answers);
    while let Some(id) = answers.next().await {
        say!("{} s  {id} is here", now().as_secs());
    }
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let requests = || iter(REQUESTS).map(|(id, seconds)| fetch(id, seconds));
        say!("two at a time, in order");
        show(requests().buffered(2)).await;
        say!("two at a time, as they come");
        show(requests().unordered(2)).await;
    });
    Ok(())
}
// ANCHOR_END: main
