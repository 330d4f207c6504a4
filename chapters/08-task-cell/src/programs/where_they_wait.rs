//! Three tasks, and the line at which each of them is suspended.
//!
//! twin: none, asyncio prints a coroutine's line, which moves with the file
//! clock: virtual

use std::panic::Location;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::{JoinHandle, Promise, promise, spawn_named, tasks};
use timers::sleep;
use trace::say;

// ANCHOR: main
async fn drive(meter: JoinHandle<()>) {
    let _run_out = meter.await;
}

async fn arrive(plane: Promise<u32>) {
    plane.await;
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        let airport = promise::<u32>();
        let plane = airport.clone();
        let meter = spawn_named("meter", sleep(Duration::from_secs(60)));
        let _driver = spawn_named("driver", drive(meter));
        let _guest = spawn_named("guest", arrive(plane));
        sleep(Duration::from_secs(1)).await;
        for task in tasks() {
            say!("{task}");
            say!("    spawned:   {}", text(task.spawned));
            if let Some(suspended) = task.suspended {
                say!("    suspended: {}", text(suspended.location));
            }
        }
    });
    Ok(())
}
// ANCHOR_END: main

/// The line of this file that was there when it was compiled.
fn text(location: &Location<'_>) -> &'static str {
    let line = include_str!("where_they_wait.rs")
        .lines()
        .nth(location.line() as usize - 1);
    line.unwrap_or_default().trim()
}
