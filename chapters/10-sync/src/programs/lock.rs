//! One pump for three taxis: each in its turn, in the order in which they came.
//!
//! twin: same
//! clock: virtual

use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use sync::Lock;
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn fill_up(taxi: char, arrival: u64, pump: Rc<Lock<u32>>) {
    trace::name(format_args!("taxi {taxi}"));
    sleep(Duration::from_secs(arrival)).await;
    say!("{:2} s  {taxi} comes", now().as_secs());
    let mut litres = pump.lock().await;
    say!("{:2} s  {taxi} has the pump", now().as_secs());
    sleep(Duration::from_secs(4)).await;
    *litres += 40;
    say!("{:2} s  {taxi} goes, {} litres sold", now().as_secs(), *litres);
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        let pump = Rc::new(Lock::new(0));
        let arrivals = [('A', 0), ('B', 1), ('C', 2)];
        let taxis = arrivals.map(|(taxi, arrival)| {
            spawn(fill_up(taxi, arrival, Rc::clone(&pump)))
        });
        for taxi in taxis {
            let _filled = taxi.await;
        }
    });
    Ok(())
}
// ANCHOR_END: main
