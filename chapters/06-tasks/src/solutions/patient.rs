//! Chapter 6, exercise 2: `turns`, where taxi A yields twice, and main waits for B first.
//!
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use polling::yield_now;
use timers::sleep;
use trace::say;

// ANCHOR: main
async fn taxi(name: char, yields: u32) {
    say!("taxi {name} starts");
    for _ in 0..yields {
        yield_now().await;
    }
    say!("taxi {name} sleeps a second");
    sleep(Duration::from_secs(1)).await;
    say!("taxi {name} is awake");
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    tasks::run(Clock::real_if(args.real()), async {
        let a = tasks::spawn(taxi('A', 2));
        let b = tasks::spawn(taxi('B', 1));
        b.await;
        say!("main has seen B's end");
        a.await;
        say!("main has seen A's end");
    });
    Ok(())
}
// ANCHOR_END: main
