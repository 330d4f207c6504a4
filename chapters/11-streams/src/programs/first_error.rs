//! A generator that fails: its items come as `Ok`, and its error as the last one.
//!
//! twin: same
//! clock: virtual

use std::num::ParseIntError;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures_core::Stream;
use streams::{StreamExt, try_stream};
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
fn fares() -> impl Stream<Item = Result<u32, ParseIntError>> + Unpin {
    try_stream(async |mut yields| {
        for text in ["12", "7", "nine", "30"] {
            sleep(Duration::from_secs(5)).await;
            yields.send(text.parse()?).await;
        }
        Ok(())
    })
}

async fn evening() -> Result<u32, ParseIntError> {
    let mut fares = fares();
    let mut total = 0;
    while let Some(fare) = fares.next().await {
        total += fare?;
        say!("{:2} s  {total} so far", now().as_secs());
    }
    Ok(total)
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        match evening().await {
            Ok(total) => say!("{:2} s  {total} in all", now().as_secs()),
            Err(_) => say!("{:2} s  that was no number", now().as_secs()),
        }
    });
    Ok(())
}
// ANCHOR_END: main
