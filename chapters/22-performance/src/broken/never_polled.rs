//! A benchmark that measures nothing: it makes a million futures, and polls none.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Instant;

use chapter::{Args, BadInput};
use trace::say;

// ANCHOR: main
async fn drive(trips: Rc<Cell<u32>>) {
    trips.set(trips.get() + 1);
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    const DRIVES: u32 = 1_000_000;
    let trips = Rc::new(Cell::new(0));
    let start = Instant::now();
    for _ in 0..DRIVES {
        let _drive = drive(Rc::clone(&trips));
    }
    let _nanos = start.elapsed().as_nanos() / u128::from(DRIVES);
    say!("{DRIVES} drives: a few nanoseconds each!");
    say!("({} of them went anywhere)", trips.get());
    Ok(())
}
// ANCHOR_END: main
