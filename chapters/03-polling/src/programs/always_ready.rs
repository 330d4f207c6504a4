//! A leaf that is ready every time, 300 times in a row: without a budget it never stops.
//!
//! twin: none, in asyncio what is ready does not suspend, however often

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Waker};

use chapter::{Args, BadInput};
use polling::{begin_poll, counted, spend};
use trace::say;

// ANCHOR: main
/// Hears 300 calls, each of which is there already.
async fn night() {
    for _ in 0..300 {
        poll_fn(|context| spend(context)).await;
    }
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut context = Context::from_waker(Waker::noop());
    let (night_off, polls) = counted(night());
    let mut night_off = pin!(night_off);
    while night_off.as_mut().poll(&mut context).is_pending() {}
    say!("without a budget: {} poll", polls.get());

    let (night_on, polls) = counted(night());
    let mut night_on = pin!(night_on);
    let mut over = false;
    while !over {
        let _poll = begin_poll();
        over = night_on.as_mut().poll(&mut context).is_ready();
    }
    say!("with a budget: {} polls", polls.get());
    Ok(())
}
// ANCHOR_END: main
