//! How a run ends: with the root's result, or by its panic.

use std::panic::resume_unwind;

use crate::error::JoinError;

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
