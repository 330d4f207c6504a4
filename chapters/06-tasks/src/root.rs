//! The future that the executor was asked to run.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use polling::begin_poll;
use wakers::contained;

use crate::current::Shared;
use crate::ready::{Entry, TaskWaker};

/// It stays where it is, so it need not be `'static`, and is in all else a task.
pub(crate) struct Root<'f, F: Future> {
    pub(crate) id: u64,
    future: Held<'f, F>,
    output: &'f mut Output<F::Output>,
    queue: Arc<TaskWaker>,
    waker: Waker,
}

impl<'f, F: Future> Root<'f, F> {
    /// Gives `future` a number and a waker, and its first entry in the queue.
    pub(crate) fn new(
        shared: &Shared,
        future: Held<'f, F>,
        output: &'f mut Output<F::Output>,
    ) -> Root<'f, F> {
        let id = shared.next_id();
        let _traced = trace::Task::root(id);
        let queue = TaskWaker::new(id, &shared.ready);
        let waker = Waker::from(Arc::clone(&queue));
        waker.wake_by_ref();
        Root {
            id,
            future,
            output,
            queue,
            waker,
        }
    }

    /// Polls it. Its end ends the run, but not at once: that takes an entry too, as it does in asyncio.
    pub(crate) fn poll(&mut self, shared: &Shared) {
        let Some(mut future) = self.future.0.as_mut().as_pin_mut() else {
            return;
        };
        self.queue.leaves_queue();
        let mut context = Context::from_waker(&self.waker);
        let _poll = begin_poll();
        self.queue.traced.polled();
        // Through a reference: a handle that is the root itself would take this line for its `.await`.
        let Poll::Ready(output) = Pin::new(&mut future).poll(&mut context) else {
            self.queue.traced.pending();
            return;
        };
        self.queue.traced.finished();
        self.output.0 = Some(output);
        self.future.end();
        shared.ready.push(Entry::Over(self.id));
    }
}

/// The future of the root, from before the run: `None` when it is over.
///
/// However the run has ended, the future does not outlive it: what it holds may need the executor once more.
pub(crate) struct Held<'f, F>(pub(crate) Pin<&'f mut Option<F>>);

impl<F> Held<'_, F> {
    /// Foreign code, which may panic while it is on unwind.
    fn end(&mut self) {
        contained("a task's destructor", || self.0.set(None));
    }
}

impl<F> Drop for Held<'_, F> {
    fn drop(&mut self) {
        self.end();
    }
}

/// What the root gives, until it is taken: foreign code, in whatever way the run ends.
pub(crate) struct Output<T>(pub(crate) Option<T>);

impl<T> Drop for Output<T> {
    fn drop(&mut self) {
        contained("a task's output", || self.0 = None);
    }
}
