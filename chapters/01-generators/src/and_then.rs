//! Delegation: a coroutine that hands its turns to another one.

use crate::coroutine::{Coroutine, CoroutineState};

// ANCHOR: struct
/// Runs one coroutine to its end, then another one made of its result.
///
/// This is what `result = yield from first` does in Python, and what `.await` will do
/// from chapter 3 on: whoever drives the outer one resumes the *inner* one directly, and
/// sees each of its yields.
///
/// ```
/// use generators::{AndThen, Countdown, Coroutine, CoroutineExt, CoroutineState};
///
/// let next: fn(&str) -> Countdown = |_| Countdown::from(1);
/// let mut both: AndThen<Countdown, _, Countdown> = Countdown::from(0).and_then(next);
/// // The first one ends at once, and the same resume starts the second.
/// assert_eq!(both.resume(()), CoroutineState::Yielded(1));
/// ```
#[derive(Debug)]
pub struct AndThen<A, F, B> {
    stage: Stage<A, F, B>,
}

#[derive(Debug)]
enum Stage<A, F, B> {
    /// `next` is taken when `inner` completes, so it is there as long as `inner` runs.
    First {
        inner: A,
        next: Option<F>,
    },
    Second(B),
}
// ANCHOR_END: struct

impl<A, F, B> AndThen<A, F, B> {
    pub(crate) fn new(inner: A, next: F) -> AndThen<A, F, B> {
        AndThen {
            stage: Stage::First {
                inner,
                next: Some(next),
            },
        }
    }
}

// ANCHOR: resume
impl<In, A, F, B> Coroutine<In> for AndThen<A, F, B>
where
    In: Clone,
    A: Coroutine<In>,
    B: Coroutine<In, Yield = A::Yield>,
    F: FnOnce(A::Return) -> B,
{
    type Yield = A::Yield;
    type Return = B::Return;

    fn resume(&mut self, input: In) -> CoroutineState<A::Yield, B::Return> {
        // hole: and-then — pass on the inner one's yields; when it is over, start the next
        // tried by: delegation, shifts, round-trip
        if let Stage::First { inner, next } = &mut self.stage {
            match inner.resume(input.clone()) {
                CoroutineState::Yielded(value) => return CoroutineState::Yielded(value),
                CoroutineState::Complete(result) => {
                    let next = next.take().expect("the first stage runs once");
                    self.stage = Stage::Second(next(result));
                }
            }
        }
        match &mut self.stage {
            // What ended the first also starts the second: no turn is lost in between.
            Stage::Second(inner) => inner.resume(input),
            Stage::First { .. } => unreachable!("it has just completed"),
        }
        // end hole
    }
}
// ANCHOR_END: resume
