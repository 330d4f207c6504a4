//! How long one task may go on without letting the others have their turn.

use std::cell::Cell;
use std::marker::PhantomData;
use std::task::{Context, Poll};

use crate::suspension;

// ANCHOR: left
/// The budget of what none of our loops polls.
const UNLIMITED: u32 = u32::MAX;

thread_local! {
    /// How often the leaves of a task may be ready in one poll of it.
    static BUDGET: Cell<u32> = const { Cell::new(128) };
    /// What is left of the present poll's budget. Without a destructor, so that it costs
    /// a plain load and a store.
    static LEFT: Cell<u32> = const { Cell::new(UNLIMITED) };
}
// ANCHOR_END: left

// ANCHOR: begin-poll
/// What a loop calls before it polls a task: the poll has a budget, of 128 unless
/// [`set_budget`] was called, and no leaf has said yet where it is
/// [`suspended`](crate::suspended). The budget ends with the guard.
///
/// Outside of such a poll there is no limit: a loop that knows nothing of budgets would
/// poll a future without one again and again.
///
/// ```
/// use std::task::{Context, Waker};
///
/// let context = Context::from_waker(Waker::noop());
/// let poll = polling::begin_poll();
/// while polling::spend(&context).is_ready() {}
/// drop(poll);
/// // No limit where no loop has begun a poll.
/// assert!(polling::spend(&context).is_ready());
/// ```
#[inline]
pub fn begin_poll() -> PollGuard {
    suspension::forget();
    PollGuard {
        before: LEFT.replace(BUDGET.get()),
        not_send: PhantomData,
    }
}
// ANCHOR_END: begin-poll

/// Has the polls that this thread begins from now on a budget of `ready`, or of 1 if that is 0. The budget that was
/// there before.
///
/// ```
/// use std::task::{Context, Waker};
///
/// let before = polling::set_budget(3);
/// assert_eq!(before, 128);
/// let context = Context::from_waker(Waker::noop());
/// let poll = polling::begin_poll();
/// let ready = (0..).take_while(|_| polling::spend(&context).is_ready());
/// assert_eq!(ready.count(), 3);
/// drop(poll);
/// polling::set_budget(before);
/// ```
pub fn set_budget(ready: u32) -> u32 {
    BUDGET.replace(ready.max(1))
}

// ANCHOR: guard
/// A poll that lasts; made by [`begin_poll`].
#[derive(Debug)]
#[must_use = "the poll's budget ends when this is dropped"]
pub struct PollGuard {
    before: u32,
    /// The budget is the thread's.
    not_send: PhantomData<*const ()>,
}

impl Drop for PollGuard {
    #[inline]
    fn drop(&mut self) {
        LEFT.set(self.before);
    }
}
// ANCHOR_END: guard

// ANCHOR: spend
/// What a leaf future calls that might be ready every time: `Ready` 128 times in one poll
/// of the task, then `Pending`, and the task is woken.
///
/// The budget is the task's and not the leaf's. So it stays at zero until the loop polls
/// the task again: whichever of its futures goes on, it has to stop.
///
/// ```
/// use std::task::{Context, Poll, Waker};
///
/// let context = Context::from_waker(Waker::noop());
/// let _poll = polling::begin_poll();
/// let ready = (0..).take_while(|_| polling::spend(&context).is_ready());
/// assert_eq!(ready.count(), 128);
/// ```
#[inline]
pub fn spend(context: &Context<'_>) -> Poll<()> {
    // hole: spend — ready while there is a limit and something left, or no limit; else wake the task, and be pending
    // tried by: always-ready
    // also: polling
    match LEFT.get() {
        UNLIMITED => {}
        0 => {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        left => LEFT.set(left - 1),
    }
    Poll::Ready(())
    // end hole
}
// ANCHOR_END: spend
