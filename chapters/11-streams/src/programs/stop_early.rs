//! A loop that has seen enough closes its generator, which still drives to the garage.
//!
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use streams::{Generator, StreamExt, stream};
use task_cell::{Cancelled, catch_cancel};
use timers::{now, sleep};
use trace::say;

// ANCHOR: shift
fn shift() -> Generator<u32, impl Future<Output = ()>> {
    stream(async |mut yields| {
        let rides = async {
            for fare in [12, 7, 30, 9] {
                sleep(Duration::from_secs(5)).await;
                yields.send(fare).await;
            }
        };
        let called_off = catch_cancel(rides).await.is_err();
        say!("{:2} s  taxi: back to the garage", now().as_secs());
        sleep(Duration::from_secs(3)).await;
        say!("{:2} s  taxi: in the garage", now().as_secs());
        if called_off {
            Cancelled::resume().await;
        }
    })
}
// ANCHOR_END: shift

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let mut fares = shift();
        let mut total = 0;
        while let Some(fare) = fares.next().await {
            total += fare;
            say!("{:2} s  main: {fare}, which makes {total}", now().as_secs());
            if total >= 15 {
                break;
            }
        }
        say!("{:2} s  main: that will do", now().as_secs());
        fares.close().await;
        say!("{:2} s  main: the taxi is closed", now().as_secs());
    });
    Ok(())
}
// ANCHOR_END: main
