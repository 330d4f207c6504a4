//! Chapter 1, exercise 3: three streets there, the same three back, by delegation.

use chapter::{Args, BadInput};
use generators::{CoroutineExt, FromIter};
use trace::say;

// ANCHOR: main
const STREETS: [&str; 3] = ["Harbour Road", "Main Street", "Airport"];

pub fn run(_: &Args) -> Result<(), BadInput> {
    let there = FromIter::new(STREETS);
    let back = FromIter::new(STREETS.into_iter().rev());
    let trip = there.and_then(|()| back);

    for (stop, street) in trip.into_items().enumerate() {
        say!("stop {}: {street}", stop + 1);
    }
    Ok(())
}
// ANCHOR_END: main
