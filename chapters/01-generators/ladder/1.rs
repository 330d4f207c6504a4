//! A countdown that stops
//!
//! A function forgets its variables when it returns. To stop and go on later, keep them in a struct, and let `resume`
//! run from one stop to the next. Each resume answers one of two things: a value, and there may be more; or the result,
//! and that was all. This is the contract, word for word as in the chapter. Copy it:
//!
//!     #[derive(Debug, Clone, Copy, PartialEq, Eq)]
//!     pub enum CoroutineState<Y, R> {
//!         Yielded(Y),
//!         Complete(R),
//!     }
//!
//!     pub trait Coroutine<In = ()> {
//!         type Yield;
//!         type Return;
//!
//!         fn resume(&mut self, input: In) -> CoroutineState<Self::Yield, Self::Return>;
//!     }
//!
//! Then write a `Countdown` that keeps to it. `Countdown::from(3)` yields 3, then 2, then 1; the fourth resume
//! completes with "lift-off".
//!
//!     pub struct Countdown { /* … */ }
//!
//!     impl Countdown {
//!         pub fn from(n: u32) -> Countdown
//!     }
//!
//!     impl Coroutine for Countdown {
//!         type Yield = u32;
//!         type Return = &'static str;
//!         // …
//!     }
//!
//! hint: What must still be known when `resume` is called again? Whatever it is belongs in the struct.
//!
//! hint: One number is enough: the one to be said next. At 0 there is nothing more to say, and the countdown is over.
//!
//! hint: Subtract one before you return, and answer with what the number was:
//!
//!     if self.n == 0 {
//!         return CoroutineState::Complete("lift-off");
//!     }
//!     self.n -= 1;
//!     CoroutineState::Yielded(self.n + 1)
//!
//! done: That is a generator. The variable outlives the call because it is a field, and making a `Countdown` has run
//! none of its code. What it does after its end is the next question.

use mine::generators::{Coroutine, CoroutineState, Countdown};

/// The answers of so many resumes, in words.
fn answers(countdown: &mut Countdown, resumes: usize) -> Vec<String> {
    let answers = (0..resumes).map(|_| match countdown.resume(()) {
        CoroutineState::Yielded(n) => n.to_string(),
        CoroutineState::Complete(result) => format!("the end, {result:?}"),
    });
    answers.collect()
}

fn main() {
    ladder::tries("Countdown::from(3), resumed once");
    let mut countdown = Countdown::from(3);
    let first = answers(&mut countdown, 1).remove(0);
    ladder::check!(
        first != "2",
        "it says 2 first: the number is taken down before it was said once"
    );
    ladder::check!(first == "3", "it should say 3 first, and says {first}");

    ladder::tries("Countdown::from(3), resumed again");
    let second = answers(&mut countdown, 1).remove(0);
    ladder::check!(
        second != "3",
        "it says 3 again: where was the number kept between the two resumes?"
    );
    ladder::check!(second == "2", "after 3 comes 2, and it says {second}");

    ladder::tries("Countdown::from(3), resumed four times");
    let rest = answers(&mut countdown, 2);
    ladder::check!(rest[0] == "1", "after 2 comes 1, and it says {}", rest[0]);
    ladder::check!(
        rest[1] != "0",
        "it says 0, and should be over: 0 is not said, it is lift-off"
    );
    ladder::check!(
        rest[1] == "the end, \"lift-off\"",
        "the end should be Complete(\"lift-off\"), and is {}",
        rest[1]
    );

    ladder::tries("Countdown::from(0), resumed once");
    let only = answers(&mut Countdown::from(0), 1).remove(0);
    ladder::check!(
        only == "the end, \"lift-off\"",
        "there is nothing to count, so the first resume is the end; it says {only}"
    );

    ladder::tries("two countdowns, resumed in turn");
    let (mut a, mut b) = (Countdown::from(2), Countdown::from(9));
    let first = answers(&mut a, 1);
    answers(&mut b, 1);
    let second = answers(&mut a, 1);
    ladder::check!(
        first[0] == "2" && second[0] == "1",
        "the first one says {} and {}: each must have a number of its own",
        first[0],
        second[0]
    );
}
