//! A coroutine that a trace shows.

use trace::Driven;

use crate::coroutine::{Coroutine, CoroutineState};

/// What `trace::driven` makes of a coroutine: the same one, but the recorder hears of each resume.
impl<In, C: Coroutine<In>> Coroutine<In> for Driven<C> {
    type Yield = C::Yield;
    type Return = C::Return;

    fn resume(&mut self, input: In) -> CoroutineState<C::Yield, C::Return> {
        let (coroutine, told) = self.resumed();
        let state = coroutine.resume(input);
        told.finishes_if(matches!(state, CoroutineState::Complete(_)));
        state
    }
}
