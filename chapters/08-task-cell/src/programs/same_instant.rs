//! A ride ends in the instant in which it is cancelled: there is one outcome, and a value inside `catch_cancel` is kept.
//!
//! twin: own, asyncio throws at the await even when the value is there
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::{Cancelled, JoinHandle, catch_cancel, spawn};
use timers::sleep;
use trace::say;

async fn ride() -> u32 {
    sleep(Duration::from_secs(5)).await;
    30
}

// ANCHOR: main
/// Reads the value if it is there, and else goes on with the cancellation.
async fn careful() -> u32 {
    match catch_cancel(ride()).await {
        Ok(fare) => {
            say!("careful: the fare is here, {fare}");
            fare
        }
        Err(Cancelled) => Cancelled::resume().await,
    }
}

/// The ride begins when this function suspends, and sets its timer after that: so at 5 s
/// this goes first, and the ride is due, and has not had its turn.
async fn cancels<T: std::fmt::Debug + 'static>(mut ride: JoinHandle<T>) {
    sleep(Duration::from_secs(5)).await;
    say!("cancel: {}", ride.cancel());
    say!("outcome: {:?}", (&mut ride).await);
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        cancels(spawn(ride())).await;
        cancels(spawn(careful())).await;
    });
    Ok(())
}
