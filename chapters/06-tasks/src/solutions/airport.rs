//! Chapter 6, exercise 3: three taxis wait for one aeroplane, and a callback counts them.
//!
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use tasks::{promise, spawn};
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    tasks::run(Clock::real_if(args.real()), async {
        let landed = promise();
        for name in ['A', 'B', 'C'] {
            let landed = landed.clone();
            let taxi = spawn(async move {
                say!("{} s  taxi {name} waits at the airport", now().as_secs());
                let passengers = landed.await;
                say!("{} s  taxi {name} takes one of {passengers}", now().as_secs());
            });
            taxi.add_done_callback(move |()| say!("     taxi {name} has left"));
        }
        sleep(Duration::from_secs(5)).await;
        say!("{} s  the aeroplane lands", now().as_secs());
        let first = landed.set(3);
        let again = landed.set(4);
        say!("     landed: {}, again: {}", first.is_ok(), again.is_ok());
        sleep(Duration::from_secs(1)).await;
    });
    Ok(())
}
// ANCHOR_END: main
