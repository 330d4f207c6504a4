//! A future that is polled once more after it was ready.
//!
//! exit: 101
//! twin: own, a finished coroutine raises an error that says so

use std::pin::pin;
use std::task::{Context, Waker};

use chapter::{Args, BadInput};
use polling::LiftOff;
use trace::say;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut context = Context::from_waker(Waker::noop());
    let mut future = pin!(LiftOff::new(1));
    for _ in 0..3 {
        say!("{:?}", future.as_mut().poll(&mut context));
    }
    Ok(())
}
// ANCHOR_END: main
