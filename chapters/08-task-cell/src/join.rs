//! The handle of a task: its value, and all that a [`TaskHandle`] can do.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use polling::{awaited_at, suspended};
use wakers::{Callback, contained};

use crate::{JoinError, JoinHandle, TaskHandle};

impl<T> JoinHandle<T> {
    /// The task without its value: to cancel it, to name it, to be told of its end, also after this handle is gone.
    pub fn task_handle(&self) -> TaskHandle {
        TaskHandle::clone(self)
    }

    /// What it came to, while that is there: from the task's end until somebody has awaited the handle.
    pub fn result(&self) -> Option<Result<&T, JoinError>> {
        let value = self.value().map(Ok);
        value.or_else(|| self.0.error().map(Err))
    }

    /// From now on it is `waker` that is told of the end, after the callbacks that were asked for by now.
    // A call of its own: the poll that finds the value does without what this needs.
    #[inline(never)]
    fn joined_by(&self, waker: &Waker) {
        let task = &self.0;
        task.extras(|extras| extras.joined_after = extras.last_key);
        // The clone may panic, and then the old one stays.
        let old = task.joiner.replace(Some(waker.clone()));
        contained("a waker", || drop(old));
    }
}

impl<T: Clone + 'static> JoinHandle<T> {
    /// Calls `callback` with a clone of the result, in a turn of its own after the task's end.
    ///
    /// Who wants to know of the end and needs no value asks [`TaskHandle::on_end`].
    ///
    /// ```
    /// use event_loop::Clock;
    /// use task_cell::{promise, spawn};
    ///
    /// task_cell::run(Clock::virtual_time(), async {
    ///     let told = promise();
    ///     let teller = told.clone();
    ///     spawn(async { 7 }).add_done_callback(move |result| {
    ///         teller.set(*result.as_ref().unwrap()).unwrap();
    ///     });
    ///     assert_eq!(told.await, 7);
    /// });
    /// ```
    ///
    /// # Panics
    ///
    /// If the result was taken before; after the task's end also if its executor is closed.
    #[track_caller]
    pub fn add_done_callback(
        &self,
        callback: impl FnOnce(&Result<T, JoinError>) + 'static,
    ) {
        let now = |result: Result<T, JoinError>| -> Callback {
            Box::new(move || callback(&result))
        };
        if let Some(result) = self.result() {
            self.0.call_soon(now(result.cloned()));
            return;
        }
        assert!(
            !self.is_finished(),
            "{self}: its result is gone; add callbacks before you await the handle"
        );
        let value = self.cloner();
        self.0.at_end(Box::new(move |task| {
            let value = |()| value(task).expect("an end without an error has a value");
            now(task.end().map(value))
        }));
    }
}

// A handle points to its task's value; it holds none.
impl<T> Unpin for JoinHandle<T> {}

impl<T: 'static> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    // ANCHOR: join
    // Seen from here, the caller is the line of the `.await`.
    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if !self.is_finished() {
            // Foreign code, which may bring the task to its end: before the look.
            self.joined_by(context.waker());
        }
        if !self.is_finished() {
            suspended(awaited_at(self.0.spawned), "join");
            return Poll::Pending;
        }
        let Some(result) = self.take() else {
            let (name, at) = (self.name(), self.0.spawned);
            panic!("{name} (spawned at {at}): its result was taken; await a handle once");
        };
        Poll::Ready(result)
    }
    // ANCHOR_END: join
}

impl<T> fmt::Display for JoinHandle<T> {
    /// `Task-2 (spawned in taxi.rs)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

impl<T: fmt::Debug> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name();
        match self.result() {
            Some(Ok(value)) => write!(f, "{name} finished, result={value:?}"),
            None if self.is_finished() => write!(f, "{name} finished, result taken"),
            _ => fmt::Debug::fmt(&**self, f),
        }
    }
}
