//! Sends that are given up after their first poll: the item is given all the same, before the next one and before the end.
//!
//! twin: none, in Python a generator cannot go on before its item is taken
//! clock: virtual

use std::future::ready;

use chapter::{Args, BadInput};
use combinators::select;
use event_loop::Clock;
use futures_core::Stream;
use streams::{StreamExt, stream};
use trace::say;

// ANCHOR: main
fn rides() -> impl Stream<Item = u32> + Unpin {
    stream(async |mut yields| {
        select(yields.send(1), ready(())).await;
        say!("taxi: does not wait until 1 is taken");
        yields.send(2).await;
        select(yields.send(3), ready(())).await;
        say!("taxi: is over");
    })
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let mut rides = rides();
        while let Some(ride) = rides.next().await {
            say!("main: {ride}");
        }
        say!("main: no more");
    });
    Ok(())
}
// ANCHOR_END: main
