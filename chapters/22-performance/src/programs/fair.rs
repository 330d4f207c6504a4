//! The same work on both sides, on a machine that becomes slow half-way: by turns, and the ratio within each round.
//!
//! twin: same

use std::cell::Cell;

use chapter::{Args, BadInput};
use event_loop::Time;
use performance::{Side, Spread, compare};
use trace::say;

// ANCHOR: machine
/// A machine that others use, too: from some moment on it has half of its speed left.
struct Machine {
    now: Cell<Time>,
    slow_from: Time,
}

impl Machine {
    fn new(slow_from: u64) -> Machine {
        Machine {
            now: Cell::new(Time::ZERO),
            slow_from: Time::from_secs(slow_from),
        }
    }

    /// Works for so many seconds, or twice as many.
    fn work(&self, seconds: u64) -> String {
        let slow = self.now.get() >= self.slow_from;
        let seconds = if slow { 2 * seconds } else { seconds };
        let start = self.now.get().as_secs();
        self.now.set(Time::from_secs(start + seconds));
        "done".into()
    }
}
// ANCHOR_END: machine

fn tell(spread: Spread) {
    let Spread { low, median, high } = spread;
    say!("theirs takes {median:.2} of ours ({low:.2} to {high:.2})");
}

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    for seconds in [1, 3] {
        let machine = Machine::new(9);
        let mut sides = [
            Side::new("ours", || machine.work(1)),
            Side::new("theirs", || machine.work(seconds)),
        ];
        let rounds = compare(&|| machine.now.get(), 5, &mut sides);
        let rounds = rounds.map_err(|error| BadInput::new(error.to_string()))?;
        tell(rounds.ratio("theirs", "ours"));
    }
    Ok(())
}
// ANCHOR_END: main
