//! How long one task may go on without letting others.

use std::cell::Cell;
use std::task::{Context, Poll};

/// How many operations a task may do in one turn of the loop.
const BUDGET: u32 = 128;

thread_local! {
    /// Whose budget it is, by its waker's address, and how much is left.
    static LEFT: Cell<(usize, u32)> = const { Cell::new((0, BUDGET)) };
}

// ANCHOR: budget
/// Ready while the task has budget left in this turn; then it goes to the back of the
/// queue.
///
/// A socket that always has more to read would never let its task stop, and timers and
/// other tasks would wait for ever.
pub(crate) fn spend(context: &Context<'_>) -> Poll<()> {
    // hole: spend — ready 128 times in one turn of a task; then wake it, and be pending
    // tried by: busy
    // also: readiness
    let whose = context.waker().data().addr();
    let left = match LEFT.get() {
        (task, left) if task == whose => left,
        _ => BUDGET,
    };
    if left == 0 {
        // For the next future of the same task: a `join` must not starve it.
        LEFT.set((whose, BUDGET));
        context.waker().wake_by_ref();
        return Poll::Pending;
    }
    LEFT.set((whose, left - 1));
    Poll::Ready(())
    // end hole
}
// ANCHOR_END: budget

/// A new turn of the loop, a new budget.
pub(crate) fn renew() {
    LEFT.set((0, BUDGET));
}
