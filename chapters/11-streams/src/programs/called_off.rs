//! A task that is cancelled while it leaves a context: the exit is finished first, unless it is cancelled once more.
//!
//! rows: P16
//! twin: own, asyncio cuts the exit off at the first request
//! clock: virtual

use std::convert::Infallible;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use streams::{Context, Ended, with};
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: ride
struct Ride;

impl Context<Infallible> for Ride {
    type Value = ();

    async fn enter(self) -> Result<(), Infallible> {
        Ok(())
    }

    async fn exit(_: (), _: Ended<'_, Infallible>) -> Result<(), Infallible> {
        say!("{:2} s  back to the garage", now().as_secs());
        sleep(Duration::from_secs(4)).await;
        say!("{:2} s  in the garage", now().as_secs());
        Ok(())
    }
}

// ANCHOR_END: ride

// ANCHOR: main
async fn shift() -> Result<(), Infallible> {
    with(Ride, async |_| {
        sleep(Duration::from_secs(1)).await;
        Ok(())
    })
    .await?;
    say!("{:2} s  the shift is over", now().as_secs());
    Ok(())
}

/// A request after each of these pauses, in seconds. The body takes the first second.
async fn called_off(after: &[u64]) {
    let shift = spawn(shift());
    for seconds in after {
        sleep(Duration::from_secs(*seconds)).await;
        say!("{:2} s  cancel: {}", now().as_secs(), shift.cancel());
    }
    let cancelled = shift.await.is_err();
    say!("{:2} s  cancelled: {cancelled}", now().as_secs());
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        called_off(&[2]).await;
        called_off(&[2, 1]).await;
        called_off(&[0, 2]).await;
    });
    Ok(())
}
