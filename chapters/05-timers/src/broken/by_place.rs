//! Taxis in one list, all polled whenever one is woken: ties come out by their place in it, not by the clock.

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures::StreamExt;
use futures::future::join_all;
use futures::stream::FuturesUnordered;
use timers::{block_on, now, sleep};
use trace::say;

// ANCHOR: main
async fn taxi(name: char, waits: &[u64]) {
    for &wait in waits {
        sleep(Duration::from_secs(wait)).await;
    }
    say!("{} s  taxi {name} goes on", now().as_secs());
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    // B asks at 0 s for 2 s. A asks at 1 s for 2 s: B was first.
    let taxis = || [taxi('A', &[1, 1]), taxi('B', &[2])];

    say!("join_all polls everybody, from left to right:");
    block_on(Clock::virtual_time(), join_all(taxis()));

    say!("FuturesUnordered polls who was woken, in that order:");
    let woken = FuturesUnordered::from_iter(taxis());
    block_on(Clock::virtual_time(), woken.collect::<()>());
    Ok(())
}
// ANCHOR_END: main
