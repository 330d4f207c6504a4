//! Three rides are called off. One passes it on; the two that swallow it are told.
//!
//! rows: P32
//! twin: own, asyncio tells nothing

use std::time::Duration;

use chapter::{Args, BadInput};
use taxi::time::sleep;
use taxi::{Cancelled, Clock, Runtime, catch_cancel, spawn_named};
use trace::say;

const SECOND: Duration = Duration::from_secs(1);

// ANCHOR: rides
/// Cleans up, and passes it on.
async fn polite() {
    if catch_cancel(sleep(60 * SECOND)).await.is_err() {
        sleep(SECOND).await;
        Cancelled::resume().await;
    }
}

/// Cleans up, and goes on as if nothing had been.
async fn absent_minded() {
    if catch_cancel(sleep(60 * SECOND)).await.is_err() {
        sleep(SECOND).await;
    }
}

/// Takes it for a failure like any other, and tries again.
async fn stubborn() {
    while catch_cancel(sleep(60 * SECOND)).await.is_err() {
        say!("stubborn: something went wrong");
    }
}
// ANCHOR_END: rides

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let builder = Runtime::builder().clock(Clock::virtual_time());
    let builder = builder.debug(true).report(|report| say!("{report}"));
    let mut runtime = builder.build().expect("a descriptor");
    runtime.block_on(async {
        let rides = [
            spawn_named("polite", polite()),
            spawn_named("absent-minded", absent_minded()),
            spawn_named("stubborn", stubborn()),
        ];
        for _ in 0..2 {
            sleep(5 * SECOND).await;
            for ride in &rides {
                say!("{} cancel: {}", ride.name(), ride.cancel());
            }
        }
        for ride in rides {
            let (name, outcome) = (ride.name(), ride.await);
            say!("{name}: {outcome:?}");
        }
    });
    Ok(())
}
// ANCHOR_END: main
