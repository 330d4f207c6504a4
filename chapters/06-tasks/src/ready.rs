//! The queue of what can go on, and the wakers that fill it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};

// ANCHOR: ready
/// What can go on, first come, first served. Wakers on any thread add to it.
pub(crate) struct Ready {
    queue: Mutex<VecDeque<Entry>>,
    /// Whether the loop is waiting, or looking at what it waits for.
    waiting: AtomicBool,
    /// Ends the loop's wait.
    unparker: Waker,
}

/// One turn of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    /// Poll the task of this number.
    Poll(u64),
    /// It was woken while the loop was waiting: now it queues up, behind all others.
    Woken(u64),
    /// Call the oldest callback that has not been called. Callbacks stay on their thread,
    /// in a queue of their own, which is in the order of these entries.
    Call,
    /// The root of this number is over: this round is the last one.
    Over(u64),
}
// ANCHOR_END: ready

impl Ready {
    pub(crate) fn new(unparker: Waker) -> Ready {
        Ready {
            queue: Mutex::default(),
            waiting: AtomicBool::new(false),
            unparker,
        }
    }

    /// Only our own code runs under this lock, so a poisoned one is in order.
    fn queue(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // ANCHOR: push
    pub(crate) fn push(&self, entry: Entry) {
        self.queue().push_back(entry);
        // Foreign code: the lock is open again.
        self.unparker.wake_by_ref();
    }
    // ANCHOR_END: push

    pub(crate) fn pop(&self) -> Option<Entry> {
        self.queue().pop_front()
    }

    pub(crate) fn len(&self) -> usize {
        self.queue().len()
    }

    /// Says whether the loop is waiting from now on.
    pub(crate) fn set_waiting(&self, waiting: bool) {
        self.waiting.store(waiting, Ordering::Relaxed);
    }
}

// ANCHOR: waker
/// The waker of a task: puts its number into the queue, unless it is there.
pub(crate) struct TaskWaker {
    id: u64,
    queued: AtomicBool,
    ready: Arc<Ready>,
    pub(crate) traced: trace::Task,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<TaskWaker>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<TaskWaker>) {
        // hole: wake — queue the task once; if the loop is waiting, only its wake
        // tried by: duplicates, turns
        // also: tasks
        if self.joins_queue() {
            let waiting = self.ready.waiting.load(Ordering::Relaxed);
            let entry = if waiting { Entry::Woken } else { Entry::Poll };
            self.ready.push(entry(self.id));
        }
        // end hole
    }
}

impl TaskWaker {
    /// The task is in the queue from now on. False if it was there already.
    fn joins_queue(&self) -> bool {
        let again = self.queued.swap(true, Ordering::Release);
        self.traced.woken(again);
        !again
    }
}
// ANCHOR_END: waker

impl TaskWaker {
    /// The waker of a new task, which is in the queue from now on.
    pub(crate) fn queued(id: u64, ready: &Arc<Ready>) -> (Arc<TaskWaker>, Waker) {
        let queue = Arc::new(TaskWaker {
            id,
            queued: AtomicBool::new(false),
            ready: Arc::clone(ready),
            traced: trace::Task::latest(id),
        });
        queue.wake_by_ref();
        (Arc::clone(&queue), Waker::from(queue))
    }

    /// Called before the poll, so that a wake during it counts.
    ///
    /// It is a `swap` and no plain store: whoever woke us before, on any thread, has told us by this flag, and only
    /// reading it makes sure that the poll sees what was written before the wake.
    pub(crate) fn leaves_queue(&self) {
        self.queued.swap(false, Ordering::Acquire);
    }
}
