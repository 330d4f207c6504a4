//! Two taxis, one driven home before the other may leave: the second one is late by the first one's night.
//!
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::{Clock, Dice, Taxi};
use generators::{Coroutine, CoroutineState};
use trace::say;

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    let mut clock = Clock::real_if(args.real());
    for number in 0..2 {
        let mut taxi = Taxi::new(number, 1, Duration::from_secs(3), Dice::new(5));
        while let CoroutineState::Yielded(deadline) = taxi.resume(clock.now()) {
            clock.wait_until(deadline);
        }
    }
    say!(
        "total: {} s for two nights that could be one",
        clock.now().as_secs()
    );
    Ok(())
}
// ANCHOR_END: main
