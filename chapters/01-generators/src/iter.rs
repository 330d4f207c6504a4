//! Iterators are generators with another name for the end, so each can be made of the other.

use crate::coroutine::{Coroutine, CoroutineState};

// ANCHOR: from-iter
/// A coroutine that yields what an iterator gives, and returns nothing.
///
/// Python does this at `yield from`: it asks any iterable for its iterator first.
///
/// ```
/// use generators::{Coroutine, CoroutineState::*, FromIter};
///
/// let mut streets = FromIter::new(["Main Street"]);
/// assert_eq!(streets.resume(()), Yielded("Main Street"));
/// assert_eq!(streets.resume(()), Complete(()));
/// ```
#[derive(Debug, Clone)]
pub struct FromIter<I>(Option<I>);

impl<I: Iterator> FromIter<I> {
    /// A coroutine of `items`.
    pub fn new(items: impl IntoIterator<IntoIter = I>) -> FromIter<I> {
        FromIter(Some(items.into_iter()))
    }
}

impl<I: Iterator> Coroutine for FromIter<I> {
    type Yield = I::Item;
    type Return = ();

    fn resume(&mut self, _: ()) -> CoroutineState<I::Item, ()> {
        let items = self.0.as_mut().expect("resumed after completion");
        match items.next() {
            Some(item) => CoroutineState::Yielded(item),
            None => {
                self.0 = None;
                CoroutineState::Complete(())
            }
        }
    }
}
// ANCHOR_END: from-iter

/// An iterator over what a coroutine yields.
///
/// ```
/// use generators::{Countdown, CoroutineExt};
///
/// let seconds: Vec<u32> = Countdown::from(3).into_items().collect();
/// assert_eq!(seconds, [3, 2, 1]);
/// ```
#[derive(Debug)]
pub struct Items<C> {
    /// `None` once it has completed: an iterator may be asked again, a coroutine may not.
    coroutine: Option<C>,
}

impl<C: Coroutine> Items<C> {
    pub(crate) fn new(coroutine: C) -> Items<C> {
        Items {
            coroutine: Some(coroutine),
        }
    }
}

impl<C: Coroutine> Iterator for Items<C> {
    type Item = C::Yield;

    fn next(&mut self) -> Option<C::Yield> {
        match self.coroutine.as_mut()?.resume(()) {
            CoroutineState::Yielded(item) => Some(item),
            CoroutineState::Complete(_) => {
                self.coroutine = None;
                None
            }
        }
    }
}
