//! An iterator that ends inside a coroutine: its end is a value there, and ends nothing else.
//!
//! rows: P50
//! twin: own, the iterator's end is an exception, and the same exception ends a coroutine; PEP 479 made that an error

use std::vec::IntoIter;

use chapter::{Args, BadInput};
use polling::{spin_on, yield_now};
use trace::say;

// ANCHOR: main
async fn drive(mut streets: IntoIter<&'static str>) -> &'static str {
    for _ in 0..3 {
        match streets.next() {
            Some(street) => say!("drives along {street}"),
            None => say!("no street left, which is a `None` and no more"),
        }
        yield_now().await;
    }
    "home"
}

/// `?` ends the coroutine, and says so in its type: what it returns is an `Option`.
async fn drive_or_stop(mut streets: IntoIter<&'static str>) -> Option<&'static str> {
    loop {
        say!("drives along {}", streets.next()?);
        yield_now().await;
    }
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let streets = vec!["Harbour Road", "Main Street"];
    say!("it gave {:?}", spin_on(drive(streets.clone().into_iter())).output);
    say!("it gave {:?}", spin_on(drive_or_stop(streets.into_iter())).output);
    Ok(())
}
// ANCHOR_END: main
