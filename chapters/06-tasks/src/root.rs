//! The future that the executor was asked to run.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Waker};

use polling::begin_poll;
use wakers::contained;

use crate::current::Shared;
use crate::ready::{Entry, TaskWaker};

/// It stays where it is, so it need not be `'static`, and is in all else a task.
pub(crate) struct Root<'f, F> {
    pub(crate) id: u64,
    /// `None` when it is over.
    future: Pin<&'f mut Option<F>>,
    queue: Arc<TaskWaker>,
    waker: Waker,
}

impl<'f, F: Future<Output = ()>> Root<'f, F> {
    /// Gives `future` a number and a waker, and its first entry in the queue.
    pub(crate) fn new(shared: &Shared, future: Pin<&'f mut Option<F>>) -> Root<'f, F> {
        let id = shared.next_id();
        let _traced = trace::Task::root(id);
        let queue = TaskWaker::new(id, &shared.ready);
        let waker = Waker::from(Arc::clone(&queue));
        waker.wake_by_ref();
        Root {
            id,
            future,
            queue,
            waker,
        }
    }

    /// Polls it. Its end ends the run, but not at once: that takes a turn too, as it does in asyncio.
    pub(crate) fn poll(&mut self, shared: &Shared) {
        let Some(future) = self.future.as_mut().as_pin_mut() else {
            return;
        };
        self.queue.leaves_queue();
        let mut context = Context::from_waker(&self.waker);
        let _poll = begin_poll();
        self.queue.traced.polled();
        if future.poll(&mut context).is_pending() {
            self.queue.traced.pending();
            return;
        }
        self.queue.traced.finished();
        self.future.set(None);
        shared.ready.push(Entry::Over(self.id));
    }
}

impl<F> Drop for Root<'_, F> {
    /// However the run has ended, the future does not outlive it: what it holds may need the executor once more.
    fn drop(&mut self) {
        contained("a task's destructor", || self.future.set(None));
    }
}

/// What the root gives, until it is taken: foreign code, in whatever way the run ends.
pub(crate) struct Output<T>(pub(crate) Option<T>);

impl<T> Drop for Output<T> {
    fn drop(&mut self) {
        contained("a task's output", || self.0 = None);
    }
}
