//! A task without the type of its value: what groups of tasks are built on.

use std::fmt;

use wakers::{Callback, discard};

use crate::task::{ANSWERED, CANCELLED, CANCELLING, ENDING, TaskRef};
use crate::{JoinError, cancel};

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
        self.0.state.has(CANCELLED)
    }

    /// How it has ended, if it is over: with a value, which its [`JoinHandle`](crate::JoinHandle) has, or with an error.
    ///
    /// ```
    /// use event_loop::Clock;
    ///
    /// task_cell::run(Clock::virtual_time(), async {
    ///     let ride = task_cell::spawn(async {});
    ///     assert!(ride.end().is_none());
    ///     polling::yield_now().await;
    ///     assert!(matches!(ride.end(), Some(Ok(()))));
    /// });
    /// ```
    pub fn end(&self) -> Option<Result<(), JoinError>> {
        self.is_finished().then(|| self.0.end())
    }

    /// Whether it was asked to end, and has not answered, or only in its last poll: then it may be cleaning up.
    ///
    /// Who is asked to end together with its children need not ask them once more.
    ///
    /// ```
    /// use event_loop::Clock;
    /// use task_cell::{catch_cancel, spawn};
    ///
    /// task_cell::run(Clock::virtual_time(), async {
    ///     let ride = spawn(async {
    ///         let _caught = catch_cancel(std::future::pending::<()>()).await;
    ///         std::future::pending::<()>().await
    ///     });
    ///     polling::yield_now().await;
    ///     ride.cancel();
    ///     assert!(ride.is_cancelling());
    ///     polling::yield_now().await;
    ///     assert!(ride.is_cancelling() && !ride.is_finished());
    /// });
    /// ```
    pub fn is_cancelling(&self) -> bool {
        !self.is_finished() && self.0.state.has(CANCELLING | ENDING | ANSWERED)
    }

    /// Whether a [scope](crate::catch_cancel) has answered a request to end in its last poll.
    ///
    /// ```
    /// use event_loop::Clock;
    /// use task_cell::{catch_cancel, spawn};
    ///
    /// task_cell::run(Clock::virtual_time(), async {
    ///     let ride = spawn(catch_cancel(std::future::pending::<()>()));
    ///     polling::yield_now().await;
    ///     ride.cancel();
    ///     assert!(!ride.has_answered());
    ///     polling::yield_now().await;
    ///     assert!(ride.has_answered() && ride.is_finished());
    /// });
    /// ```
    pub fn has_answered(&self) -> bool {
        self.0.state.has(ANSWERED)
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

    /// The `data` of the task's own wakers; and, if somebody awaits its handle, that of the waker that will be woken. So
    /// whoever has many tasks can find out which of them awaits which.
    ///
    /// ```
    /// use event_loop::Clock;
    ///
    /// task_cell::run(Clock::virtual_time(), async {
    ///     let ride = task_cell::spawn(std::future::pending::<()>());
    ///     let (inner, outer) = (ride.task_handle(), task_cell::spawn(ride));
    ///     polling::yield_now().await;
    ///     assert_eq!(inner.waker_data().1, Some(outer.waker_data().0));
    /// });
    /// ```
    pub fn waker_data(&self) -> (*const (), Option<*const ()>) {
        let joiner = self.0.joiner.take();
        let data = joiner.as_ref().map(|it| it.data());
        self.0.joiner.set(joiner);
        (self.0.as_ptr().as_ptr().cast(), data)
    }

    // ANCHOR: on-end
    /// Calls `callback` in a turn of its own after the task's end, with an error if it
    /// ended without a value. Callbacks are called in the order in which they were asked
    /// for, those of [`add_done_callback`](crate::JoinHandle::add_done_callback) among
    /// them.
    ///
    /// What comes back takes the request back: see [`forget`](TaskHandle::forget).
    ///
    /// # Panics
    ///
    /// If the task is over and its executor is closed.
    #[track_caller]
    pub fn on_end(
        &self,
        callback: impl FnOnce(Result<(), JoinError>) + 'static,
    ) -> EndKey {
        // Asked at the end how that was, and makes what is called in its turn.
        let prepare = |task: &TaskRef| -> Callback {
            let end = task.end();
            Box::new(move || callback(end))
        };
        if self.is_finished() {
            self.0.call_soon(prepare(&self.0));
            return EndKey(0);
        }
        EndKey(self.0.at_end(Box::new(prepare)))
    }
    // ANCHOR_END: on-end

    /// Takes back what was asked for by [`on_end`](TaskHandle::on_end) of this task, unless it is queued already:
    /// the callback is dropped.
    ///
    /// ```
    /// use event_loop::Clock;
    ///
    /// task_cell::run(Clock::virtual_time(), async {
    ///     let ride = task_cell::spawn(async {});
    ///     let key = ride.on_end(|_| unreachable!("nobody wants to know any more"));
    ///     ride.forget(key);
    ///     ride.await.unwrap();
    /// });
    /// ```
    pub fn forget(&self, key: EndKey) {
        let callback = self.0.extras(|extras| extras.callbacks.remove(&key.0));
        discard("a callback's destructor", callback);
    }
}

/// Names a callback that a task calls at its end; made by [`on_end`](TaskHandle::on_end).
#[derive(Debug)]
pub struct EndKey(u64);

impl fmt::Display for TaskHandle {
    /// `Task-2 (spawned in taxi.rs)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.unfinished().fmt(f)
    }
}

impl fmt::Debug for TaskHandle {
    /// `Task-2 pending`, `Task-2 cancelled`, `Task-2 panicked, "a flat tyre"`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.name())?;
        match self.end() {
            None => f.write_str("pending"),
            Some(Ok(())) => f.write_str("finished"),
            Some(Err(JoinError::Cancelled)) => f.write_str("cancelled"),
            Some(Err(JoinError::Panicked(panic))) => write!(f, "panicked, {panic:?}"),
        }
    }
}
