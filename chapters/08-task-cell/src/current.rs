//! What a task may ask of the executor that is running on this thread.

use std::panic::Location;

use crate::JoinHandle;
use crate::core::Core;
use crate::task::{NewTask, with_core};

/// Runs `work` on the current executor, or panics at the caller's line.
#[track_caller]
pub(crate) fn current<T>(what: &str, work: impl FnOnce(&Core) -> T) -> T {
    match with_core(work) {
        Some(result) => result,
        None => panic!(
            "{what} needs an executor that is running on this thread: call it in a task, \
             or in the future given to task_cell::run or taxi::run"
        ),
    }
}

/// Makes a task of `future`: it starts when those already queued have had their turn. Its name is `Task-N`.
///
/// ```
/// use event_loop::Clock;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let meter = task_cell::spawn(async { 7 });
///     assert_eq!(meter.name(), "Task-2");
///     assert_eq!(meter.await.unwrap(), 7);
/// });
/// ```
///
/// # Panics
///
/// If no executor is running on this thread.
#[track_caller]
pub fn spawn<F: Future<Output: 'static> + 'static>(future: F) -> JoinHandle<F::Output> {
    let (future, location) = (NewTask::new(future), Location::caller());
    current("spawn", |core| core.spawn(future, None, location))
}

/// [`spawn`] with a name of your own, for [`tasks()`](crate::tasks) and messages.
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
    let (future, name) = (NewTask::new(future), Some(name.into()));
    let location = Location::caller();
    current("spawn_named", |core| core.spawn(future, name, location))
}

/// Calls `callback` in a turn of its own, after those already queued.
///
/// ```
/// use event_loop::Clock;
/// use std::cell::RefCell;
/// use std::rc::Rc;
///
/// let heard = Rc::new(RefCell::new(Vec::new()));
/// let list = Rc::clone(&heard);
/// task_cell::run(Clock::virtual_time(), async move {
///     let second = Rc::clone(&list);
///     task_cell::call_soon(move || second.borrow_mut().push("called"));
///     list.borrow_mut().push("queued");
///     polling::yield_now().await;
/// });
/// assert_eq!(heard.take(), ["queued", "called"]);
/// ```
///
/// # Panics
///
/// If no executor is running on this thread.
#[track_caller]
pub fn call_soon(callback: impl FnOnce() + 'static) {
    current("call_soon", |core| core.call_soon(Box::new(callback)));
}

/// Stops the executor at the end of its present round.
///
/// ```
/// use wakers::ThreadPark;
///
/// let mut executor = task_cell::Executor::new(ThreadPark::new());
/// executor.call_soon(task_cell::stop);
/// executor.run_forever();
/// ```
///
/// # Panics
///
/// If no executor is running on this thread.
#[track_caller]
pub fn stop() {
    current("stop", |core| core.stopping.set(true));
}
