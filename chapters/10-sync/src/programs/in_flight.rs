//! How many requests wait at once: as many as come in the time that one of them takes.
//!
//! rows: P48
//! twin: none, the figures are the same anywhere
//! clock: virtual

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::spawn;
use timers::sleep;
use trace::say;

// ANCHOR: main
/// `a_second` requests in each second, for ten seconds. Each waits for `wait` milliseconds.
async fn most_at_once(a_second: u64, wait: u64) -> u64 {
    let (now, most) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    for _ in 0..10 * a_second {
        let (now, most) = (Rc::clone(&now), Rc::clone(&most));
        let _answered = spawn(async move {
            now.set(now.get() + 1);
            most.set(most.get().max(now.get()));
            sleep(Duration::from_millis(wait)).await;
            now.set(now.get() - 1);
        });
        sleep(Duration::from_micros(1_000_000 / a_second)).await;
    }
    most.get()
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    let loads = [(10, 100), (10, 5_000), (100, 10), (100, 250), (100, 5_000)];
    for (a_second, wait) in loads {
        let clock = Clock::real_if(args.real());
        let most = task_cell::run(clock, most_at_once(a_second, wait));
        say!("{a_second:3} a second, {wait:4} ms each: {most:3} at once");
    }
    Ok(())
}
// ANCHOR_END: main
