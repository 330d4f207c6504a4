//! Hello, a second, world: one second for one task, and one second for two.
//!
//! rows: P21
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
async fn hello(name: char) {
    say!("{} s  {name} says hello", now().as_secs());
    sleep(Duration::from_secs(1)).await;
    say!("{} s  {name} says world", now().as_secs());
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    let clock = || Clock::real_if(args.real());
    tasks::run(clock(), hello('A'));
    say!();
    tasks::run(clock(), async {
        let b = tasks::spawn(hello('B'));
        let c = tasks::spawn(hello('C'));
        say!("{} s  both are spawned, none has begun", now().as_secs());
        b.await;
        c.await;
        say!("{} s  both are over", now().as_secs());
    });
    Ok(())
}
// ANCHOR_END: main
