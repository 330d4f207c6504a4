//! Delegation with values in both directions: fares go in through `and_then`, and a receipt starts the next shift.
//!
//! rows: P13 P14
//! twin: same

use chapter::{Args, BadInput};
use generators::CoroutineState::{Complete, Yielded};
use generators::{Coroutine, CoroutineExt, Meter, Receipt};
use trace::say;

fn says(shift: &str, receipt: Receipt) {
    let Receipt { rides, total } = receipt;
    say!("{shift}: {rides} rides, {total}");
}

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut day = Meter::new().and_then(|morning| {
        says("the morning", morning);
        Meter::new()
    });
    let mut day = trace::driven("day", &mut day);
    // `None` primes the first meter, and later ends each of them.
    for sent in [None, Some(12), Some(7), None, Some(30), Some(5), None] {
        match day.resume(sent) {
            Yielded(total) => say!("sent {sent:?}: total {total}"),
            Complete(evening) => says("the evening", evening),
        }
    }
    Ok(())
}
// ANCHOR_END: main
