//! Streams made from streams: some items, changed, in pairs, and not too often.
//!
//! twin: none, asyncio has no such adapters
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures_core::Stream;
use streams::{StreamExt, stream};
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
fn fares() -> impl Stream<Item = u32> {
    stream(async |mut yields| {
        for fare in 10.. {
            sleep(Duration::from_secs(1)).await;
            say!("{:2} s  taxi: brings {fare}", now().as_secs());
            yields.send(fare).await;
        }
    })
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let mut deposits = std::pin::pin!(
            fares()
                .filter(|fare| fare % 3 != 0)
                .map(|fare| fare * 2)
                .chunks(2)
                .throttle(Duration::from_secs(4))
                .take(3)
        );
        while let Some(pair) = deposits.next().await {
            say!("{:2} s  main: {pair:?} to the bank", now().as_secs());
        }
        say!("{:2} s  main: over", now().as_secs());
    });
    Ok(())
}
// ANCHOR_END: main
