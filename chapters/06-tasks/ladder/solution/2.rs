//! Chapter 6, by me.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};

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

/// Polls the tasks that were woken. Clones are the same executor.
#[derive(Clone)]
pub struct Executor(Rc<Inner>);

struct Inner {
    ready: Arc<Ready>,
    tasks: RefCell<HashMap<u64, Task>>,
    next: Cell<u64>,
}

struct Task {
    future: Pin<Box<dyn Future<Output = ()>>>,
    waker: Waker,
}

impl Executor {
    pub fn new(unparker: Waker) -> Executor {
        Executor(Rc::new(Inner {
            ready: Ready::new(unparker),
            tasks: RefCell::default(),
            next: Cell::new(0),
        }))
    }

    pub fn spawn(&self, future: impl Future<Output = ()> + 'static) {
        let id = self.0.next.get();
        self.0.next.set(id + 1);
        let waker = self.0.ready.waker(id);
        waker.wake_by_ref();
        let future = Box::pin(future);
        self.0.tasks.borrow_mut().insert(id, Task { future, waker });
    }

    pub fn round(&self) {
        // Who is woken meanwhile waits for the next round.
        for _ in 0..self.0.ready.len() {
            let Some(id) = self.0.ready.pop() else { return };
            // Out of the map while it is polled: it may spawn.
            let task = self.0.tasks.borrow_mut().remove(&id);
            let Some(mut task) = task else { continue };
            let mut context = Context::from_waker(&task.waker);
            if task.future.as_mut().poll(&mut context).is_pending() {
                self.0.tasks.borrow_mut().insert(id, task);
            }
        }
    }
}
