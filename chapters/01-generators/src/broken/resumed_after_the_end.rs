//! A countdown that is resumed once more after its end.
//!
//! exit: 101
//! twin: own, a finished generator raises StopIteration again each time it is asked

use chapter::{Args, BadInput};
use generators::{Coroutine, Countdown};
use trace::say;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut countdown = Countdown::from(1);
    let mut countdown = trace::driven("countdown", &mut countdown);
    for _ in 0..3 {
        say!("{:?}", countdown.resume(()));
    }
    Ok(())
}
// ANCHOR_END: main
