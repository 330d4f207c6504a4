//! A future is a coroutine
//!
//! This is the claim of the chapter, as a type. Take any future and make a coroutine of it, by your own trait of
//! chapter 1: what it is sent is a waker, what it yields is nothing, and its result is the future's output. Then a
//! driver that knows only coroutines can drive an `async fn`.
//!
//!     pub struct AsCoroutine<F> { /* … */ }
//!
//!     pub fn as_coroutine<F: Future>(future: F) -> AsCoroutine<F>
//!
//!     impl<F: Future> Coroutine<Waker> for AsCoroutine<F> {
//!         type Yield = ();
//!         type Return = F::Output;
//!         // …
//!     }
//!
//! needs: 1.1
//!
//! hint: `resume` takes `&mut self`, and `poll` wants a pin. What keeps the future where it is?
//!
//! hint: A `Pin<Box<F>>` again. `Context::from_waker(&waker)` makes a context of a waker.
//!
//! hint: The two answers are the same, under other names:
//!
//!     match self.future.as_mut().poll(&mut Context::from_waker(&waker)) {
//!         Poll::Pending => CoroutineState::Yielded(()),
//!         Poll::Ready(output) => CoroutineState::Complete(output),
//!     }
//!
//! done: Two words for one thing. The one difference is what names the moment: chapter 2's taxi does it itself, a
//! future leaves it to its waker. What stands behind a waker is chapter 4.

use ladder::Bell;
use mine::generators::{Coroutine, CoroutineState};
use mine::polling::{as_coroutine, lift_off, yield_now};

fn main() {
    ladder::tries("as_coroutine(lift_off(2)), resumed to its end");
    ladder::hangs("a resume does not return");
    let bell = Bell::new();
    let mut coroutine = as_coroutine(lift_off(2));
    ladder::check!(
        bell.rings() == 0,
        "it was polled when it was made: making a coroutine runs nothing"
    );
    for resume in 1..=2 {
        match coroutine.resume(bell.waker()) {
            CoroutineState::Yielded(()) => {}
            CoroutineState::Complete(_) => ladder::fail(format_args!(
                "it is over at its resume {resume}, and should stop twice"
            )),
        }
        let rings = bell.rings();
        ladder::check!(
            rings == resume,
            "each of {} wakes once, and it woke {}: a resume is one poll, with the waker that was sent",
            ladder::count(resume, "stop"),
            ladder::times(rings)
        );
    }
    match coroutine.resume(bell.waker()) {
        CoroutineState::Complete("lift-off") => {}
        CoroutineState::Complete(other) => ladder::fail(format_args!(
            "its result should be \"lift-off\", and is {other:?}"
        )),
        CoroutineState::Yielded(()) => {
            ladder::fail("two stops and the end are three resumes, and it still yields")
        }
    }

    ladder::tries("two async blocks by turns, each with a reference to itself");
    ladder::hangs("a resume does not return");
    let letters = |first: &'static str| async move {
        let letters = [first.to_string(), first.to_string()];
        let second = &letters[1];
        yield_now().await;
        letters[0].clone() + second
    };
    let mut all = Vec::from([as_coroutine(letters("a"))]);
    let _ = all[0].resume(bell.waker());
    // A longer list lies elsewhere: what is in it was moved.
    all.extend((0..100).map(|_| as_coroutine(letters("b"))));
    match all[0].resume(bell.waker()) {
        CoroutineState::Complete(text) => ladder::check!(
            text == "aa",
            "it should complete with aa, and does with {text}"
        ),
        CoroutineState::Yielded(()) => ladder::fail("it stops once, and yields twice"),
    }
}
