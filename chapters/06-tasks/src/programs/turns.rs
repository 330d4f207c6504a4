//! Who comes when: spawned tasks, callbacks, yields and timers, all in one queue.
//!
//! rows: P44
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use polling::yield_now;
use timers::{call_later, sleep};
use trace::say;

// ANCHOR: main
async fn taxi(name: char) {
    trace::name(format_args!("taxi {name}"));
    say!("taxi {name} starts, and yields");
    yield_now().await;
    say!("taxi {name} goes on, and sleeps a second");
    sleep(Duration::from_secs(1)).await;
    say!("taxi {name} is awake");
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    let clock = Clock::real_if(args.real());
    tasks::run(clock, async {
        trace::name(format_args!("main"));
        let a = tasks::spawn(taxi('A'));
        tasks::call_soon(|| say!("a callback"));
        let b = tasks::spawn(taxi('B'));
        say!("main has spawned two, and yields twice");
        yield_now().await;
        yield_now().await;
        say!("main goes on, sets a timer, and waits for A");
        call_later(Duration::from_secs(1), || say!("the timer's callback"));
        a.await;
        say!("main has seen A's end, and waits for B");
        b.await;
        say!("main has seen B's end, which did not take a turn");
        drop(tasks::spawn(taxi('C')));
    });
    Ok(())
}
// ANCHOR_END: main
