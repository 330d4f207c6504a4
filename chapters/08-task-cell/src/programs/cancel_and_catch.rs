//! A task is cancelled, sees it at its await, cleans up with an await, and ends as cancelled.
//!
//! rows: P28
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::{Cancelled, JoinError, catch_cancel, spawn};
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn ride() -> u32 {
    trace::name(format_args!("taxi"));
    say!("{} s  taxi: a ride of a minute", now().as_secs());
    if let Err(Cancelled) = catch_cancel(sleep(Duration::from_secs(60))).await {
        say!("{} s  taxi: cancelled, back to the garage", now().as_secs());
        sleep(Duration::from_secs(3)).await;
        say!("{} s  taxi: in the garage", now().as_secs());
        Cancelled::resume().await;
    }
    30
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let mut ride = spawn(ride());
        sleep(Duration::from_secs(5)).await;
        say!("{} s  main: cancel, {}", now().as_secs(), ride.cancel());
        match (&mut ride).await {
            Ok(fare) => say!("{} s  main: the fare is {fare}", now().as_secs()),
            Err(JoinError::Cancelled) => say!("{} s  main: Cancelled", now().as_secs()),
            Err(error) => say!("{} s  main: {error}", now().as_secs()),
        }
        say!("{} s  main: cancel, {}", now().as_secs(), ride.cancel());
    });
    Ok(())
}
// ANCHOR_END: main
