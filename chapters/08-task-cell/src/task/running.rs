//! What is running on this thread: a task, and the scope inside of it that is being polled.

use std::cell::Cell;
use std::ptr::NonNull;

use super::{Header, TaskRef};
use crate::cancel::Frame;

crate::sync::thread_local! {
    /// The task, to which a frame further up this stack has a reference; and the frame of the innermost call of
    /// `catch_cancel` that is being polled in it.
    static RUNNING: Cell<(Option<NonNull<Header>>, Option<Frame>)> =
        const { Cell::new((None, None)) };
}

/// Restores what was running, also on unwind.
pub(crate) struct Restore(Option<NonNull<Header>>, Option<Frame>);

impl Drop for Restore {
    fn drop(&mut self) {
        RUNNING.with(|it| it.set((self.0, self.1)));
    }
}

fn begin(task: Option<NonNull<Header>>, frame: Option<Frame>) -> Restore {
    let (task, frame) = RUNNING.with(|it| it.replace((task, frame)));
    Restore(task, frame)
}

/// Nothing is running in a loop that begins.
pub(crate) fn begin_loop() -> Restore {
    begin(None, None)
}

/// What is done until the guard is dropped, `task` does.
pub(super) fn begin_as(task: &TaskRef) -> Restore {
    begin(Some(task.as_ptr()), None)
}

/// What is polled until the guard is dropped is inside a scope, whose frame this is.
pub(crate) fn inside(frame: Frame) -> Restore {
    begin(RUNNING.with(Cell::get).0, Some(frame))
}

/// The loop gives `task` its turn; `None`: it is over. Nothing was running before it, and no panic comes out of it: so
/// this is no guard, and nothing is restored.
#[inline]
pub(super) fn set_turn(task: Option<&TaskRef>) {
    RUNNING.with(|it| it.update(|(_, frame)| (task.map(TaskRef::as_ptr), frame)));
}

/// The task that is running.
pub(crate) fn running() -> Option<TaskRef> {
    let task = RUNNING.with(Cell::get).0?;
    // SAFETY: it is set only in a function that has a reference to it, which is on its thread.
    Some(unsafe { TaskRef::one_more(task) })
}

/// Works on the frame of the innermost scope that is being polled. `None`: there is no such scope.
pub(crate) fn with_frame<T>(work: impl FnOnce(&mut Frame) -> T) -> Option<T> {
    let (task, frame) = RUNNING.with(Cell::get);
    let mut frame = frame?;
    let result = work(&mut frame);
    RUNNING.with(|it| it.set((task, Some(frame))));
    Some(result)
}
