//! How a run ends: with the root's result, by its panic, or on unwind.

use std::panic::resume_unwind;
use std::rc::Rc;

use crate::core::Core;
use crate::join::JoinError;
use crate::task::{Outcome, ROOT};

/// The future that the executor was asked to run, and what becomes of it. It may borrow from the caller of `run`.
pub(crate) struct Root<'c, T> {
    pub(crate) core: &'c Rc<Core>,
    pub(crate) outcome: Outcome<T>,
}

impl<T> Root<'_, T> {
    pub(crate) fn error(&self) -> Option<JoinError> {
        let task = self.outcome.task();
        task.extras(|extras| extras.error.clone()).flatten()
    }
}

impl<T> Drop for Root<'_, T> {
    /// However the run has ended, its future does not outlive it.
    fn drop(&mut self) {
        let task = self.outcome.task();
        if !task.is_over() {
            task.state.clear(ROOT);
            self.core.end_cancelled(task);
        }
    }
}

/// Without a result, the run ends as the future did.
#[track_caller]
pub(crate) fn or_panic<T>(result: Result<T, JoinError>) -> T {
    match result {
        Ok(output) => output,
        Err(JoinError::Cancelled) => panic!("the future was cancelled: no result"),
        Err(JoinError::Panicked(panic)) => match panic.into_payload() {
            Some(payload) => resume_unwind(payload),
            None => panic!("the future panicked"),
        },
    }
}
