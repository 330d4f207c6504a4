//! What few tasks need: kept in a box of its own, so that the others do not pay for it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use wakers::Callback;

use super::TaskRef;
use crate::cancel::{Requests, Scope};
use crate::join::JoinError;

/// Makes the callback that is queued at the task's end, with a result of its own.
pub(crate) type Prepare = Box<dyn FnOnce(&TaskRef) -> Callback>;

/// The rest of a task.
#[derive(Default)]
pub(crate) struct Extras {
    pub(crate) name: Option<Box<str>>,
    /// In the order in which they were added.
    pub(crate) callbacks: Vec<Prepare>,
    /// How many callbacks were there before the joiner: they are told first.
    pub(crate) joined_after: usize,
    /// The calls of `catch_cancel` that were polled in it and are pending.
    pub(crate) scopes: Vec<Rc<Scope>>,
    /// To end: what it was asked, and what it has answered.
    pub(crate) requests: Requests,
    /// How it ended, if not with a value.
    pub(crate) error: Option<JoinError>,
}

/// Runs foreign code whose panic must end here: the panic hook has told of it.
pub(crate) fn quietly<T>(work: impl FnOnce() -> T) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(value) => Some(value),
        Err(payload) => {
            // If dropping the payload panics too, leak it.
            if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
                std::mem::forget(again);
            }
            None
        }
    }
}
