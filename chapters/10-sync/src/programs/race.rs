//! Two drivers pay in at the office. One of the two fares is lost, although no two tasks ever run at once.
//!
//! rows: P48
//! twin: same
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
async fn pay_in(driver: char, fare: u32, counting: u64, till: Rc<Cell<u32>>) {
    trace::name(format_args!("driver {driver}"));
    let before = till.get();
    say!("{} s  {driver} reads: {before} in the till", now().as_secs());
    sleep(Duration::from_secs(counting)).await;
    till.set(before + fare);
    say!("{} s  {driver} writes: {}", now().as_secs(), before + fare);
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        let till = Rc::new(Cell::new(0));
        let a = spawn(pay_in('A', 20, 1, Rc::clone(&till)));
        let b = spawn(pay_in('B', 30, 2, Rc::clone(&till)));
        let _paid = (a.await, b.await);
        say!("paid in: 50, in the till: {}", till.get());
    });
    Ok(())
}
// ANCHOR_END: main
