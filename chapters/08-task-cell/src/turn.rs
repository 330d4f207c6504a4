//! The turn of a task: one poll, or its end.

use std::task::Poll;

use wakers::Callback;

use crate::cancel;
use crate::core::Core;
use crate::current;
use crate::join::JoinError;
use crate::queue::Entry;
use crate::sync::Ordering;
use crate::task::{ENDING, HANDLE, Payload, Prepare, ROOT, RUNNING, TaskRef, quietly};

impl Core {
    // ANCHOR: turn
    /// Gives `task` its turn. The runtime is entered.
    pub(crate) fn poll_task(&self, task: &TaskRef) {
        if !task.state.begin_turn() {
            return;
        }
        answer_mail(task);
        if task.state.has(ENDING) {
            self.end_cancelled(task);
            return;
        }
        task.state.set(RUNNING);
        task.traced.polled();
        let budget = polling::begin_poll();
        let polled = current::polling(task, || task.poll());
        drop(budget);
        task.state.clear(RUNNING);
        match polled {
            Poll::Pending => {
                task.traced.pending();
                task.suspended.set(polling::take_suspension());
                if cancel::ends_after_poll(task) {
                    self.end_cancelled(task);
                }
            }
            Poll::Ready(result) => self.end(task, result),
        }
    }
    // ANCHOR_END: turn

    fn end(&self, task: &TaskRef, result: Result<(), Payload>) {
        match result {
            Ok(()) => {
                task.traced.finished();
                self.finish(task);
            }
            Err(payload) => {
                let error = JoinError::panicked(payload);
                task.traced.panicked(&error.to_string());
                self.fail(task, error);
            }
        }
    }

    /// Ends a task that is not being polled as cancelled: its future is dropped where it stands.
    pub(crate) fn end_cancelled(&self, task: &TaskRef) {
        task.traced.dropping();
        // What its destructors do, they do as this task.
        current::polling(task, || task.drop_future());
        task.traced.cancelled();
        self.fail(task, JoinError::Cancelled);
    }

    fn fail(&self, task: &TaskRef, error: JoinError) {
        // For the callbacks, also if there is no handle any more.
        task.with_extras(|extras| extras.error = Some(error));
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
            quietly(|| drop(task.take_extras()));
            quietly(|| task.drop_output());
        }
    }

    /// Queues the callbacks and the joiner's wake, in the order in which they asked.
    fn tell(&self, task: &TaskRef, callbacks: Vec<Option<Callback>>) {
        let mut joiner = task.joiner.take();
        let wake = |joiner| quietly(|| std::task::Waker::wake(joiner));
        let before = task.extras(|extras| extras.joined_after).unwrap_or(0);
        for (position, callback) in callbacks.into_iter().enumerate() {
            if position == before {
                joiner.take().and_then(wake);
            }
            if let Some(callback) = callback {
                self.queue.push_call(trace::queued(callback));
            }
        }
        joiner.and_then(wake);
    }
}

/// The callbacks of a task that comes to its end, each with a clone of the result; none for a clone that has panicked.
fn prepare(task: &TaskRef) -> Vec<Option<Callback>> {
    let asked = task.extras(|extras| {
        let scopes = std::mem::take(&mut extras.scopes);
        (std::mem::take(&mut extras.callbacks), scopes)
    });
    let Some((callbacks, scopes)) = asked else {
        return Vec::new();
    };
    quietly(|| drop(scopes));
    // Cloning is foreign code.
    let ready = |prepare: Prepare| quietly(|| prepare(task));
    callbacks.into_iter().map(ready).collect()
}

// ANCHOR: answer
/// From here on a remote wake is mailed again. What was written before the ones that
/// were not mailed is seen by the poll that follows.
fn answer_mail(task: &TaskRef) {
    // hole: answer — take the bit back, so that the poll sees what was written before each wake that it stands for
    // tried by: cancel-and-catch, panics
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
