//! Which task is running on this thread, and what it may ask of its executor.

use std::cell::Cell;
use std::panic::Location;
use std::ptr::{self, NonNull};

use crate::cancel::Frame;
use crate::core::Core;
use crate::join::JoinHandle;
#[cfg(loom)]
use crate::sync::CellKey as _;
use crate::task::{Header, NewTask, TaskRef, is_entered, with_core};

/// What is running. Both point into a frame further up this stack.
#[derive(Clone, Copy)]
struct Running {
    task: Option<NonNull<Header>>,
    /// The innermost call of `catch_cancel` that is being polled.
    frame: *const Frame,
}

crate::sync::thread_local! {
    static RUNNING: Cell<Running> = const {
        Cell::new(Running {
            task: None,
            frame: ptr::null(),
        })
    };
}

/// Restores what was running, also on unwind.
struct Restore(Running);

impl Drop for Restore {
    fn drop(&mut self) {
        RUNNING.set(self.0);
    }
}

/// Runs `work` as `task`.
pub(crate) fn polling<T>(task: &TaskRef, work: impl FnOnce() -> T) -> T {
    let _restore = Restore(RUNNING.replace(Running {
        task: Some(task.as_ptr()),
        frame: ptr::null(),
    }));
    work()
}

/// Runs `work` inside `frame`.
pub(crate) fn inside<T>(frame: &Frame, work: impl FnOnce() -> T) -> T {
    let _restore = Restore(RUNNING.replace(Running {
        frame: ptr::from_ref(frame),
        ..RUNNING.get()
    }));
    work()
}

/// The task that is running.
pub(crate) fn task() -> Option<TaskRef> {
    let task = RUNNING.get().task?;
    // SAFETY: it is set only while `polling` runs, which borrows a reference to it, on the task's thread.
    Some(unsafe { TaskRef::one_more(task) })
}

/// Looks at the innermost scope that is being polled.
pub(crate) fn with_frame<T>(look: impl FnOnce(&Frame) -> T) -> Option<T> {
    let frame = RUNNING.get().frame;
    // SAFETY: it is not null only while `inside` runs, in a frame further up this stack, which borrows it.
    unsafe { frame.as_ref() }.map(look)
}

/// Runs `work` on the current executor, or panics at the caller's line.
#[track_caller]
pub(crate) fn current<T>(what: &str, work: impl FnOnce(&Core) -> T) -> T {
    assert!(
        is_entered(),
        "{what} needs an executor that is running on this thread: call it in a task, \
         or in the future given to task_cell::run"
    );
    with_core(work).expect("it is entered")
}

/// Makes a task of `future`: it starts when those already queued have had their turn. Its name is `Task-N`.
///
/// # Panics
///
/// If no executor is running on this thread.
#[track_caller]
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future<Output: 'static> + 'static,
{
    let future = NewTask::new(future);
    let location = Location::caller();
    current("spawn", |core| core.spawn(future, None, location))
}

/// [`spawn`] with a name of your own, for [`tasks`](crate::tasks) and messages.
///
/// ```
/// use event_loop::Clock;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let meter = task_cell::spawn_named("meter", async { 7 });
///     assert_eq!(meter.name(), "meter");
///     assert_eq!(meter.await.unwrap(), 7);
/// });
/// ```
///
/// # Panics
///
/// If no executor is running on this thread.
#[track_caller]
pub fn spawn_named<F>(name: impl Into<String>, future: F) -> JoinHandle<F::Output>
where
    F: Future<Output: 'static> + 'static,
{
    let future = NewTask::new(future);
    let location = Location::caller();
    let name = name.into();
    current("spawn_named", |core| {
        core.spawn(future, Some(name), location)
    })
}

/// Calls `callback` in a turn of its own, after those already queued.
///
/// # Panics
///
/// If no executor is running on this thread.
#[track_caller]
pub fn call_soon(callback: impl FnOnce() + 'static) {
    current("call_soon", |core| core.call_soon(Box::new(callback)));
}

/// Stops the executor at the end of its present turn.
///
/// # Panics
///
/// If no executor is running on this thread.
#[track_caller]
pub fn stop() {
    current("stop", |core| core.stopping.set(true));
}
