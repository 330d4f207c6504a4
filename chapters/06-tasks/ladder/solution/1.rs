//! Chapter 6, by me.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Wake, Waker};

/// The tasks that are to be polled: first come, first served.
pub struct Ready {
    queue: Mutex<VecDeque<Arc<Entry>>>,
    /// Wakes the thread that polls them.
    unparker: Waker,
}

/// What the waker of a task is.
struct Entry {
    id: u64,
    /// Whether it is in the queue.
    queued: AtomicBool,
    ready: Arc<Ready>,
}

impl Ready {
    pub fn new(unparker: Waker) -> Arc<Ready> {
        Arc::new(Ready {
            queue: Mutex::default(),
            unparker,
        })
    }

    pub fn waker(self: &Arc<Ready>, id: u64) -> Waker {
        Waker::from(Arc::new(Entry {
            id,
            queued: AtomicBool::new(false),
            ready: self.clone(),
        }))
    }

    pub fn pop(&self) -> Option<u64> {
        let entry = self.queue.lock().unwrap().pop_front()?;
        // From here on a wake counts anew.
        entry.queued.swap(false, Ordering::Acquire);
        Some(entry.id)
    }

    pub fn len(&self) -> usize {
        self.queue.lock().unwrap().len()
    }
}

impl Wake for Entry {
    fn wake(self: Arc<Entry>) {
        if self.queued.swap(true, Ordering::AcqRel) {
            return;
        }
        let ready = self.ready.clone();
        ready.queue.lock().unwrap().push_back(self);
        ready.unparker.wake_by_ref();
    }
}
