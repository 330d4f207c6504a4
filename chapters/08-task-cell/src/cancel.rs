//! Cancelling: who is asked, who may clean up, and who is dropped.
//!
//! asyncio throws an exception into the coroutine at its `await`. A Rust future has no such door: it can be polled or
//! dropped. So dropping is what happens, at the task's turn and without another poll, *unless* the task is suspended
//! inside [`catch_cancel`]. That is the door: it lets the request come in as a value, and the task may go on, await
//! its clean-up, and end the cancellation with [`Cancelled::resume`].

use std::cell::Cell;
use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use pin_project_lite::pin_project;

use crate::current;
use crate::task::{CANCELLING, ENDING, RUNNING, TaskRef, quietly, wake_task};

// ANCHOR: scope
/// A call of `catch_cancel` that is being polled or suspended.
#[derive(Default)]
pub(crate) struct Scope {
    /// It is to give up, if what it holds is still pending.
    asked: Cell<bool>,
    /// Whom it was polled with last.
    waker: Cell<Option<Waker>>,
    /// How many scopes are registered directly inside.
    inner: Cell<usize>,
}
// ANCHOR_END: scope

// ANCHOR: cancel
/// Asks `task` to end. False if it is over.
pub(crate) fn cancel(task: &TaskRef) -> bool {
    if task.is_over() {
        return false;
    }
    task.traced.cancel_asked();
    let state = &task.state;
    if state.has(ENDING | CANCELLING) {
        // It has been asked, and has not had its turn.
        return true;
    }
    state.set(CANCELLING);
    // Who is running now is asked when he stops.
    if !state.has(RUNNING) {
        deliver(task);
    }
    true
}
// ANCHOR_END: cancel

/// Has the future of `task` dropped at its next turn.
pub(crate) fn end_soon(task: &TaskRef) {
    if !task.is_over() {
        task.state.clear(CANCELLING);
        task.state.set(ENDING);
        // Who is running now ends when he stops.
        if !task.state.has(RUNNING) {
            wake_task(task);
        }
    }
}

// ANCHOR: deliver
/// Tells the innermost scopes; without any, the task ends.
fn deliver(task: &TaskRef) {
    // hole: deliver — ask and wake every scope that has none inside; if there is none, end the task soon
    // tried by: cancel-and-catch, scopes, leftovers
    // also: cell
    let innermost = |scope: &&Rc<Scope>| scope.inner.get() == 0;
    let asked: Option<Vec<_>> =
        task.extras(|extras| extras.scopes.iter().filter(innermost).cloned().collect());
    match asked {
        Some(scopes) if !scopes.is_empty() => {
            for scope in scopes {
                scope.asked.set(true);
                // Code of others.
                scope
                    .waker
                    .take()
                    .and_then(|waker| quietly(|| waker.wake()));
            }
        }
        _ => end_soon(task),
    }
    // end hole
}
// ANCHOR_END: deliver

/// After a poll that has left `task` pending: whether it ends here. A request that came during the poll is delivered,
/// and so is one whose scope was dropped, or had its value ready, before it could give up.
pub(crate) fn ends_after_poll(task: &TaskRef) -> bool {
    if !task.state.has(CANCELLING | ENDING) {
        return false;
    }
    if task.state.has(ENDING) {
        return true;
    }
    let is_asked = |scope: &Rc<Scope>| scope.asked.get();
    let under_way = task.extras(|extras| extras.scopes.iter().any(is_asked));
    if under_way != Some(true) {
        deliver(task);
    }
    false
}

/// The cancellation of the task, caught by [`catch_cancel`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancelled;

impl fmt::Display for Cancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the task was cancelled")
    }
}

impl std::error::Error for Cancelled {}

impl Cancelled {
    /// Goes on with the cancellation that was caught: awaiting it does not return. The next [`catch_cancel`] further
    /// out catches it; without one, the task ends as cancelled.
    ///
    /// # Panics
    ///
    /// When awaited outside a task.
    #[track_caller]
    pub fn resume() -> Resume {
        Resume {
            place: Location::caller(),
        }
    }
}

/// The future of [`Cancelled::resume`].
#[derive(Debug)]
#[must_use = "a future does nothing unless it is awaited"]
pub struct Resume {
    place: &'static Location<'static>,
}

/// A way to name `!`, which has no name yet: it is what this function type returns.
pub trait Returns {
    /// What it returns.
    type Type;
}

impl<T> Returns for fn() -> T {
    type Type = T;
}

impl Future for Resume {
    type Output = <fn() -> ! as Returns>::Type;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        polling::suspended(self.place, "cancelled");
        if current::with_scope(|scope| scope.asked.set(true)).is_some() {
            return Poll::Pending;
        }
        match current::task() {
            Some(task) => task.state.set(ENDING),
            None => panic!(
                "Cancelled::resume (called at {}) needs a task that it can end",
                self.place
            ),
        }
        Poll::Pending
    }
}

/// Awaits `future`, and gives `Err(Cancelled)` if the task is cancelled meanwhile and `future` is still pending then.
///
/// The task is not over: it may clean up, awaiting if it needs to. [`Cancelled::resume`] ends it as cancelled; without
/// that it goes on. A second cancellation during the clean-up drops it. If `future` has a value in the moment it is
/// asked to give up, the value is not lost: the cancellation comes at the task's next suspension.
///
/// ```
/// use event_loop::Clock;
/// use std::time::Duration;
/// use task_cell::{Cancelled, JoinError, catch_cancel, spawn};
/// use timers::sleep;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let drive = spawn(async {
///         if let Err(Cancelled) = catch_cancel(sleep(Duration::from_secs(60))).await {
///             sleep(Duration::from_secs(1)).await; // back to the garage
///             Cancelled::resume().await;
///         }
///     });
///     sleep(Duration::from_secs(5)).await;
///     assert!(drive.cancel());
///     assert!(matches!(drive.await, Err(JoinError::Cancelled)));
/// });
/// ```
pub fn catch_cancel<F: IntoFuture>(future: F) -> CatchCancel<F::IntoFuture> {
    CatchCancel {
        registration: None,
        scope: Rc::default(),
        future: future.into_future(),
    }
}

pin_project! {
    /// The future of [`catch_cancel`].
    #[must_use = "a future does nothing unless it is awaited"]
    pub struct CatchCancel<F> {
        // Dropped before the future: what that does in its drop is no part of the scope.
        registration: Option<Registration>,
        scope: Rc<Scope>,
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for CatchCancel<F> {
    type Output = Result<F::Output, Cancelled>;

    // ANCHOR: catch
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let scope = &**this.scope;
        if let Poll::Ready(value) =
            current::inside(this.scope, || this.future.poll(context))
        {
            *this.registration = None;
            return Poll::Ready(Ok(value));
        }
        // Cloning a waker is code of others, which may cancel: before the look.
        let newest = context.waker().clone();
        let task = current::task();
        if scope.asked.take() {
            *this.registration = None;
            if let Some(task) = task {
                task.state.clear(CANCELLING);
            }
            return Poll::Ready(Err(Cancelled));
        }
        // For `cancel` to find.
        register(this.registration, task, this.scope);
        // Dropping one is code of others too: the new one is in its place then.
        drop(scope.waker.replace(Some(newest)));
        Poll::Pending
    }
    // ANCHOR_END: catch
}

/// Enters `scope` in the list of `task`, unless it is there.
fn register(
    registration: &mut Option<Registration>,
    task: Option<TaskRef>,
    scope: &Rc<Scope>,
) {
    let is_there = match (&registration, &task) {
        (Some(registration), Some(task)) => registration.task.as_ptr() == task.as_ptr(),
        _ => false,
    };
    if !is_there {
        *registration = task.map(|task| Registration::new(task, scope));
    }
}

/// A scope's place in its task.
struct Registration {
    task: TaskRef,
    scope: Rc<Scope>,
    /// The scope that it is directly inside of.
    parent: Option<Rc<Scope>>,
}

impl Registration {
    fn new(task: TaskRef, scope: &Rc<Scope>) -> Registration {
        let parent = current::with_scope(Rc::clone);
        if let Some(parent) = &parent {
            parent.inner.set(parent.inner.get() + 1);
        }
        task.with_extras(|extras| extras.scopes.push(Rc::clone(scope)));
        Registration {
            task,
            scope: Rc::clone(scope),
            parent,
        }
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        if let Some(parent) = &self.parent {
            parent.inner.set(parent.inner.get() - 1);
        }
        let is_other = |other: &Rc<Scope>| !Rc::ptr_eq(other, &self.scope);
        // Ours is kept by us, so nothing is dropped here.
        self.task.extras(|extras| extras.scopes.retain(is_other));
        drop(self.scope.waker.take());
    }
}
