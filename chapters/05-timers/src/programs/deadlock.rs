//! Everybody waits and nobody will call: on the virtual clock, that is seen.
//!
//! twin: none, asyncio waits for ever
//! exit: 101

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures::join;
use timers::{block_on, now, sleep};
use trace::say;
use wakers::{Phone, phone};

// ANCHOR: main
async fn break_of(seconds: u64) {
    sleep(Duration::from_secs(seconds)).await;
    say!("{} s  taxi A goes on", now().as_secs());
}

async fn wait_for_a_call(phone: Phone<&str>) {
    say!("{} s  taxi B waits for a call", now().as_secs());
    phone.await;
    say!("{} s  taxi B goes on", now().as_secs());
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    // We hold the other end of the line, and never use it.
    let (_caller, phone) = phone();
    block_on(Clock::virtual_time(), async {
        join!(break_of(3), wait_for_a_call(phone));
    });
    Ok(())
}
// ANCHOR_END: main
