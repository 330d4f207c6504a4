//! A gate that opens for all who wait, lets later ones through at once, and is shut again.
//!
//! twin: same
//! clock: virtual

use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use sync::Event;
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn pass(taxi: char, arrival: u64, open: Rc<Event>) {
    sleep(Duration::from_secs(arrival)).await;
    say!("{} s  {taxi} is at the gate", now().as_secs());
    open.wait().await;
    say!("{} s  {taxi} is through", now().as_secs());
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        let open = Rc::new(Event::new());
        let arrivals = [('A', 0), ('B', 1), ('C', 4), ('D', 6)];
        let taxis = arrivals.map(|(taxi, arrival)| {
            spawn(pass(taxi, arrival, Rc::clone(&open)))
        });
        sleep(Duration::from_secs(3)).await;
        say!("{} s  the gate opens", now().as_secs());
        open.set();
        sleep(Duration::from_secs(2)).await;
        say!("{} s  the gate is shut", now().as_secs());
        open.clear();
        sleep(Duration::from_secs(2)).await;
        say!("{} s  opened, and shut at once", now().as_secs());
        open.set();
        open.clear();
        for taxi in taxis {
            let _through = taxi.await;
        }
    });
    Ok(())
}
// ANCHOR_END: main
