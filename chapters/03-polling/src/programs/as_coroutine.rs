//! A future beside a coroutine of chapter 1, both resumed by the same driver.
//!
//! twin: same

use std::fmt::Debug;
use std::task::Waker;

use chapter::{Args, BadInput};
use generators::{Coroutine, CoroutineState, Countdown};
use polling::{AsCoroutine, lift_off};
use trace::say;

// ANCHOR: main
fn drive<In: Copy, C: Coroutine<In>>(mut coroutine: C, sent: In)
where
    C::Yield: Debug,
    C::Return: Debug,
{
    loop {
        match coroutine.resume(sent) {
            CoroutineState::Yielded(value) => say!("  yielded {value:?}"),
            CoroutineState::Complete(result) => break say!("  returned {result:?}"),
        }
    }
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    say!("a coroutine of chapter 1");
    drive(Countdown::from(2), ());
    say!("a future");
    drive(AsCoroutine::new(lift_off(2)), Waker::noop());
    Ok(())
}
// ANCHOR_END: main
