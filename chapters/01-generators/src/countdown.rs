//! The smallest generator, written as the state machine a compiler would write.

use crate::coroutine::{Coroutine, CoroutineState};

// ANCHOR: struct
/// Counts from `n` down to 1, one number a resume, and returns `"lift-off"`.
///
/// In Python:
///
/// ```python
/// def countdown(n):
///     while n > 0:
///         yield n
///         n -= 1
///     return "lift-off"
/// ```
///
/// ```
/// use generators::{Countdown, CoroutineExt};
///
/// assert!(Countdown::from(3).into_items().eq([3, 2, 1]));
/// ```
#[derive(Debug)]
pub struct Countdown {
    /// The variable that must outlive a stop.
    n: u32,
    /// Where it stopped.
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// Before the first line: never resumed yet.
    Start,
    /// In the loop, at `yield n`.
    AtYield,
    /// After `return`.
    Done,
}
// ANCHOR_END: struct

impl Countdown {
    /// A countdown that will begin with `n`. Nothing runs before it is resumed.
    ///
    /// ```
    /// use generators::{Countdown, Coroutine, CoroutineState::*};
    ///
    /// let mut countdown = Countdown::from(1);
    /// assert_eq!(countdown.resume(()), Yielded(1));
    /// assert_eq!(countdown.resume(()), Complete("lift-off"));
    /// ```
    pub fn from(n: u32) -> Countdown {
        Countdown {
            n,
            place: Place::Start,
        }
    }
}

// ANCHOR: resume
impl Coroutine for Countdown {
    type Yield = u32;
    type Return = &'static str;

    /// After the end it panics: "countdown resumed after completion".
    fn resume(&mut self, _: ()) -> CoroutineState<u32, &'static str> {
        trace::suspended(trace::here(), "yield");
        // hole: countdown — go on from the place, to the next `yield` or to the end
        // tried by: countdown, on-a-thread, resumed-after-the-end
        match self.place {
            Place::Start => {}
            Place::AtYield => self.n -= 1,
            Place::Done => panic!("countdown resumed after completion"),
        }
        if self.n > 0 {
            self.place = Place::AtYield;
            CoroutineState::Yielded(self.n)
        } else {
            self.place = Place::Done;
            CoroutineState::Complete("lift-off")
        }
        // end hole
    }
}
// ANCHOR_END: resume
