//! A countdown whose variable is a local one: every resume begins at the first line again.

use chapter::{Args, BadInput};
use generators::{Coroutine, CoroutineState};
use trace::say;

// ANCHOR: main
struct Countdown;

impl Coroutine for Countdown {
    type Yield = u32;
    type Return = &'static str;

    fn resume(&mut self, _: ()) -> CoroutineState<u32, &'static str> {
        let n = 3;
        if n > 0 {
            CoroutineState::Yielded(n)
        } else {
            CoroutineState::Complete("lift-off")
        }
    }
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut countdown = Countdown;
    for _ in 0..5 {
        if let CoroutineState::Yielded(n) = countdown.resume(()) {
            say!("it yielded {n}");
        }
    }
    say!("we gave up: there was no lift-off");
    Ok(())
}
