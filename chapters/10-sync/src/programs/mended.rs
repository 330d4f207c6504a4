//! The race of `race`, mended twice: with a lock over the await, and by reading and writing with no await in between.
//!
//! rows: P48
//! twin: same
//! clock: virtual

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use sync::Lock;
use task_cell::spawn;
use timers::{now, sleep};
use trace::say;

// ANCHOR: lock
/// Whoever reads keeps the till until they have written.
async fn with_a_lock(driver: char, fare: u32, counting: u64, till: Rc<Lock<u32>>) {
    let mut till = till.lock().await;
    let before = *till;
    say!("{} s  {driver} reads: {before} in the till", now().as_secs());
    sleep(Duration::from_secs(counting)).await;
    *till = before + fare;
    say!("{} s  {driver} writes: {}", now().as_secs(), *till);
}
// ANCHOR_END: lock

// ANCHOR: at-once
/// Whoever counts first, and then reads and writes with no await in between, needs no lock.
async fn at_once(driver: char, fare: u32, counting: u64, till: Rc<Cell<u32>>) {
    sleep(Duration::from_secs(counting)).await;
    till.set(till.get() + fare);
    say!("{} s  {driver} writes: {}", now().as_secs(), till.get());
}
// ANCHOR_END: at-once

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    say!("with a lock");
    task_cell::run(Clock::real_if(args.real()), async {
        let till = Rc::new(Lock::new(0));
        let a = spawn(with_a_lock('A', 20, 1, Rc::clone(&till)));
        let b = spawn(with_a_lock('B', 30, 2, Rc::clone(&till)));
        let _paid = (a.await, b.await);
    });
    say!("with no await in between");
    task_cell::run(Clock::real_if(args.real()), async {
        let till = Rc::new(Cell::new(0));
        let a = spawn(at_once('A', 20, 1, Rc::clone(&till)));
        let b = spawn(at_once('B', 30, 2, Rc::clone(&till)));
        let _paid = (a.await, b.await);
    });
    Ok(())
}
// ANCHOR_END: main
