//! A thread calls a task in the middle of its poll, twice: each call is followed by a poll.
//!
//! twin: none, in asyncio no other thread may touch a future
//! clock: virtual

use std::future::poll_fn;
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::spawn;
use timers::timeout;
use trace::say;

// ANCHOR: main
/// Wakes on a thread of its own, which is over when this returns.
fn call(waker: &Waker) {
    let waker = waker.clone();
    let _rang = thread::spawn(move || waker.wake()).join();
}

/// Needs two calls. Each comes in the middle of a poll, which has looked already.
async fn taxi() {
    let mut heard = 0;
    let calls = poll_fn(|context| {
        say!("polled: it has heard {heard} of 2 calls");
        if heard == 2 {
            return Poll::Ready(());
        }
        call(context.waker());
        heard += 1;
        Poll::Pending
    });
    calls.await;
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        match timeout(Duration::from_secs(1), spawn(taxi())).await {
            Ok(_) => say!("it drives off"),
            Err(_) => say!("it was called, and is not polled any more"),
        }
    });
    Ok(())
}
// ANCHOR_END: main
