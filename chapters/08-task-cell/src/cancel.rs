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
/// A call of `catch_cancel` that was polled and is pending: one that *may* be awaited.
#[derive(Default)]
pub(crate) struct Scope {
    /// What it was polled with last.
    waker: Cell<Option<Waker>>,
    /// It was there when the request came: then that is for it, whoever answers first.
    asked: Cell<bool>,
}

/// One poll of a scope. It is on the stack, so nesting is always what it is now.
#[derive(Default)]
pub(crate) struct Frame {
    /// The highest request that a scope further in has answered in this poll.
    answered: Cell<u8>,
    /// [`Cancelled::resume`] was awaited directly inside.
    resumed: Cell<bool>,
}

/// How often a task was asked to end, since it last had no request outstanding.
#[derive(Default, Clone, Copy)]
pub(crate) struct Requests {
    made: u8,
    /// As many of them were known before the poll that decides: every scope has been woken.
    delivered: u8,
    /// The highest that a scope has answered.
    answered: u8,
}
// ANCHOR_END: scope

// ANCHOR: cancel
/// Asks `task` to end. False if it is over.
pub(crate) fn cancel(task: &TaskRef) -> bool {
    if task.is_over() {
        return false;
    }
    task.traced.cancel_asked();
    if task.state.has(ENDING) {
        return true;
    }
    // A running task is asked once its poll returns, unless it comes to a scope before.
    let is_running = task.state.has(RUNNING);
    if is_running || has_scopes(task) {
        task.state.set(CANCELLING);
        task.with_extras(|extras| {
            extras.requests.made = extras.requests.made.saturating_add(1);
            extras.scopes.iter().for_each(|scope| scope.asked.set(true));
        });
    }
    if !is_running {
        deliver(task);
    }
    true
}
// ANCHOR_END: cancel

fn has_scopes(task: &TaskRef) -> bool {
    task.extras(|extras| !extras.scopes.is_empty()) == Some(true)
}

/// Has the future of `task` dropped at its next turn.
pub(crate) fn end_soon(task: &TaskRef) {
    if !task.is_over() {
        task.state.clear(CANCELLING);
        task.state.set(ENDING);
        // A running task ends once its poll returns.
        if !task.state.has(RUNNING) {
            wake_task(task);
        }
    }
}

// ANCHOR: deliver
/// Sees to it that every scope which can answer is reached by the next poll; without any,
/// the task ends.
fn deliver(task: &TaskRef) {
    // hole: deliver — note that the requests are delivered, wake every scope and the task; if there is no scope, end the task soon
    // tried by: cancel-and-catch, scopes, leftovers
    // also: cell
    if !has_scopes(task) {
        end_soon(task);
        return;
    }
    let scopes = task.with_extras(|extras| {
        extras.requests.delivered = extras.requests.made;
        extras.scopes.clone()
    });
    for scope in scopes {
        // Foreign code.
        let waker = scope.waker.take();
        waker.and_then(|waker| quietly(|| waker.wake()));
    }
    // Its scopes may be kept, and not awaited: then their wakers lead nowhere.
    if !task.is_over() {
        wake_task(task);
    }
    // end hole
}
// ANCHOR_END: deliver

// ANCHOR: decide
/// After a poll that has left `task` pending: whether it ends here. It does if there was a
/// request before the poll that no scope has answered in it: what was not polled is not
/// awaited, and what was ready has given its value.
pub(crate) fn ends_after_poll(task: &TaskRef) -> bool {
    if !task.state.has(CANCELLING | ENDING) {
        return false;
    }
    if task.state.has(ENDING) {
        return true;
    }
    let (unanswered, new) = task.with_extras(|extras| {
        let was = std::mem::take(&mut extras.requests);
        extras.requests.made = was.made - was.answered;
        extras
            .scopes
            .iter()
            .for_each(|scope| scope.asked.set(false));
        (was.answered < was.delivered, was.answered < was.made)
    });
    if !new {
        task.state.clear(CANCELLING);
    } else if !unanswered {
        // The task was asked during this poll, after its scopes had been polled.
        deliver(task);
    }
    unanswered
}
// ANCHOR_END: decide

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
        if current::with_frame(|frame| frame.resumed.set(true)).is_some() {
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
/// asked to give up, the value is not lost: the cancellation comes at the task's very next suspension, which a scope
/// round it may catch.
///
/// Only a scope that is awaited counts. One that was polled once and is kept is not reached by the poll that follows
/// the request, which then goes to the next scope out, or to the task.
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
        let frame = Frame::default();
        let polled = current::inside(&frame, || this.future.poll(context));
        let inside = frame.answered.get();
        current::with_frame(|outer| outer.answered.set(outer.answered.get().max(inside)));
        if let Poll::Ready(value) = polled {
            *this.registration = None;
            return Poll::Ready(Ok(value));
        }
        // Cloning a waker is foreign code, which may cancel: before the look.
        let newest = context.waker().clone();
        let task = current::task();
        register(this.registration, task.as_ref(), this.scope);
        if answers(task.as_ref(), this.scope, &frame) {
            *this.registration = None;
            return Poll::Ready(Err(Cancelled));
        }
        // For `cancel` to find. Dropping the old one is foreign code too: the new one is in
        // its place then.
        drop(this.scope.waker.replace(Some(newest)));
        Poll::Pending
    }
    // ANCHOR_END: catch
}

// ANCHOR: answers
/// Whether a scope whose future is pending answers with `Err(Cancelled)` now.
fn answers(task: Option<&TaskRef>, scope: &Scope, frame: &Frame) -> bool {
    let asked = scope.asked.take();
    let requests = match task {
        Some(task) if task.state.has(CANCELLING) => {
            task.extras(|extras| extras.requests).unwrap_or_default()
        }
        _ => Requests::default(),
    };
    // A request that was answered further in is not for this scope, and neither is one that
    // another scope has answered before this one was there.
    let beside = if asked { 0 } else { requests.answered };
    let passed = beside.max(frame.answered.get());
    if requests.made <= passed && !frame.resumed.get() {
        return false;
    }
    let answered = requests.made.min(passed.saturating_add(1));
    current::with_frame(|outer| outer.answered.set(outer.answered.get().max(answered)));
    task.and_then(|task| {
        task.extras(|extras| {
            let last = &mut extras.requests.answered;
            *last = answered.max(*last);
        })
    });
    true
}
// ANCHOR_END: answers

/// Enters `scope` in the list of `task`, unless it is there.
fn register(
    registration: &mut Option<Registration>,
    task: Option<&TaskRef>,
    scope: &Rc<Scope>,
) {
    let is_there = match (&registration, task) {
        (Some(registration), Some(task)) => registration.task.as_ptr() == task.as_ptr(),
        _ => false,
    };
    if !is_there {
        // One that comes from another task takes no request along.
        scope.asked.set(false);
        *registration = task.map(|task| Registration::new(task.clone(), scope));
    }
}

/// A scope's place in the list of its task.
struct Registration {
    task: TaskRef,
    scope: Rc<Scope>,
}

impl Registration {
    fn new(task: TaskRef, scope: &Rc<Scope>) -> Registration {
        task.with_extras(|extras| extras.scopes.push(Rc::clone(scope)));
        Registration {
            task,
            scope: Rc::clone(scope),
        }
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let is_other = |other: &Rc<Scope>| !Rc::ptr_eq(other, &self.scope);
        // Ours is kept by us, so nothing is dropped here.
        self.task.extras(|extras| extras.scopes.retain(is_other));
        drop(self.scope.waker.take());
    }
}
