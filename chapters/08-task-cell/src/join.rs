//! The handle of a task: its result, who wants to know, and asking it to end.

use std::any::Any;
use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use wakers::Callback;

use crate::cancel;
use crate::task::{self, Outcome, Payload, Prepare, TaskRef};
use crate::tasks::name_of;

/// How a task ended, if not with a value.
#[derive(Clone)]
pub enum JoinError {
    /// It was cancelled or aborted, or dropped with its executor.
    Cancelled,
    /// It panicked.
    Panicked(Panic),
}

/// What a task panicked with.
#[derive(Clone)]
pub struct Panic(Arc<Mutex<Option<Payload>>>);

impl JoinError {
    pub(crate) fn panicked(payload: Payload) -> JoinError {
        JoinError::Panicked(Panic(Arc::new(Mutex::new(Some(payload)))))
    }
}

impl Panic {
    /// The message, if it was a text.
    pub fn message(&self) -> Option<String> {
        let payload = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let payload: &(dyn Any + Send) = &**payload.as_ref()?;
        let text = payload.downcast_ref::<&str>().map(ToString::to_string);
        text.or_else(|| payload.downcast_ref::<String>().cloned())
    }

    /// What it panicked with: to go on with [`resume_unwind`](std::panic::resume_unwind). `None` if a clone of this
    /// has given it away.
    pub fn into_payload(self) -> Option<Box<dyn Any + Send>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JoinError::Cancelled => f.write_str("the task was cancelled"),
            JoinError::Panicked(panic) => match panic.message() {
                Some(message) => write!(f, "the task panicked: {message}"),
                None => f.write_str("the task panicked"),
            },
        }
    }
}

impl fmt::Debug for JoinError {
    /// `Cancelled`, or `Panicked("a flat tyre")`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JoinError::Cancelled => f.write_str("Cancelled"),
            JoinError::Panicked(panic) => {
                let message = panic.message();
                write!(f, "Panicked({:?})", message.as_deref().unwrap_or("…"))
            }
        }
    }
}

impl fmt::Debug for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Panic({:?})", self.message().as_deref().unwrap_or("…"))
    }
}

impl std::error::Error for JoinError {}

/// Names a spawned task. Awaiting it gives the task's value, or why there is none. Dropping it lets the task run on.
///
/// Awaiting a task that is over does not suspend.
#[must_use = "dropping the handle lets the task run on without anybody who knows its end"]
pub struct JoinHandle<T> {
    outcome: Outcome<T>,
}

impl<T> JoinHandle<T> {
    pub(crate) fn new(outcome: Outcome<T>) -> JoinHandle<T> {
        JoinHandle { outcome }
    }

    fn task(&self) -> &TaskRef {
        self.outcome.task()
    }

    /// Whether the task has come to its end: with a value, by a panic, or cancelled.
    pub fn is_finished(&self) -> bool {
        self.task().is_over()
    }

    /// Whether it ended by being cancelled, aborted, or dropped with its executor.
    pub fn is_cancelled(&self) -> bool {
        matches!(self.error(), Some(JoinError::Cancelled))
    }

    /// The task's number. Each executor counts its tasks, with the futures it was asked to run, from 1.
    pub fn id(&self) -> u64 {
        self.task().id
    }

    /// The task's name: `Task-N` unless it was given one.
    pub fn name(&self) -> String {
        name_of(self.task())
    }

    /// Asks the task to end; see [`catch_cancel`](crate::catch_cancel). False if it is over already: then its value
    /// is kept.
    ///
    /// It ends at its turn, not here, and before its first poll its body never runs.
    pub fn cancel(&self) -> bool {
        cancel::cancel(self.task())
    }

    /// Has the task's future dropped at its next turn, without asking. Does nothing if it is over.
    pub fn abort(&self) {
        cancel::end_soon(self.task());
    }

    fn error(&self) -> Option<JoinError> {
        error_of(self.task())
    }

    /// What it came to, while that is there: from the task's end until somebody has awaited the handle.
    pub fn result(&self) -> Option<Result<&T, JoinError>> {
        match self.outcome.get() {
            Some(value) => Some(Ok(value)),
            None => self.error().map(Err),
        }
    }
}

fn error_of(task: &TaskRef) -> Option<JoinError> {
    task.extras(|extras| extras.error.clone()).flatten()
}

impl<T: Clone + 'static> JoinHandle<T> {
    /// Calls `callback` with a clone of the result, in a turn of its own after the task's end.
    ///
    /// # Panics
    ///
    /// If the result was taken before; after the task's end also if its executor is closed.
    #[track_caller]
    pub fn add_done_callback(
        &self,
        callback: impl FnOnce(&Result<T, JoinError>) + 'static,
    ) {
        let task = self.task();
        let now = |result: Result<T, JoinError>| -> Callback {
            Box::new(move || callback(&result))
        };
        if let Some(result) = self.result() {
            let callback = now(result.cloned());
            // Outside a run it goes by mail, which an executor that is closed refuses.
            assert!(
                task::call_soon(task, callback),
                "the executor is closed: make a new one with Executor::new"
            );
            return;
        }
        assert!(
            !task.is_over(),
            "{self}: its result is gone; add callbacks before you await the handle"
        );
        let value = self.outcome.cloner();
        let prepare: Prepare = Box::new(move |task| {
            now(match error_of(task) {
                Some(error) => Err(error),
                None => Ok(value(task).expect("an end without an error has a value")),
            })
        });
        task.with_extras(|extras| extras.callbacks.push(prepare));
    }
}

/// The future of awaiting a [`JoinHandle`]. It knows the line of the `.await`.
#[must_use = "a future does nothing unless it is awaited"]
pub struct Joining<'a, T> {
    handle: Held<'a, T>,
    location: &'static Location<'static>,
}

enum Held<'a, T> {
    Own(JoinHandle<T>),
    Lent(&'a mut JoinHandle<T>),
}

impl<T: 'static> IntoFuture for JoinHandle<T> {
    type Output = Result<T, JoinError>;
    type IntoFuture = Joining<'static, T>;

    #[track_caller]
    fn into_future(self) -> Joining<'static, T> {
        Joining {
            handle: Held::Own(self),
            location: Location::caller(),
        }
    }
}

/// Awaits the task and keeps the handle, to look at it afterwards.
impl<'a, T: 'static> IntoFuture for &'a mut JoinHandle<T> {
    type Output = Result<T, JoinError>;
    type IntoFuture = Joining<'a, T>;

    #[track_caller]
    fn into_future(self) -> Joining<'a, T> {
        Joining {
            handle: Held::Lent(self),
            location: Location::caller(),
        }
    }
}

impl<T> Joining<'_, T> {
    fn handle(&mut self) -> &mut JoinHandle<T> {
        match &mut self.handle {
            Held::Own(handle) => handle,
            Held::Lent(handle) => handle,
        }
    }
}

// A handle points to its task's value; it holds none.
impl<T> Unpin for Joining<'_, T> {}

impl<T> Future for Joining<'_, T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let location = self.location;
        let handle = self.handle();
        // Cloning a waker is code of others, which may bring the task to its end: before the look.
        let same = |waker: &Waker| waker.will_wake(context.waker());
        let old = handle.task().joiner.take();
        let newest = match old.as_ref().is_some_and(same) {
            true => None,
            false => Some(context.waker().clone()),
        };
        if handle.is_finished() {
            return Poll::Ready(match handle.outcome.take() {
                Some(value) => Ok(value),
                None => Err(handle.error().unwrap_or_else(|| {
                    panic!("{handle}: its result was taken; await a handle once")
                })),
            });
        }
        let task = handle.task();
        task.extras(|extras| extras.joined_after = extras.callbacks.len());
        // And so is dropping one: after the new one is in its place.
        let (newest, old) = match newest {
            Some(newest) => (Some(newest), old),
            None => (old, None),
        };
        task.joiner.set(newest);
        drop(old);
        polling::suspended(location, "join");
        Poll::Pending
    }
}

impl<T> Drop for Joining<'_, T> {
    fn drop(&mut self) {
        drop(self.handle().task().joiner.take());
    }
}

impl<T> fmt::Display for JoinHandle<T> {
    /// `Task-2 (spawned in taxi.rs)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::Unfinished::of(self.task()).fmt(f)
    }
}

impl<T: fmt::Debug> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.name())?;
        match self.result() {
            Some(Ok(value)) => write!(f, "finished, result={value:?}"),
            Some(Err(JoinError::Cancelled)) => f.write_str("cancelled"),
            Some(Err(JoinError::Panicked(panic))) => {
                write!(
                    f,
                    "panicked, {:?}",
                    panic.message().as_deref().unwrap_or("…")
                )
            }
            None if self.is_finished() => f.write_str("finished, result taken"),
            None => f.write_str("pending"),
        }
    }
}
