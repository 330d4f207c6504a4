//! A generator, resumed by hand: it goes on where it stopped.
//!
//! rows: P14
//! twin: same

use chapter::{Args, BadInput};
use generators::{Coroutine, CoroutineState, Countdown};
use trace::say;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut countdown = Countdown::from(3);
    let mut countdown = trace::driven("countdown", &mut countdown);
    say!("made: nothing has run yet");
    loop {
        match countdown.resume(()) {
            CoroutineState::Yielded(n) => say!("it yielded {n}; we do something else"),
            CoroutineState::Complete(result) => {
                say!("it returned {result:?}");
                break;
            }
        }
    }
    Ok(())
}
// ANCHOR_END: main
