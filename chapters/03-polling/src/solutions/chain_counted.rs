//! Chapter 3, exercise 2: a chain of awaits, with the polls of each future counted.

use std::cell::RefCell;

use chapter::{Args, BadInput};
use polling::{counted, spin_on, yield_now};
use trace::say;

// ANCHOR: main
async fn trip(trips: &RefCell<Vec<u64>>) {
    let (two_stops, polls) = counted(async {
        yield_now().await;
        yield_now().await;
    });
    two_stops.await;
    trips.borrow_mut().push(polls.get());
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let trips = RefCell::default();
    let night = async {
        trip(&trips).await;
        trip(&trips).await;
    };
    say!("night: {} polls", spin_on(night).polls);
    say!("trips: {:?} polls", trips.into_inner());
    Ok(())
}
// ANCHOR_END: main
