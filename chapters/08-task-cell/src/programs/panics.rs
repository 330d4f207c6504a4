//! A task panics. It ends alone, and whoever awaits it gets the panic as a value.
//!
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::{JoinError, spawn};
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn taxi(name: char, luck: bool) -> char {
    sleep(Duration::from_secs(1)).await;
    assert!(luck, "a flat tyre");
    sleep(Duration::from_secs(1)).await;
    name
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    // The panic is told by whoever awaits the task.
    std::panic::set_hook(Box::new(|_| {}));
    task_cell::run(Clock::real_if(args.real()), async {
        let (a, b) = (spawn(taxi('A', false)), spawn(taxi('B', true)));
        for taxi in [a, b] {
            match taxi.await {
                Ok(name) => say!("{} s  taxi {name} is there", now().as_secs()),
                Err(JoinError::Panicked(panic)) => {
                    let message = panic.message().unwrap_or_default();
                    say!("{} s  a taxi is not: {message}", now().as_secs());
                }
                Err(JoinError::Cancelled) => say!("nobody cancels here"),
            }
        }
    });
    Ok(())
}
// ANCHOR_END: main
