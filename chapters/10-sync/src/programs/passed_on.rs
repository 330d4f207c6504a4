//! The pump is given back, and the taxi whose turn it is is cancelled before it has moved. The next one gets the turn.
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
async fn fill_up(taxi: char, pump: Rc<Lock<()>>) {
    trace::name(format_args!("taxi {taxi}"));
    let _guard = pump.lock().await;
    say!("{} s  {taxi} has the pump", now().as_secs());
    sleep(Duration::from_secs(4)).await;
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("taxi A"));
        let pump = Rc::new(Lock::new(()));
        let guard = pump.lock().await;
        let b = spawn(fill_up('B', Rc::clone(&pump)));
        let c = spawn(fill_up('C', Rc::clone(&pump)));
        sleep(Duration::from_secs(3)).await;
        say!("{} s  A goes: it is B's turn", now().as_secs());
        drop(guard);
        say!("{} s  B is cancelled, and D comes", now().as_secs());
        b.cancel();
        let d = spawn(fill_up('D', Rc::clone(&pump)));
        let _filled = (c.await, d.await);
        say!("{} s  B was cancelled: {}", now().as_secs(), b.is_cancelled());
    });
    Ok(())
}
// ANCHOR_END: main
