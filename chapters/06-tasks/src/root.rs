//! The future that the executor was asked to run.

use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use polling::begin_poll;
use wakers::{Held, contained};

use crate::current::Shared;
use crate::ready::{Entry, TaskWaker};

// ANCHOR: struct
/// It stays where it is, so it need not be `'static`, and is in all else a task.
pub(crate) struct Root<'f, F: Future> {
    pub(crate) id: u64,
    future: Held<'f, F>,
    /// What it has come to, until that is taken.
    pub(crate) output: Option<F::Output>,
    queue: Arc<TaskWaker>,
    waker: Waker,
}
// ANCHOR_END: struct

impl<'f, F: Future> Root<'f, F> {
    /// Gives `future` a number and a waker, and its first entry in the queue.
    pub(crate) fn new(shared: &Shared, future: Held<'f, F>) -> Root<'f, F> {
        let id = shared.next_id();
        let _traced = trace::Task::root(id);
        let (queue, waker) = TaskWaker::queued(id, &shared.ready);
        Root {
            id,
            future,
            output: None,
            queue,
            waker,
        }
    }

    /// Polls it. Its end ends the run, but not at once: that takes an entry too, as it does in asyncio.
    pub(crate) fn poll(&mut self, shared: &Shared) {
        if self.output.is_some() {
            return;
        }
        self.queue.leaves_queue();
        let mut context = Context::from_waker(&self.waker);
        let _poll = begin_poll();
        self.queue.traced.polled();
        let Poll::Ready(output) = self.future.poll(&mut context) else {
            self.queue.traced.pending();
            return;
        };
        self.queue.traced.finished();
        self.output = Some(output);
        shared.ready.push(Entry::Over(self.id));
    }
}

impl<F: Future> Drop for Root<'_, F> {
    /// Nobody has taken the output: foreign code, in whatever way the run ends.
    fn drop(&mut self) {
        contained("a task's output", || self.output = None);
    }
}
