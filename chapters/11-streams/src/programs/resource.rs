//! A context whose entry and exit each take a second.
//!
//! rows: P16
//! twin: same
//! clock: virtual

use std::convert::Infallible;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use streams::{Context, Ended, with};
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
struct AsyncResource;

impl Context<Infallible> for AsyncResource {
    type Value = AsyncResource;

    async fn enter(self) -> Result<AsyncResource, Infallible> {
        say!("{} s  opening resource", now().as_secs());
        sleep(Duration::from_secs(1)).await;
        Ok(self)
    }

    async fn exit(_: AsyncResource, _: Ended<'_, Infallible>) -> Result<(), Infallible> {
        say!("{} s  closing resource", now().as_secs());
        sleep(Duration::from_secs(1)).await;
        Ok(())
    }
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let Ok(()) = with(AsyncResource, async |_resource| {
            say!("{} s  using resource", now().as_secs());
            Ok(())
        })
        .await;
        say!("{} s  closed", now().as_secs());
    });
    Ok(())
}
// ANCHOR_END: main
