//! The end is an end
//!
//! After `Complete` there is no code left to run and no value left to give. Whoever resumes once more has lost count,
//! and should hear of it at once. So from now on a countdown that is over panics when it is resumed, with a message of
//! your choice.
//!
//! For this, a number is not enough: a countdown that is about to end and one that has ended both stand at 0. Keep the
//! *place* too: where the next resume goes on. An enum says it best.
//!
//!     impl Coroutine for Countdown
//!
//! hint: Which places are there? Nothing has run yet; it has stopped at a yield; it is over.
//!
//! hint: Look at the place first, and set it before each return. The number goes down when the countdown goes on from a
//! yield, just as the line after a `yield` would run then.
//!
//! hint: The places are these, and `resume` begins with a `match` of them:
//!
//!     enum Place {
//!         Start,
//!         AtYield,
//!         Done,
//!     }
//!
//!     match self.place {
//!         Place::Start => {}
//!         Place::AtYield => self.n -= 1,
//!         Place::Done => panic!("countdown resumed after the end"),
//!     }
//!
//! done: A struct for the variables, an enum for the place, a function from stop to stop: that is a state machine, and
//! it is what the compiler makes of an `async fn`. Next comes a coroutine that listens.

use mine::generators::{Coroutine, CoroutineState, Countdown};

fn main() {
    for n in [0, 2] {
        ladder::tries(format_args!("Countdown::from({n}), resumed to its end"));
        let mut countdown = Countdown::from(n);
        let mut yields = 0;
        while let CoroutineState::Yielded(_) = countdown.resume(()) {
            yields += 1;
            ladder::check!(
                yields <= n,
                "it yields once more than there are numbers: where is the end?"
            );
        }

        ladder::tries(format_args!(
            "Countdown::from({n}), resumed once more after its end"
        ));
        let mut answer = None;
        let panic = ladder::panics(|| answer = Some(countdown.resume(())));
        match answer {
            Some(CoroutineState::Complete(_)) => ladder::fail(
                "it completes a second time: whoever asks again has lost count, and is not told",
            ),
            Some(CoroutineState::Yielded(n)) => {
                ladder::fail(format_args!("it goes on after its end, and says {n}"))
            }
            None => {}
        }
        let message = panic.unwrap_or_default();
        ladder::check!(
            !message.contains("overflow"),
            "it panics by luck ({message}); a release build would count on from 4294967295"
        );

        ladder::tries(format_args!(
            "Countdown::from({n}), resumed after its panic"
        ));
        let again = ladder::panics(|| drop(countdown.resume(())));
        ladder::check!(
            again.is_some(),
            "it panicked once, and then went on: over is over"
        );
    }
}
