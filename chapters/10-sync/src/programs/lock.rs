//! One pump for four taxis: each in its turn, in the order in which they came. One does not want to wait so long.
//!
//! twin: same
//! clock: virtual

use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use sync::Lock;
use task_cell::spawn;
use timers::{now, sleep, timeout};
use trace::say;

// ANCHOR: main
async fn fill_up(taxi: char, patience: u64, pump: Rc<Lock<u32>>) {
    say!("{:2} s  {taxi} comes", now().as_secs());
    let turn = timeout(Duration::from_secs(patience), pump.lock());
    let Ok(mut litres) = turn.await else {
        say!("{:2} s  {taxi} drives on", now().as_secs());
        return;
    };
    say!("{:2} s  {taxi} has the pump", now().as_secs());
    sleep(Duration::from_secs(4)).await;
    *litres += 40;
    say!("{:2} s  {taxi} goes, {} litres sold", now().as_secs(), *litres);
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        let (pump, mut taxis) = (Rc::new(Lock::new(0)), Vec::new());
        for (taxi, patience) in [('A', 60), ('B', 60), ('C', 5), ('D', 60)] {
            taxis.push(spawn(fill_up(taxi, patience, Rc::clone(&pump))));
            sleep(Duration::from_secs(1)).await;
        }
        for taxi in taxis {
            let _filled = taxi.await;
        }
    });
    Ok(())
}
// ANCHOR_END: main
