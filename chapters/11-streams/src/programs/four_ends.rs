//! What the exit of a context is told: whether its body has finished, failed, was cancelled, or has panicked.
//!
//! rows: P16
//! twin: none, in Python a panic would be one more exception
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use streams::{Context, Ended, with};
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: taxi
struct Taxi;

impl Context<&'static str> for Taxi {
    type Value = ();

    async fn enter(self) -> Result<(), &'static str> {
        Ok(())
    }

    async fn exit(_: (), ended: Ended<'_, &'static str>) -> Result<(), &'static str> {
        say!("{} s    exit is told {ended:?}", now().as_secs());
        sleep(Duration::from_secs(1)).await;
        say!("{} s    exit is over", now().as_secs());
        Ok(())
    }
}
// ANCHOR_END: taxi

// ANCHOR: ride
async fn ride(how: &'static str) -> Result<u32, &'static str> {
    with(Taxi, async |_| {
        sleep(Duration::from_secs(1)).await;
        match how {
            "finishes" => Ok(12),
            "fails" => Err("no such street"),
            "panics" => panic!("a flat tyre"),
            _ => std::future::pending().await,
        }
    })
    .await
}
// ANCHOR_END: ride

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    // What panics is told by whoever awaits the task.
    std::panic::set_hook(Box::new(|_| {}));
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        for how in ["finishes", "fails", "is called off", "panics"] {
            say!("{} s  a ride that {how}", now().as_secs());
            let ride = spawn(ride(how));
            if how == "is called off" {
                sleep(Duration::from_secs(1)).await;
                ride.cancel();
            }
            let ended = ride.await;
            say!("{} s  main has {ended:?}", now().as_secs());
        }
    });
    Ok(())
}
// ANCHOR_END: main
