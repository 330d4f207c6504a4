//! Chapter 11, exercise 2: the generator that ends with its last number, as the class does.
//!
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures_core::Stream;
use streams::{StreamExt, stream};
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
fn ticker(delay: Duration, to: u32) -> impl Stream<Item = u32> + Unpin {
    stream(async move |mut yields| {
        for i in 0..to {
            if i > 0 {
                sleep(delay).await;
            }
            yields.send(i).await;
        }
    })
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let mut ticks = ticker(Duration::from_secs(2), 3);
        while let Some(i) = ticks.next().await {
            say!("{} s  tick {i}", now().as_secs());
            sleep(Duration::from_secs(1)).await;
        }
        say!("{} s  no more ticks", now().as_secs());
    });
    Ok(())
}
// ANCHOR_END: main
