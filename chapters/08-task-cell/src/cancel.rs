//! Cancelling: who is asked, who may clean up, and who is dropped.
//!
//! asyncio throws an exception into the coroutine at its `await`. A Rust future has no such door: it can be polled or
//! dropped. So dropping is what happens, at the task's turn and without another poll, *unless* the task is suspended
//! inside [`catch_cancel`]. That is the door: it lets the request come in as a value, and the task may go on, await
//! its clean-up, and end the cancellation with [`Cancelled::resume`].

use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use pin_project_lite::pin_project;
use wakers::contained;

use crate::task::{
    ANSWERED, CANCELLING, ENDING, Extras, RUNNING, TaskRef, inside, running, wake_task,
    with_frame,
};

// ANCHOR: scope
/// A call of `catch_cancel` that was polled and is pending: one that *may* be awaited.
#[derive(Default)]
pub(crate) struct Scope {
    /// What it was polled with last.
    waker: Option<Waker>,
    /// It was there when the last request came: then that is for it, whoever else answers.
    asked: bool,
}

/// One poll of a scope. It lasts as long as that, so nesting is always what it is now.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    /// The scope was not asked, and where it stands the request was answered before.
    beside: bool,
    /// What was done inside, in this poll.
    heard: Heard,
}

/// What a part of a task has done about cancelling; made by [`heard`].
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    /// A scope in it has answered the request to the task. Whoever ends this part is to
    /// [resume](Cancelled::resume).
    pub answered: bool,
    /// It has awaited [`Cancelled::resume`], and no scope in it has caught that. It wants
    /// to end.
    pub resumed: bool,
}
// ANCHOR_END: scope

// ANCHOR: requests
/// What a task was asked, while it is CANCELLING: one request at a time.
#[derive(Default, Clone, Copy)]
pub(crate) struct Requests {
    /// Before the poll that decides: every scope was woken for it.
    delivered: bool,
    /// A scope has answered it.
    answered: bool,
    /// How many more there are. Each waits until the one before it was answered.
    waiting: u64,
}
// ANCHOR_END: requests

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
    if task.state.has(CANCELLING) {
        task.with_extras(|extras| extras.requests.waiting += 1);
    } else if task.state.has(RUNNING) {
        // It is asked once its poll returns, unless it comes to a scope before.
        ask(task);
    } else {
        deliver(task);
    }
    true
}

/// Marks the scopes that the request is for.
fn ask(task: &TaskRef) {
    task.state.set(CANCELLING);
    task.with_extras(|extras| extras.scopes.values_mut().for_each(|it| it.asked = true));
}
// ANCHOR_END: cancel

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
    // hole: deliver — call `ask`, note that the request is delivered, wake every scope and the task; without a scope, end the task soon
    // tried by: cancel-and-catch, scopes, leftovers
    // also: cell
    if task.extras(|extras| extras.scopes.is_empty()) != Some(false) {
        return end_soon(task);
    }
    ask(task);
    let wakers = task.with_extras(|extras| {
        extras.requests.delivered = true;
        let wakers = extras.scopes.values_mut().map(|it| it.waker.take());
        Vec::from_iter(wakers.flatten())
    });
    for waker in wakers {
        // Foreign code.
        contained("a waker", || waker.wake());
    }
    // Its scopes may be kept, and not awaited: then their wakers lead nowhere.
    if !task.is_over() {
        wake_task(task);
    }
    // end hole
}
// ANCHOR_END: deliver

// ANCHOR: decide
/// After a poll that has left `task` pending, which was asked to end: whether it does here.
/// It does if there was a request before the poll that no scope has answered in it: what
/// was not polled is not awaited, and what was ready has given its value.
pub(crate) fn ends_after_poll(task: &TaskRef) -> bool {
    if task.state.has(ENDING) {
        return true;
    }
    let requests = task.with_extras(|extras| std::mem::take(&mut extras.requests));
    if requests.delivered && !requests.answered {
        return true;
    }
    // One that came during this poll, after the scopes had been polled, is still at hand.
    let at_hand = u64::from(!requests.answered);
    match requests.waiting + at_hand {
        0 => task.state.clear(CANCELLING),
        left => {
            task.with_extras(|extras| extras.requests.waiting = left - 1);
            deliver(task);
        }
    }
    false
}
// ANCHOR_END: decide

/// The cancellation of the task, caught by [`catch_cancel`].
///
/// ```
/// use event_loop::Clock;
/// use task_cell::{Cancelled, catch_cancel, spawn};
///
/// task_cell::run(Clock::virtual_time(), async {
///     let drive = spawn(catch_cancel(std::future::pending::<()>()));
///     polling::yield_now().await; // It has begun.
///     drive.cancel();
///     // It was caught, so the task ended with a value: this one.
///     assert_eq!(drive.await.unwrap(), Err(Cancelled));
/// });
/// ```
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
    /// ```
    /// use event_loop::Clock;
    /// use task_cell::{Cancelled, JoinError, spawn};
    ///
    /// task_cell::run(Clock::virtual_time(), async {
    ///     let task = spawn(async {
    ///         Cancelled::resume().await;
    ///         unreachable!("the task is over")
    ///     });
    ///     assert!(matches!(task.await, Err::<(), _>(JoinError::Cancelled)));
    /// });
    /// ```
    ///
    /// # Panics
    ///
    /// When awaited outside a task.
    #[track_caller]
    pub fn resume() -> Resume {
        Resume(Location::caller())
    }
}

/// The future of [`Cancelled::resume`].
#[derive(Debug)]
#[must_use = "a future does nothing unless it is awaited"]
pub struct Resume(&'static Location<'static>);

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
        let at = self.0;
        polling::suspended(at, "cancelled");
        if with_frame(|frame| frame.heard.resumed = true).is_none() {
            let Some(task) = running() else {
                panic!("Cancelled::resume (called at {at}) needs a task that it can end");
            };
            task.state.set(ENDING);
        }
        Poll::Pending
    }
}

/// Awaits `future`, and gives `Err(Cancelled)` if the task is cancelled meanwhile and `future` is still pending then.
///
/// The task is not over: it may clean up, awaiting if it needs to. [`Cancelled::resume`] ends it as cancelled; without
/// that it goes on. A second cancellation during the clean-up reaches the scope round it, or drops the task; so does one
/// that came together with the first: they are heard one after the other. If `future` has a value in the moment it is
/// asked to give up, the value is not lost: the cancellation comes at the task's very next suspension, which a scope
/// round it may catch.
///
/// Only a scope that is awaited counts. One that was polled once and is kept is not reached by the poll that follows
/// the request, which then goes to the next scope out, or to the task. Neither is a child that its `FuturesUnordered`
/// does not come to in that poll: it ends a poll early when two of its children have woken themselves in it.
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
        future: future.into_future(),
    }
}

// ANCHOR: catch-cancel
pin_project! {
    /// The future of [`catch_cancel`].
    #[must_use = "a future does nothing unless it is awaited"]
    pub struct CatchCancel<F> {
        // Dropped before the future: what that does in its drop is no part of the scope.
        registration: Option<Registration>,
        #[pin]
        future: F,
    }
}
// ANCHOR_END: catch-cancel

impl<F: Future> Future for CatchCancel<F> {
    type Output = Result<F::Output, Cancelled>;

    // What it holds may ask for the line of the `.await`: that of this one.
    #[track_caller]
    // ANCHOR: catch
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let registration = this.registration;
        let task = running();
        // One that was another task's takes no request of that along.
        registration.take_if(|it| Some(&it.task) != task.as_ref());
        let scope = inside(Frame::new(task.as_ref(), registration.as_ref()));
        let polled = this.future.poll(context);
        let frame = with_frame(|frame| *frame).expect("it is inside");
        drop(scope);
        with_frame(|outer| outer.heard.answered |= frame.heard.answered);
        if let Poll::Ready(value) = polled {
            *registration = None;
            return Poll::Ready(Ok(value));
        }
        // Cloning a waker is foreign code, which may cancel: before the look.
        let newest = context.waker().clone();
        if answers(task.as_ref(), registration.as_ref(), frame) {
            *registration = None;
            return Poll::Ready(Err(Cancelled));
        }
        // For `cancel` to find.
        if let Some(task) = task {
            let it = registration.get_or_insert_with(|| Registration::new(task));
            it.set_waker(newest);
        }
        Poll::Pending
    }
    // ANCHOR_END: catch
}

impl Frame {
    fn new(task: Option<&TaskRef>, scope: Option<&Registration>) -> Frame {
        let asked = scope.and_then(|it| it.scope(|scope| scope.asked));
        let beside = || {
            let around = with_frame(|it| it.beside || it.heard.answered);
            let answered = |extras: &mut Extras| extras.requests.answered;
            around.or(task.and_then(|it| it.extras(answered))) == Some(true)
        };
        Frame {
            beside: asked != Some(true) && beside(),
            heard: Heard::default(),
        }
    }
}

// ANCHOR: answers
/// Whether a scope whose future is pending answers with `Err(Cancelled)` now.
fn answers(task: Option<&TaskRef>, scope: Option<&Registration>, frame: Frame) -> bool {
    // It answers for all that is inside, and once.
    scope.map(|it| it.scope(|scope| scope.asked = false));
    let is_heard = frame.beside || frame.heard.answered;
    let asked = task.filter(|task| !is_heard && task.state.has(CANCELLING));
    if let Some(task) = asked {
        task.with_extras(|extras| extras.requests.answered = true);
        task.state.set(ANSWERED);
        with_frame(|outer| outer.heard.answered = true);
    }
    asked.is_some() || frame.heard.resumed
}
// ANCHOR_END: answers

/// Polls a part of this task that may end without the rest, such as a generator that is closed: what it resumes goes no
/// further out.
///
/// ```
/// use std::task::{Context, Waker};
/// use task_cell::{Cancelled, heard};
///
/// let mut part = std::pin::pin!(Cancelled::resume());
/// let mut context = Context::from_waker(Waker::noop());
/// let (polled, heard) = heard(|| part.as_mut().poll(&mut context));
/// assert!(polled.is_pending() && heard.resumed && !heard.answered);
/// ```
// ANCHOR: heard
pub fn heard<T>(poll: impl FnOnce() -> T) -> (T, Heard) {
    let scope = inside(Frame::new(running().as_ref(), None));
    let polled = poll();
    let heard = with_frame(|frame| frame.heard).expect("it is inside");
    drop(scope);
    with_frame(|outer| outer.heard.answered |= heard.answered);
    (polled, heard)
}
// ANCHOR_END: heard

// ANCHOR: registration
/// A scope's place in the list of its task.
struct Registration {
    task: TaskRef,
    key: u64,
}
// ANCHOR_END: registration

impl Registration {
    fn new(task: TaskRef) -> Registration {
        let key = task.with_extras(Extras::add_scope);
        Registration { task, key }
    }

    /// Works on the scope, unless its task is over. `work` runs no foreign code.
    fn scope<T>(&self, work: impl FnOnce(&mut Scope) -> T) -> Option<T> {
        let scope = |extras: &mut Extras| extras.scopes.get_mut(&self.key).map(work);
        self.task.extras(scope).flatten()
    }

    fn set_waker(&self, newest: Waker) {
        // Dropping the old one is foreign code: the new one is in its place then.
        let old = self.scope(|scope| scope.waker.replace(newest));
        contained("a waker", || drop(old));
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let scope = self.task.extras(|extras| extras.scopes.remove(&self.key));
        contained("a waker", || drop(scope));
    }
}
