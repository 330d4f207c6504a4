//! Four rides, waited for in four ways: the first that ends, a limit, the first that fails, all. Nothing is cancelled.
//!
//! rows: P26
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use combinators::{Waited, When, try_wait};
use event_loop::Clock;
use task_cell::{JoinHandle, spawn_named};
use timers::{now, sleep};
use trace::say;

const fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

// ANCHOR: main
type Ride = JoinHandle<Result<u64, String>>;

async fn ride(n: u64) -> Result<u64, String> {
    sleep(seconds(n)).await;
    match n {
        6 => Err("a flat tyre".to_owned()),
        _ => Ok(n),
    }
}

fn show(waited: Waited<Result<u64, String>>) -> Vec<Ride> {
    let names = |rides: &[Ride]| rides.iter().map(|ride| ride.name()).collect::<Vec<_>>();
    say!(
        "{} s  done {:?}, pending {:?}",
        now().as_secs(),
        names(&waited.done),
        names(&waited.pending)
    );
    waited.pending
}

async fn main() {
    let rides = [8, 6, 4, 2].map(|n| spawn_named(format!("ride {n}"), ride(n)));
    let left = show(try_wait(rides, When::FirstCompleted, None).await);
    let left = show(try_wait(left, When::All, seconds(3)).await);
    let left = show(try_wait(left, When::FirstError, None).await);
    let left = show(try_wait(left, When::All, None).await);
    assert!(left.is_empty());
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), main());
    Ok(())
}
