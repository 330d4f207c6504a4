//! Chapter 3, exercise 3: two futures in turns, by a driver of a few lines.

use std::task::Waker;

use chapter::{Args, BadInput};
use generators::{Coroutine, CoroutineState};
use polling::{AsCoroutine, lift_off};
use trace::say;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut rockets = [("Ariane", 2), ("Vostok", 1)]
        .map(|(name, stops)| (name, Some(AsCoroutine::new(lift_off(stops)))));
    while rockets.iter().any(|(_, rocket)| rocket.is_some()) {
        for (name, place) in &mut rockets {
            let Some(rocket) = place else { continue };
            match rocket.resume(Waker::noop()) {
                CoroutineState::Yielded(()) => say!("{name}: not yet"),
                CoroutineState::Complete(word) => {
                    say!("{name}: {word}");
                    *place = None;
                }
            }
        }
    }
    Ok(())
}
// ANCHOR_END: main
