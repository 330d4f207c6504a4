//! Three taxis drive in a convoy: at each stop they wait until all are there, and one of them tells the office.
//!
//! twin: same
//! clock: virtual

use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use sync::Barrier;
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn drive(taxi: char, legs: [u64; 2], stop: Rc<Barrier>) {
    for leg in legs {
        sleep(Duration::from_secs(leg)).await;
        say!("{} s  {taxi} is at the stop", now().as_secs());
        if let Ok(true) = stop.wait().await {
            say!("{} s  {taxi} tells the office: all are here", now().as_secs());
        }
    }
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        let stop = Rc::new(Barrier::new(3));
        let taxis = [('A', [1, 3]), ('B', [2, 1]), ('C', [4, 2])];
        let taxis = taxis.map(|(taxi, legs)| spawn(drive(taxi, legs, Rc::clone(&stop))));
        for taxi in taxis {
            let _home = taxi.await;
        }
    });
    Ok(())
}
// ANCHOR_END: main
