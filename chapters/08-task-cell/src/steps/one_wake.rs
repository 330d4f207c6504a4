//! One wake in chapter 6, counted: a task waits for a promise, and another one keeps it.
//!
//! twin: none, in asyncio the interpreter's own work hides this

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};

use chapter::{Args, BadInput};
use trace::say;

// Chapter 6's queue and waker once more, and chapter 4's token, with locks and flags that count their use. Compared
// line by line with `wait`, `round` and `poll_task` of `executor.rs`, all of `ready.rs`, `set` and `poll` of
// `promise.rs`, `park_virtual` of chapter 5 and `ThreadPark` of chapter 4. What is left out has no atomic instruction:
// reference counts of an `Rc`, the flag `waiting`, and the count of those outside. These two are atomic by type, but
// are read and written without a lock on the memory, as a plain number is.

// ANCHOR: counts
/// Instructions for which a core must have the memory to itself.
static ATOMIC: AtomicU32 = AtomicU32::new(0);
static LOCKS: AtomicU32 = AtomicU32::new(0);

fn atomic(instructions: u32) {
    ATOMIC.fetch_add(instructions, Ordering::Relaxed);
}

fn swap(flag: &AtomicBool, value: bool) -> bool {
    atomic(1);
    flag.swap(value, Ordering::AcqRel)
}

/// A lock that nobody else wants is two of them: one to close it, one to open it.
fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    LOCKS.fetch_add(1, Ordering::Relaxed);
    atomic(2);
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A clone of an `Arc` counts up.
fn clone(waker: &Waker) -> Waker {
    atomic(1);
    waker.clone()
}
// ANCHOR_END: counts

// ANCHOR: waker
#[derive(Default)]
struct Ready {
    queue: Mutex<VecDeque<u64>>,
    token: Token,
}

/// The thread's: whether it was called.
#[derive(Default)]
struct Token(AtomicBool);

struct TaskWaker {
    id: u64,
    queued: AtomicBool,
    ready: Arc<Ready>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<TaskWaker>) {
        self.wake_by_ref();
        // The `Arc` is dropped here.
        atomic(1);
    }

    fn wake_by_ref(self: &Arc<TaskWaker>) {
        if !swap(&self.queued, true) {
            lock(&self.ready.queue).push_back(self.id);
            // The loop may be asleep, for all we know.
            self.ready.token.call();
        }
    }
}

impl Token {
    fn call(&self) {
        if !swap(&self.0, true) {
            // `Thread::unpark` has a token of its own.
            atomic(1);
        }
    }
}
// ANCHOR_END: waker

fn counted() -> (u32, u32) {
    let [atomic, locks] = [&ATOMIC, &LOCKS].map(|count| count.load(Ordering::Relaxed));
    (atomic, locks)
}

fn stage<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let before = counted();
    let result = work();
    let now = counted();
    told(what, (now.0 - before.0, now.1 - before.1));
    result
}

fn told(what: &str, (atomic, locks): (u32, u32)) {
    let atomics = if atomic == 1 { "atomic," } else { "atomics," };
    let plural = if locks == 1 { "" } else { "s" };
    say!("{what:36} {atomic:2} {atomics:8} {locks} lock{plural}");
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
    let kept = stage("it waits: the promise keeps a waker", || clone(&waker));
    stage("another task keeps the promise", || kept.wake());
    stage("the loop: is anybody in the queue?", || {
        lock(&ready.queue).len()
    });
    stage("has anybody called?", || swap(&ready.token.0, false));
    stage("how many are in the queue?", || lock(&ready.queue).len());
    stage("who is the next one?", || lock(&ready.queue).pop_front());
    stage("its flag goes down", || swap(&task.queued, false));
    stage("the poll: a waker, not needed", || {
        drop(clone(&waker));
        atomic(1);
    });
    told("one wake", counted());
    Ok(())
}
// ANCHOR_END: main
