//! One pump, and a flag that says whether it is taken. Whoever finds it up looks again later.
//!
//! twin: none, it is a step on the way
//! clock: virtual

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
/// A taxi that comes at `arrival`, and looks again every `pause` while it is taken.
async fn fill_up(taxi: char, arrival: u64, pause: u64, taken: Rc<Cell<bool>>) {
    sleep(Duration::from_secs(arrival)).await;
    let mut looks = 1;
    while taken.get() {
        sleep(Duration::from_secs(pause)).await;
        looks += 1;
    }
    taken.set(true);
    say!("{:2} s  {taxi} has the pump: look {looks}", now().as_secs());
    sleep(Duration::from_secs(4)).await;
    taken.set(false);
    say!("{:2} s  {taxi} goes", now().as_secs());
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        let taken = Rc::new(Cell::new(false));
        let taxis = [('A', 0, 1), ('B', 1, 5), ('C', 2, 3)];
        let taxis = taxis.map(|(taxi, arrival, pause)| {
            spawn(fill_up(taxi, arrival, pause, Rc::clone(&taken)))
        });
        for taxi in taxis {
            let _filled = taxi.await;
        }
    });
    Ok(())
}
// ANCHOR_END: main
