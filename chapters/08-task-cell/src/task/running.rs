//! What is running on this thread: a task, and the scope inside of it that is being polled.

use std::cell::Cell;
use std::ptr::NonNull;

use super::TaskRef;
use super::header::Header;
use crate::cancel::Frame;

crate::sync::thread_local! {
    /// Points to what a frame further up this stack refers to.
    static TASK: Cell<Option<NonNull<Header>>> = const { Cell::new(None) };
}
crate::sync::thread_local! {
    /// That of the innermost call of `catch_cancel` that is being polled in the task.
    static FRAME: Cell<Option<Frame>> = const { Cell::new(None) };
}

/// Restores what was running, also on unwind.
pub(crate) struct Restore(Option<NonNull<Header>>, Option<Frame>);

impl Drop for Restore {
    fn drop(&mut self) {
        TASK.with(|it| it.set(self.0));
        FRAME.with(|it| it.set(self.1));
    }
}

fn begin(task: Option<NonNull<Header>>, frame: Option<Frame>) -> Restore {
    Restore(
        TASK.with(|it| it.replace(task)),
        FRAME.with(|it| it.replace(frame)),
    )
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
    begin(TASK.with(Cell::get), Some(frame))
}

/// The loop gives `task` its turn; `None`: it is over. Nothing was running before it, and no panic comes out of it: so
/// this is no guard, and nothing is restored.
#[inline]
pub(super) fn set_turn(task: Option<&TaskRef>) {
    TASK.with(|it| it.set(task.map(TaskRef::as_ptr)));
}

/// The task that is running.
pub(crate) fn running() -> Option<TaskRef> {
    let task = TASK.with(Cell::get)?;
    // SAFETY: it is set only in a function that has a reference to it, which is on its thread.
    Some(unsafe { TaskRef::one_more(task) })
}

/// Works on the frame of the innermost scope that is being polled. `None`: there is no such scope.
pub(crate) fn with_frame<T>(work: impl FnOnce(&mut Frame) -> T) -> Option<T> {
    let mut frame = FRAME.with(Cell::get)?;
    let result = work(&mut frame);
    FRAME.with(|it| it.set(Some(frame)));
    Some(result)
}
