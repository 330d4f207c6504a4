//! One wake in chapter 6, counted: its queue and its waker once more, with locks and flags that count their use.
//!
//! twin: none, in asyncio the interpreter's own work hides this

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};

use chapter::{Args, BadInput};
use trace::say;

// ANCHOR: counts
/// Instructions for which a core must have the memory to itself.
static ATOMIC: AtomicU32 = AtomicU32::new(0);
static LOCKS: AtomicU32 = AtomicU32::new(0);

fn swap(flag: &AtomicBool, value: bool) -> bool {
    ATOMIC.fetch_add(1, Ordering::Relaxed);
    flag.swap(value, Ordering::AcqRel)
}

/// A lock that nobody else wants is two of them: one to close it, one to open it.
fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    LOCKS.fetch_add(1, Ordering::Relaxed);
    ATOMIC.fetch_add(2, Ordering::Relaxed);
    what.lock().unwrap_or_else(PoisonError::into_inner)
}
// ANCHOR_END: counts

#[derive(Default)]
struct Ready {
    queue: Mutex<VecDeque<u64>>,
    /// The thread's: that it was called.
    token: AtomicBool,
}

struct TaskWaker {
    id: u64,
    queued: AtomicBool,
    ready: Arc<Ready>,
}

// ANCHOR: waker
impl Wake for TaskWaker {
    fn wake(self: Arc<TaskWaker>) {
        self.wake_by_ref();
        // The `Arc` is dropped here.
        ATOMIC.fetch_add(1, Ordering::Relaxed);
    }

    fn wake_by_ref(self: &Arc<TaskWaker>) {
        if !swap(&self.queued, true) {
            lock(&self.ready.queue).push_back(self.id);
            // The loop may be asleep, for all we know.
            swap(&self.ready.token, true);
        }
    }
}
// ANCHOR_END: waker

fn stage<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let (atomic, locks) = (
        ATOMIC.swap(0, Ordering::Relaxed),
        LOCKS.swap(0, Ordering::Relaxed),
    );
    let result = work();
    let (now, now_locks) = (
        ATOMIC.load(Ordering::Relaxed),
        LOCKS.load(Ordering::Relaxed),
    );
    say!("{what:32} {now:2} atomic, {now_locks} locks");
    ATOMIC.fetch_add(atomic, Ordering::Relaxed);
    LOCKS.fetch_add(locks, Ordering::Relaxed);
    result
}

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let ready = Arc::new(Ready::default());
    let task = Arc::new(TaskWaker {
        id: 2,
        queued: AtomicBool::new(false),
        ready: Arc::clone(&ready),
    });
    let waker = Waker::from(Arc::clone(&task));
    let kept = stage("a sleep keeps the waker", || {
        ATOMIC.fetch_add(1, Ordering::Relaxed);
        waker.clone()
    });
    stage("its time comes: it is woken", || kept.wake());
    stage("the loop asks how many there are", || {
        lock(&ready.queue).len()
    });
    stage("the loop looks for calls", || swap(&ready.token, false));
    stage("the loop takes it off the queue", || {
        lock(&ready.queue).pop_front()
    });
    stage("its flag goes down, and the poll", || {
        swap(&task.queued, false)
    });
    let (atomic, locks) = (
        ATOMIC.load(Ordering::Relaxed),
        LOCKS.load(Ordering::Relaxed),
    );
    say!("{:32} {atomic:2} atomic, {locks} locks", "one wake");
    Ok(())
}
// ANCHOR_END: main
