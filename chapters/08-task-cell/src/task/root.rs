//! The root: a task whose future may borrow from the caller of `run`, and so must not outlive that call.

use std::panic::Location;

use super::{JoinHandle, NewTask, ROOT, TaskRef};
use crate::JoinError;
use crate::core::Core;

/// Ends the root when it is dropped.
struct Root<'c, T> {
    core: &'c Core,
    handle: JoinHandle<T>,
}

// ANCHOR: root
/// Makes `future` the root of what `run` does; then says what both came to, the future if
/// it is over by then. However `run` ends, the future does not outlive it.
pub(crate) fn run_root<F: Future, R>(
    core: &Core,
    future: NewTask<F>,
    started: &'static Location<'static>,
    run: impl FnOnce(TaskRef) -> R,
) -> (R, Option<Result<F::Output, JoinError>>) {
    // SAFETY: `Root` ends the task and drops its handle before this function returns or
    // unwinds, and so before anything that the future borrows goes.
    let (task, handle) = unsafe { future.start(core, started, true) };
    let mut root = Root { core, handle };
    let ran = run(task);
    (ran, root.handle.take())
}

impl<T> Drop for Root<'_, T> {
    fn drop(&mut self) {
        let task = &self.handle.0;
        if !task.is_over() {
            task.state.clear(ROOT);
            self.core.end_cancelled(task);
        }
    }
}
// ANCHOR_END: root
