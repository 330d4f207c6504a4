//! A taxi that waits for the telephone on chapter 2's loop: it must name a moment, so it guesses.
//!
//! twin: same

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::{Clock, EventLoop, Time};
use generators::{Coroutine, CoroutineState};
use trace::say;

// ANCHOR: taxi
/// When the telephone rings. The taxi does not know.
const RINGS: Duration = Duration::from_millis(7250);

struct Taxi {
    /// How long it waits before it looks again.
    guess: Duration,
    looks: u32,
}

impl Coroutine<Time> for Taxi {
    type Yield = Time;
    type Return = ();

    fn resume(&mut self, now: Time) -> CoroutineState<Time, ()> {
        let rings = Time::ZERO.saturating_add(RINGS);
        self.looks += 1;
        if now < rings {
            return CoroutineState::Yielded(now.saturating_add(self.guess));
        }
        let (guess, looks) = (self.guess.as_millis(), self.looks);
        let late = (now - rings).as_millis();
        say!("looks every {guess:4} ms: {looks:4} looks, {late:4} ms late");
        CoroutineState::Complete(())
    }
}
// ANCHOR_END: taxi

pub fn run(_: &Args) -> Result<(), BadInput> {
    for guess in [5000, 1000, 100, 1].map(Duration::from_millis) {
        let mut event_loop = EventLoop::new(Clock::virtual_time());
        event_loop.start(Taxi { guess, looks: 0 });
        event_loop.run();
    }
    Ok(())
}
