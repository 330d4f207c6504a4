//! A coroutine that consumes: what matters is what it is sent.

use crate::coroutine::{Coroutine, CoroutineState};

// ANCHOR: receipt
/// What a [`Meter`] returns in the end.
///
/// ```
/// let receipt = generators::Receipt { rides: 2, total: 30 };
/// assert_eq!(receipt.total / u64::from(receipt.rides), 15);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Receipt {
    /// How many fares it was sent.
    pub rides: u32,
    /// Their sum.
    pub total: u64,
}
// ANCHOR_END: receipt

// ANCHOR: struct
/// Adds up the fares it is sent, and yields the total so far. `None` ends the shift.
///
/// ```
/// use generators::{Coroutine, CoroutineState::*, Meter, Receipt};
///
/// let mut meter = Meter::new();
/// assert_eq!(meter.resume(None), Yielded(0)); // priming
/// assert_eq!(meter.resume(Some(12)), Yielded(12));
/// assert_eq!(meter.resume(None), Complete(Receipt { rides: 1, total: 12 }));
/// ```
#[derive(Debug, Default)]
pub struct Meter {
    receipt: Receipt,
    place: Place,
}

#[derive(Debug, Default)]
enum Place {
    #[default]
    Start,
    /// At `fare = yield total`: what is sent next is the fare.
    AtYield,
    Done,
}
// ANCHOR_END: struct

impl Meter {
    /// A meter at zero.
    pub fn new() -> Meter {
        Meter::default()
    }
}

// ANCHOR: resume
impl Coroutine<Option<u32>> for Meter {
    type Yield = u64;
    type Return = Receipt;

    fn resume(&mut self, sent: Option<u32>) -> CoroutineState<u64, Receipt> {
        trace::suspended(trace::here(), "yield");
        // hole: meter — take the fare that was sent, yield the total; `None` ends it
        // tried by: meter, unprimed, late-fare
        match (&self.place, sent) {
            // Nobody waits at a `yield` yet, so there is nothing to receive it.
            (Place::Start, _) => self.place = Place::AtYield,
            (Place::AtYield, Some(fare)) => {
                self.receipt.rides += 1;
                self.receipt.total += u64::from(fare);
            }
            (Place::AtYield, None) => {
                self.place = Place::Done;
                return CoroutineState::Complete(self.receipt);
            }
            (Place::Done, _) => panic!("meter resumed after completion"),
        }
        CoroutineState::Yielded(self.receipt.total)
        // end hole
    }
}
// ANCHOR_END: resume
