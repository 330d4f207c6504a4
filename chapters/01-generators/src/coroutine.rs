//! The contract between a coroutine and whoever drives it.

// ANCHOR: state
/// What a coroutine did before it stopped.
///
/// ```
/// use generators::{Coroutine, CoroutineState, Countdown};
///
/// match Countdown::from(3).resume(()) {
///     CoroutineState::Yielded(seconds) => assert_eq!(seconds, 3),
///     CoroutineState::Complete(call) => panic!("so soon: {call}"),
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoroutineState<Y, R> {
    /// It stopped half-way and hands over a value. Resume it and it goes on.
    Yielded(Y),
    /// It is over, and this is its result.
    Complete(R),
}
// ANCHOR_END: state

// ANCHOR: trait
/// A function that can stop half-way and be resumed.
///
/// `In` is what it is sent each time it is resumed: the value that its `yield` gives
/// back. The first time nobody waits at a `yield` yet, so what is sent then *starts* it;
/// most coroutines ignore it. That first resume is called **priming**.
///
/// ```
/// use generators::{Coroutine, CoroutineState};
///
/// /// Echoes what it is sent, until that is nothing.
/// struct Echo;
///
/// impl Coroutine<&'static str> for Echo {
///     type Yield = &'static str;
///     type Return = ();
///
///     fn resume(&mut self, sent: &'static str) -> CoroutineState<&'static str, ()> {
///         match sent {
///             "" => CoroutineState::Complete(()),
///             sent => CoroutineState::Yielded(sent),
///         }
///     }
/// }
///
/// assert_eq!(Echo.resume("taxi!"), CoroutineState::Yielded("taxi!"));
/// assert_eq!(Echo.resume(""), CoroutineState::Complete(()));
/// ```
pub trait Coroutine<In = ()> {
    /// What it hands over when it stops half-way.
    type Yield;
    /// What it hands over at its end.
    type Return;

    /// Runs it from where it stopped to where it stops next.
    ///
    /// # Panics
    ///
    /// If it has completed. There is no code left to run.
    fn resume(&mut self, input: In) -> CoroutineState<Self::Yield, Self::Return>;
}
// ANCHOR_END: trait

impl<In, C: Coroutine<In> + ?Sized> Coroutine<In> for Box<C> {
    type Yield = C::Yield;
    type Return = C::Return;

    fn resume(&mut self, input: In) -> CoroutineState<C::Yield, C::Return> {
        (**self).resume(input)
    }
}

impl<In, C: Coroutine<In> + ?Sized> Coroutine<In> for &mut C {
    type Yield = C::Yield;
    type Return = C::Return;

    fn resume(&mut self, input: In) -> CoroutineState<C::Yield, C::Return> {
        (**self).resume(input)
    }
}
