//! A meter that nobody primed: the first fare is lost.
//!
//! twin: own, Python refuses to send a value to a generator that has not started

use chapter::{Args, BadInput};
use generators::{Coroutine, CoroutineState, Meter};
use trace::say;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut meter = Meter::new();
    let mut meter = trace::driven("meter", &mut meter);
    for fare in [12, 7, 30] {
        if let CoroutineState::Yielded(total) = meter.resume(Some(fare)) {
            say!("sent {fare}: total {total}");
        }
    }
    Ok(())
}
// ANCHOR_END: main
