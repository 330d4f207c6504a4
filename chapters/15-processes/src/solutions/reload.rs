//! SIGHUP has a server read its tariff again, while it goes on.
//!
//! clock: virtual
//! needs: unix

use std::cell::Cell;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use processes::{SIGHUP, raise, signal};
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn office() -> io::Result<()> {
    let tariff = Rc::new(Cell::new(2));
    let read = Rc::clone(&tariff);
    let mut again = signal(SIGHUP)?;
    let _reloads = spawn(async move {
        while again.recv().await.is_ok() {
            read.set(read.get() + 1);
            say!("{} s  the tariff is {} now", now().as_secs(), read.get());
        }
    });
    for _ in 0..3 {
        sleep(Duration::from_secs(2)).await;
        say!("{} s  10 miles: {}", now().as_secs(), 10 * tariff.get());
        raise(SIGHUP)?;
    }
    sleep(Duration::from_secs(1)).await;
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    net::run(Clock::real_if(args.real()), office())
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
