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

/// Nothing is running in a loop that begins. What was is restored when the guard is dropped.
pub(crate) fn begin_loop() -> Restore {
    Restore(
        TASK.with(|it| it.replace(None)),
        FRAME.with(|it| it.replace(None)),
    )
}

/// Runs `work` as `task`.
pub(crate) fn run_as<T>(task: &TaskRef, work: impl FnOnce() -> T) -> T {
    let _restore = begin_loop();
    TASK.with(|it| it.set(Some(task.as_ptr())));
    work()
}

/// The loop gives `task` its turn. Nothing was running before it, so nothing is restored.
#[inline]
pub(super) fn turn_of(task: &TaskRef) -> Turn {
    TASK.with(|it| it.set(Some(task.as_ptr())));
    Turn
}

/// A task has its turn; made by [`turn_of`].
pub(super) struct Turn;

impl Drop for Turn {
    #[inline]
    fn drop(&mut self) {
        TASK.with(|it| it.set(None));
    }
}

/// The task that is running.
pub(crate) fn running() -> Option<TaskRef> {
    let task = TASK.with(Cell::get)?;
    // SAFETY: it is set only while `run_as` runs, or in the turn that `turn_of` begins; both are on the task's thread,
    // and borrow a reference to it.
    Some(unsafe { TaskRef::one_more(task) })
}

/// What is polled until the guard is dropped is inside a scope, whose frame this is.
pub(crate) fn inside(frame: Frame) -> Inside {
    let outer = FRAME.with(|it| it.replace(Some(frame)));
    Inside { frame, outer }
}

/// A scope is being polled; made by [`inside`].
pub(crate) struct Inside {
    frame: Frame,
    outer: Option<Frame>,
}

impl Inside {
    /// It was polled: what its frame has heard.
    pub(crate) fn end(self) -> Frame {
        FRAME.with(Cell::get).unwrap_or(self.frame)
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        FRAME.with(|it| it.set(self.outer));
    }
}

/// Works on the frame of the innermost scope that is being polled. `None`: there is no such scope.
pub(crate) fn with_frame<T>(work: impl FnOnce(&mut Frame) -> T) -> Option<T> {
    let mut frame = FRAME.with(Cell::get)?;
    let result = work(&mut frame);
    FRAME.with(|it| it.set(Some(frame)));
    Some(result)
}
