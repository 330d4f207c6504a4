//! What is running on this thread: a task, and the scope inside of it that is being polled.

use std::cell::Cell;
use std::ptr::NonNull;

use super::TaskRef;
use super::header::Header;
use crate::cancel::Frame;
#[cfg(loom)]
use crate::sync::CellKey as _;

#[derive(Clone, Copy)]
struct Running {
    /// Points to what a frame further up this stack refers to.
    task: Option<NonNull<Header>>,
    /// That of the innermost call of `catch_cancel` that is being polled.
    frame: Option<Frame>,
}

crate::sync::thread_local! {
    static RUNNING: Cell<Running> = const { Cell::new(Running { task: None, frame: None }) };
}

/// Restores what was running, also on unwind.
struct Restore(Running);

impl Drop for Restore {
    #[inline]
    fn drop(&mut self) {
        RUNNING.set(self.0);
    }
}

/// Runs `work` as `task`.
#[inline]
pub(crate) fn run_as<T>(task: &TaskRef, work: impl FnOnce() -> T) -> T {
    let _restore = Restore(RUNNING.replace(Running {
        task: Some(task.as_ptr()),
        frame: None,
    }));
    work()
}

/// The task that is running.
pub(crate) fn running() -> Option<TaskRef> {
    let task = RUNNING.get().task?;
    // SAFETY: it is set only while `run_as` runs, which borrows a reference to it, on the task's thread.
    Some(unsafe { TaskRef::one_more(task) })
}

/// What is polled until the guard is dropped is inside a scope, whose frame this is.
pub(crate) fn inside(frame: Frame) -> Inside {
    let running = RUNNING.get();
    RUNNING.set(Running {
        frame: Some(frame),
        ..running
    });
    Inside {
        frame,
        outer: running.frame,
    }
}

/// A scope is being polled; made by [`inside`].
pub(crate) struct Inside {
    frame: Frame,
    outer: Option<Frame>,
}

impl Inside {
    /// It was polled: what its frame has heard.
    pub(crate) fn end(self) -> Frame {
        RUNNING.get().frame.unwrap_or(self.frame)
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        RUNNING.set(Running {
            frame: self.outer,
            ..RUNNING.get()
        });
    }
}

/// Works on the frame of the innermost scope that is being polled. `None`: there is no such scope.
pub(crate) fn with_frame<T>(work: impl FnOnce(&mut Frame) -> T) -> Option<T> {
    let mut running = RUNNING.get();
    let result = work(running.frame.as_mut()?);
    RUNNING.set(running);
    Some(result)
}
