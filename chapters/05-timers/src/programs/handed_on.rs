//! A sleep that is begun for one and ended for another: the newest waker is woken.
//!
//! twin: none, a coroutine of asyncio belongs to one task

use std::pin::Pin;
use std::task::{Context, Waker};
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use timers::{block_on, now, sleep};
use trace::say;

// ANCHOR: main
async fn nap() {
    let mut nap = sleep(Duration::from_secs(2));
    // The first poll leaves a number that nobody answers.
    let mut nobody = Context::from_waker(Waker::noop());
    let awake = Pin::new(&mut nap).poll(&mut nobody);
    say!("{} s  begun for nobody: {awake:?}", now().as_secs());
    sleep(Duration::from_secs(1)).await;
    say!("{} s  from now on I wait for it", now().as_secs());
    nap.await;
    say!("{} s  awake", now().as_secs());
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    block_on(Clock::virtual_time(), nap());
    Ok(())
}
// ANCHOR_END: main
