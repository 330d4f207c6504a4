//! A fare that comes after the end of the shift: no meter is left to take it.
//!
//! exit: 101
//! twin: own, a finished generator raises StopIteration again each time it is asked

use chapter::{Args, BadInput};
use generators::{Coroutine, Meter};
use trace::say;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut meter = Meter::new();
    let mut meter = trace::driven("meter", &mut meter);
    for sent in [None, Some(12), None, Some(7)] {
        say!("{:?}", meter.resume(sent));
    }
    Ok(())
}
// ANCHOR_END: main
