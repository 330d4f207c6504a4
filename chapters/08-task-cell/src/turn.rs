//! The turn of a task: one poll, or its end.

use std::task::{Poll, Waker};
use std::{iter, mem};

use ::tasks::MOST_ROUNDS;
use wakers::{Callback, contained, discard};

use crate::cancel;
use crate::core::Core;
use crate::queue::Entry;
use crate::sync::Ordering;
use crate::task::{CANCELLED, HANDLE, Prepare, ROOT, TaskRef};

impl Core {
    // ANCHOR: turn
    /// Gives `task` its turn. The runtime is entered.
    #[inline(always)]
    pub(crate) fn poll_task(&self, task: &TaskRef) {
        if !task.state.begin_poll() {
            if !task.is_over() {
                self.end_cancelled(task);
            }
            return;
        }
        answer_mail(task);
        task.traced.polled();
        let polled = task.poll();
        let asked = task.state.end_poll();
        match polled {
            Poll::Pending => {
                task.traced.pending();
                task.suspended.set(polling::take_suspension());
                if asked && cancel::ends_after_poll(task) {
                    self.end_cancelled(task);
                }
            }
            Poll::Ready(()) => {
                task.traced.ended(|| Some(task.error()?.to_string()));
                self.finish(task);
            }
        }
    }
    // ANCHOR_END: turn

    /// Ends a task that is not being polled as cancelled: its future is dropped where it stands.
    pub(crate) fn end_cancelled(&self, task: &TaskRef) {
        task.traced.dropping();
        task.drop_future();
        task.traced.cancelled();
        task.state.set(CANCELLED);
        self.finish(task);
    }

    /// The task is over, and its future gone: everybody who asked is queued, nothing runs here.
    fn finish(&self, task: &TaskRef) {
        // Before it is over, while nobody can take or drop the value that is cloned.
        let callbacks = prepare(task);
        task.end_life();
        self.tell(task, callbacks);
        if task.state.has(ROOT) {
            self.queue.push(Entry::Over(task.id));
        }
        if !task.state.has(HANDLE) {
            // Nobody will ask.
            task.discard();
        }
    }

    /// Queues the callbacks and the joiner's wake, in the order in which they asked.
    fn tell(&self, task: &TaskRef, callbacks: Option<Vec<Prepared>>) {
        let mut joiner = task.joiner.take();
        if let Some(callbacks) = callbacks {
            let before = task.extras(|extras| extras.joined_after).unwrap_or(0);
            for (key, callback) in callbacks {
                if key > before {
                    wake(joiner.take());
                }
                let callback = callback.into_iter().map(trace::queued);
                callback.for_each(|it| self.queue.push_call(it));
            }
        }
        wake(joiner);
    }
}

/// The callback of somebody who asked, by key; none if its result could not be cloned.
type Prepared = (u64, Option<Callback>);

/// The callbacks of a task that comes to its end, each with a result of its own.
fn prepare(task: &TaskRef) -> Option<Vec<Prepared>> {
    // Of scopes that were moved out of its future.
    let scopes = task.extras(|extras| mem::take(&mut extras.scopes))?;
    for scope in scopes.into_values() {
        discard("a waker", scope);
    }
    // Cloning is foreign code, which may ask for one more: that is in a later round.
    let ask = || task.extras(|extras| mem::take(&mut extras.callbacks));
    let rounds = iter::from_fn(ask).take_while(|asked| !asked.is_empty());
    let ready =
        |(key, prepare): (u64, Prepare)| (key, contained("a clone", || prepare(task)));
    Some(rounds.take(MOST_ROUNDS).flatten().map(ready).collect())
}

fn wake(joiner: Option<Waker>) {
    joiner.map(|it| contained("a waker", || it.wake()));
}

// ANCHOR: answer
/// From here on a remote wake is mailed again. What was written before the ones that
/// were not mailed is seen by the poll that follows.
fn answer_mail(task: &TaskRef) {
    // hole: answer — take the bit back, so that the poll sees what was written before each wake that it stands for
    // tried by: second-call, panics
    // also: cell, models
    // The bit is set by a thread that then mails. If this look is too early to see it,
    // its mail is not read yet, and brings another turn; so a plain read is enough where
    // nothing was mailed, which is nearly always.
    if task.mailed.load(Ordering::Relaxed) {
        task.mailed.swap(false, Ordering::Acquire);
    }
    // end hole
}
// ANCHOR_END: answer
