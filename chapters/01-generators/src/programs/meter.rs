//! A coroutine that consumes: primed, sent three fares, and asked for its receipt.
//!
//! rows: P14
//! twin: same

use chapter::{Args, BadInput};
use generators::{Coroutine, CoroutineState, Meter};
use trace::say;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut meter = Meter::new();
    let mut meter = trace::driven("meter", &mut meter);
    if let CoroutineState::Yielded(total) = meter.resume(None) {
        say!("primed: it waits for a fare, total {total}");
    }
    for fare in [12, 7, 30] {
        if let CoroutineState::Yielded(total) = meter.resume(Some(fare)) {
            say!("sent {fare}: total {total}");
        }
    }
    if let CoroutineState::Complete(receipt) = meter.resume(None) {
        say!(
            "end of the shift: {} rides, {}",
            receipt.rides,
            receipt.total
        );
    }
    Ok(())
}
// ANCHOR_END: main
