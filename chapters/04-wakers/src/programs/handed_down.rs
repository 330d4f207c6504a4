//! The waker that is sent goes down to the leaf, which uses it to ask for the next poll.
//!
//! twin: none, what is sent into a coroutine of Python cannot be called

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Wake, Waker};

use chapter::{Args, BadInput};
use polling::LiftOff;
use trace::say;

// ANCHOR: main
/// A waker that counts how often it is used.
#[derive(Default)]
struct Calls(AtomicU32);

impl Wake for Calls {
    fn wake(self: Arc<Calls>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let calls = Arc::new(Calls::default());
    let waker = Waker::from(Arc::clone(&calls));
    let mut rocket = Box::pin(LiftOff::new(2));
    for poll in 1..=3 {
        let answer = rocket.as_mut().poll(&mut Context::from_waker(&waker));
        let calls = calls.0.load(Ordering::Relaxed);
        say!("poll {poll}: {answer:?}, calls so far: {calls}");
    }
    Ok(())
}
// ANCHOR_END: main
