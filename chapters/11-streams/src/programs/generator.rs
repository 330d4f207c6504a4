//! The ticker as an asynchronous generator: it sleeps after its last number too.
//!
//! rows: P18
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures_core::Stream;
use streams::{StreamExt, stream};
use timers::{now, sleep};
use trace::say;

// ANCHOR: ticker
fn ticker(delay: Duration, to: u32) -> impl Stream<Item = u32> + Unpin {
    stream(async move |mut yields| {
        for i in 0..to {
            yields.send(i).await;
            sleep(delay).await;
        }
    })
}
// ANCHOR_END: ticker

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let mut ticks = ticker(Duration::from_secs(2), 3);
        while let Some(i) = ticks.next().await {
            say!("{} s  tick {i}", now().as_secs());
        }
        say!("{} s  no more ticks", now().as_secs());
    });
    Ok(())
}
// ANCHOR_END: main
