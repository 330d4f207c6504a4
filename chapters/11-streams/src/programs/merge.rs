//! Two streams as one: each item when it comes.
//!
//! twin: none, asyncio has no such thing; it takes two tasks and a queue
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures_core::Stream;
use streams::{StreamExt, stream};
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
fn taxi(name: char, seconds: u64, rides: u32) -> impl Stream<Item = String> + Unpin {
    stream(async move |mut yields| {
        for ride in 0..rides {
            sleep(Duration::from_secs(seconds)).await;
            yields.send(format!("taxi {name}, ride {ride}")).await;
        }
    })
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let mut rides = taxi('A', 2, 4).merge(taxi('B', 3, 2));
        while let Some(ride) = rides.next().await {
            say!("{} s  {ride}", now().as_secs());
        }
        say!("{} s  both are over", now().as_secs());
    });
    Ok(())
}
// ANCHOR_END: main
