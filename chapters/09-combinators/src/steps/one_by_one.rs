//! Awaiting one handle after the other: over with the slowest, but a failure is heard of only when its turn comes.
//!
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::{JoinError, JoinHandle, spawn};
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
/// All values, or the first failure in the order of the handles.
async fn one_by_one<T: 'static>(
    handles: Vec<JoinHandle<T>>,
) -> Result<Vec<T>, JoinError> {
    let mut values = Vec::new();
    for handle in handles {
        values.push(handle.await?);
    }
    Ok(values)
}

async fn taxi(name: char, drive: u64) -> char {
    trace::name(format_args!("taxi {name}"));
    sleep(Duration::from_secs(drive)).await;
    assert!(name != 'B', "a flat tyre");
    say!("{:2} s  taxi {name} is there", now().as_secs());
    name
}

async fn wedding() {
    trace::name(format_args!("main"));
    let taxis = vec![spawn(taxi('A', 60)), spawn(taxi('B', 1))];
    match one_by_one(taxis).await {
        Ok(names) => say!("{:2} s  there: {names:?}", now().as_secs()),
        Err(error) => say!("{:2} s  {error}", now().as_secs()),
    }
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    std::panic::set_hook(Box::new(|_| {}));
    task_cell::run(Clock::real_if(args.real()), wedding());
    Ok(())
}
