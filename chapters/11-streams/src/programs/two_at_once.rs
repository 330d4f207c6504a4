//! A generator that does two things at once: it sends from inside a `join`.
//!
//! twin: none, in Python only the generator itself may yield, and none of its tasks
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::join;
use event_loop::Clock;
use futures_core::Stream;
use streams::{StreamExt, stream};
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
fn shift() -> impl Stream<Item = u32> + Unpin {
    stream(async |mut yields| {
        let rides = async {
            for ride in 0..3 {
                sleep(Duration::from_secs(2)).await;
                yields.send(ride).await;
            }
        };
        let radio = async {
            sleep(Duration::from_secs(5)).await;
            say!("{} s  radio: the bridge is closed", now().as_secs());
        };
        join(rides, radio).await;
    })
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let mut rides = shift();
        while let Some(ride) = rides.next().await {
            say!("{} s  ride {ride} is over", now().as_secs());
        }
        say!("{} s  the shift is over", now().as_secs());
    });
    Ok(())
}
// ANCHOR_END: main
