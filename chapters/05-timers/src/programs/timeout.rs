//! Waiting, but not for ever: who wins, what is dropped, nested limits, a limit that is moved.
//!
//! twin: own, asyncio's timer fires before the sleep that was set after it for the same instant; here the value wins
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::{Clock, Time};
use timers::{Elapsed, block_on, call_later, now, sleep, timeout};
use trace::say;

const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

// ANCHOR: trip
/// Has the taxi until it is over, or dropped.
struct Seat;

impl Drop for Seat {
    fn drop(&mut self) {
        say!("{:2} s  the taxi is free", now().as_secs());
    }
}

async fn trip(seconds: u64) -> &'static str {
    let _seat = Seat;
    sleep(secs(seconds)).await;
    "there"
}
// ANCHOR_END: trip

fn report(what: &str, result: Result<&str, Elapsed>) {
    let result = result.unwrap_or("the time was up");
    say!("{:2} s  {what}: {result}", now().as_secs());
}

// ANCHOR: main
async fn limits() {
    report("1 s of 2", timeout(secs(2), trip(1)).await);
    report("3 s of 2", timeout(secs(2), trip(3)).await);
    report("2 s of 2", timeout(secs(2), trip(2)).await);
    report("0 s of 0", timeout(secs(0), async { "there" }).await);

    let inner = timeout(secs(1), trip(3));
    let result = timeout(secs(2), async { inner.await.or(Ok("inner limit")) });
    report("1 s within 2", result.await.and_then(|it| it));
    let inner = timeout(secs(2), trip(3));
    let result = timeout(secs(1), async { inner.await.or(Ok("inner limit")) });
    report("2 s within 1", result.await.and_then(|it| it));

    let mut trip = timeout(secs(2), trip(3));
    let (limit, later) = (trip.deadline(), now().saturating_add(secs(4)));
    call_later(secs(1), move || move_limit(&limit, later));
    report("3 s of 2, moved to 4", trip.await);
}
// ANCHOR_END: main

fn move_limit(limit: &timers::Deadline, deadline: Time) {
    say!("{:2} s  the limit is moved", now().as_secs());
    limit.move_to(deadline);
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    block_on(Clock::real_if(args.real()), limits());
    Ok(())
}
