//! A generator that is left half-way: the lines after its loop never run, and what is dropped cannot await.
//!
//! twin: own, the finally of a generator runs when its garbage is collected, if it runs
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures_core::Stream;
use streams::{StreamExt, stream};
use timers::{now, sleep};
use trace::say;

/// Says when it is dropped.
struct Meter;

impl Drop for Meter {
    fn drop(&mut self) {
        say!("{:2} s  taxi: the meter stops", now().as_secs());
    }
}

// ANCHOR: main
fn shift() -> impl Stream<Item = u32> + Unpin {
    stream(async |mut yields| {
        let _meter = Meter;
        for fare in [12, 7, 30, 9] {
            sleep(Duration::from_secs(5)).await;
            yields.send(fare).await;
        }
        say!("{:2} s  taxi: back to the garage", now().as_secs());
        sleep(Duration::from_secs(3)).await;
        say!("{:2} s  taxi: in the garage", now().as_secs());
    })
}

async fn evening() {
    let mut fares = shift();
    while let Some(fare) = fares.next().await {
        say!("{:2} s  main: {fare}", now().as_secs());
        if fare > 10 {
            break;
        }
    }
    drop(fares);
    say!("{:2} s  main: the taxi is in the garage?", now().as_secs());
    sleep(Duration::from_secs(1)).await;
    say!("{:2} s  main: over", now().as_secs());
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        evening().await;
    });
    Ok(())
}
