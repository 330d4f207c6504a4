//! What a task keeps while it waits: the values that are used on both sides of the await, and nothing else.
//!
//! rows: P48
//! twin: none, CPython keeps a frame for each coroutine that waits
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use timers::sleep;
use trace::say;

// ANCHOR: main
async fn pause() {
    sleep(Duration::from_secs(1)).await;
}

/// A street map of 20,000 bytes, which is looked at on both sides of the await.
async fn kept() -> u8 {
    let map = [1_u8; 20_000];
    pause().await;
    map[0]
}

/// The same map; only one street of it is needed later.
async fn done_with() -> u8 {
    let street = {
        let map = [1_u8; 20_000];
        map[0]
    };
    pause().await;
    street
}

/// Calls itself: each call has a box of its own, since a future cannot contain itself.
async fn tour(streets: u64) -> u64 {
    if streets == 0 {
        return 0;
    }
    pause().await;
    1 + Box::pin(tour(streets - 1)).await
}
// ANCHOR_END: main

// ANCHOR: run
pub fn run(args: &Args) -> Result<(), BadInput> {
    let whole_map = |future: usize| if future < 20_000 { "left behind" } else { "kept" };
    say!("kept:      the map is {}", whole_map(size_of_val(&kept())));
    say!("done_with: the map is {}", whole_map(size_of_val(&done_with())));
    task_cell::run(Clock::real_if(args.real()), async {
        say!("tour:      {} streets", tour(3).await);
    });
    Ok(())
}
// ANCHOR_END: run
