//! Nobody calls: a sleeper gets up when the time is up, not before, and whoever rings for others wakes nobody.
//!
//! twin: none, asyncio's loop does not let us see it lie down

use std::thread;
use std::time::{Duration, Instant};

use chapter::{Args, BadInput};
use trace::say;
use wakers::{Park, ThreadPark};

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut park = ThreadPark::new();
    let mut sleep = |what: &str| {
        let (limit, start) = (Duration::from_millis(3), Instant::now());
        let called = park.park(Some(limit)).expect("a thread can always sleep");
        let early = if start.elapsed() < limit {
            "too early"
        } else {
            "not early"
        };
        say!(
            "{what}: {}, and {early}",
            if called { "called" } else { "no call" }
        );
    };

    sleep("asleep for at most 3 ms");
    // std's token, which anybody on this thread may leave: it is not ours.
    thread::current().unpark();
    sleep("somebody has used std's token");
    Ok(())
}
// ANCHOR_END: main
