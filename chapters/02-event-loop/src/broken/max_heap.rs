//! The loop on std's heap as it is: it gives the largest first, so time runs backwards.

use std::collections::BinaryHeap;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::{Dice, Taxi, Time};
use generators::{Coroutine, CoroutineState};
use trace::say;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut taxis = [0, 1].map(|number| {
        Taxi::new(
            number,
            1,
            Duration::from_secs(3 * u64::from(number)),
            Dice::new(4),
        )
    });
    let mut heap = BinaryHeap::new();
    for (number, taxi) in taxis.iter_mut().enumerate() {
        if let CoroutineState::Yielded(deadline) = taxi.resume(Time::ZERO) {
            heap.push((deadline, number));
        }
    }
    while let Some((now, number)) = heap.pop() {
        if let CoroutineState::Yielded(deadline) = taxis[number].resume(now) {
            heap.push((deadline, number));
        }
    }
    say!("taxi A left the garage after taxi B was home");
    Ok(())
}
// ANCHOR_END: main
