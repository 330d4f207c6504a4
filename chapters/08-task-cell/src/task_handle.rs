//! A task without the type of its value: what groups of tasks are built on.

use std::fmt;

use crate::cancel;
use crate::error::JoinError;
use crate::task::TaskRef;

/// A task, whatever its value is: to cancel it, to name it, to be told of its end. Clones are the same task.
///
/// It keeps neither the task nor its value: both go their way. Only the cell's memory stays as long as it does.
///
/// ```
/// use event_loop::Clock;
/// use std::time::Duration;
/// use task_cell::{TaskHandle, spawn};
/// use timers::sleep;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let number = spawn(async { 7 });
///     let text = spawn(async { sleep(Duration::from_secs(9)).await; "late" });
///     let both: [TaskHandle; 2] = [number.task_handle(), text.task_handle()];
///     both[1].on_end(|end| assert!(end.is_err()));
///     sleep(Duration::from_secs(1)).await;
///     assert!(both[0].is_finished());
///     assert_eq!(both.map(|task| task.cancel()), [false, true]);
/// });
/// ```
#[derive(Clone)]
pub struct TaskHandle(pub(crate) TaskRef);

impl TaskHandle {
    /// The task's number. Each executor counts its tasks, with the futures it was asked to run, from 1.
    pub fn id(&self) -> u64 {
        self.0.id
    }

    /// The task's name: `Task-N` unless it was given one.
    pub fn name(&self) -> String {
        self.0.name()
    }

    /// Whether the task has come to its end: with a value, by a panic, or cancelled.
    pub fn is_finished(&self) -> bool {
        self.0.is_over()
    }

    /// Whether it ended by being cancelled, aborted, or dropped with its executor.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Asks the task to end; see [`catch_cancel`](crate::catch_cancel). False if it is over already: then its value
    /// is kept.
    ///
    /// It ends at its turn, not here, and before its first poll its body never runs.
    pub fn cancel(&self) -> bool {
        cancel::cancel(&self.0)
    }

    /// Has the task's future dropped at its next turn, without asking. Does nothing if it is over.
    ///
    /// ```
    /// use event_loop::Clock;
    ///
    /// task_cell::run(Clock::virtual_time(), async {
    ///     let ride = task_cell::spawn(std::future::pending::<()>());
    ///     ride.abort();
    ///     assert!(!ride.is_finished()); // Its turn has not come.
    ///     assert!(ride.await.is_err());
    /// });
    /// ```
    pub fn abort(&self) {
        cancel::end_soon(&self.0);
    }

    // ANCHOR: on-end
    /// Calls `callback` in a turn of its own after the task's end, with an error if it
    /// ended without a value. Callbacks are called in the order in which they were asked
    /// for, those of [`add_done_callback`](crate::JoinHandle::add_done_callback) among
    /// them.
    ///
    /// # Panics
    ///
    /// If the task is over and its executor is closed.
    #[track_caller]
    pub fn on_end(&self, callback: impl FnOnce(Result<(), JoinError>) + 'static) {
        if self.is_finished() {
            let end = self.0.end();
            return self.0.call_soon(Box::new(move || callback(end)));
        }
        // The outer box is asked at the end how that was, and makes the inner one, which
        // is called in its turn.
        self.0.at_end(Box::new(move |task| {
            let end = task.end();
            Box::new(move || callback(end))
        }));
    }
    // ANCHOR_END: on-end
}

impl fmt::Display for TaskHandle {
    /// `Task-2 (spawned in taxi.rs)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.unfinished().fmt(f)
    }
}

impl fmt::Debug for TaskHandle {
    /// `Task-2 pending`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.name())?;
        match self.0.end() {
            _ if !self.is_finished() => f.write_str("pending"),
            Ok(()) => f.write_str("finished"),
            Err(error) => write_error(f, &error),
        }
    }
}

/// `cancelled`, or `panicked, "a flat tyre"`.
pub(crate) fn write_error(f: &mut fmt::Formatter<'_>, error: &JoinError) -> fmt::Result {
    match error {
        JoinError::Cancelled => f.write_str("cancelled"),
        JoinError::Panicked(panic) => write!(f, "panicked, {panic:?}"),
    }
}
