//! A generator that takes from an iterator, and ends when that does.
//!
//! rows: P50
//! twin: own, in Python the iterator's end is an exception, and must not leave the generator
//! clock: virtual

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures_core::Stream;
use streams::{StreamExt, stream};
use trace::say;

// ANCHOR: main
fn shift(mut fares: impl Iterator<Item = u32>) -> impl Stream<Item = u32> + Unpin {
    stream(async move |mut yields| {
        loop {
            let Some(fare) = fares.next() else { return };
            yields.send(fare).await;
        }
    })
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let mut fares = shift([12, 7].into_iter());
        while let Some(fare) = fares.next().await {
            say!("{fare}");
        }
        say!("no more fares");
    });
    Ok(())
}
// ANCHOR_END: main
