//! Which executor is running on this thread, and what its tasks may ask of it.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::panic::Location;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::Waker;

use wakers::{Callback, Current, discard};

use crate::join::{Join, JoinHandle};
use crate::ready::{Entry, Ready, TaskWaker};

// ANCHOR: shared
/// What an executor shares with its tasks.
pub(crate) struct Shared {
    pub(crate) ready: Arc<Ready>,
    /// Every task that is not over, except while it is polled.
    pub(crate) tasks: RefCell<BTreeMap<u64, Task>>,
    pub(crate) callbacks: RefCell<VecDeque<Callback>>,
    /// Whether the present round is the last one.
    pub(crate) stopping: Cell<bool>,
    pub(crate) closed: Cell<bool>,
    last_id: Cell<u64>,
}

/// A future that runs beside the others of the loop.
pub(crate) struct Task {
    pub(crate) future: Pin<Box<dyn Future<Output = ()>>>,
    pub(crate) queue: Arc<TaskWaker>,
    pub(crate) waker: Waker,
    /// Where it was spawned.
    pub(crate) spawned: &'static Location<'static>,
}
// ANCHOR_END: shared

thread_local! {
    pub(crate) static CURRENT: Current<Shared> = const { Current::new() };
}

impl Shared {
    pub(crate) fn new(unparker: Waker) -> Shared {
        Shared {
            ready: Arc::new(Ready::new(unparker)),
            tasks: RefCell::default(),
            callbacks: RefCell::default(),
            stopping: Cell::new(false),
            closed: Cell::new(false),
            last_id: Cell::new(0),
        }
    }

    /// A number that no task has, and none will have: old wakers may still name the old ones.
    pub(crate) fn next_id(&self) -> u64 {
        self.last_id.set(self.last_id.get() + 1);
        self.last_id.get()
    }

    // ANCHOR: spawn
    pub(crate) fn spawn<F: Future<Output: 'static> + 'static>(
        self: &Rc<Shared>,
        future: F,
        spawned: &'static Location<'static>,
    ) -> JoinHandle<F::Output> {
        let id = self.next_id();
        let traced = trace::Task::spawned(format_args!("Task-{id}"), spawned);
        let (end, handle) = Join::sides(id, spawned, Rc::downgrade(self));
        // By the time anybody hears of its end, the future is gone.
        let future = async move {
            // (Pinned here: this line is not where a handle is awaited.)
            let value = { pin!(future).await };
            end.finish(value);
        };
        // Its first turn comes like any other: through the queue.
        let (queue, waker) = TaskWaker::queued(id, &self.ready);
        let task = Task {
            future: Box::pin(trace::followed(traced, future)),
            queue,
            waker,
            spawned,
        };
        self.tasks.borrow_mut().insert(id, task);
        handle
    }
    // ANCHOR_END: spawn

    pub(crate) fn call_soon(&self, callback: Callback) {
        // A closed executor calls nobody. While it closes, it drops what is queued.
        if self.closed.get() && !CURRENT.with(|current| current.is(self)) {
            return discard("a callback's destructor", callback);
        }
        let callback = trace::queued(callback);
        self.callbacks.borrow_mut().push_back(callback);
        self.ready.push(Entry::Call);
    }
}

/// The current executor, or a panic at the caller's line.
#[track_caller]
pub(crate) fn current(what: &str) -> Rc<Shared> {
    match CURRENT.with(Current::get) {
        Some(shared) => shared,
        None => panic!(
            "{what} needs an executor that is running on this thread: call it in a task, \
             or in the future given to tasks::run"
        ),
    }
}

/// Makes a task of `future`: it starts when those already queued have had their turn.
///
/// The future and its output are moved on the stack a few times. On the 2 MiB of an ordinary thread, 64 KiB are well
/// within the limit, without optimisation too. A future that is larger goes into a box first, by
/// `spawn(Box::pin(future))`; one whose output is larger gives that in a box.
///
/// ```
/// use event_loop::Clock;
///
/// tasks::run(Clock::virtual_time(), async {
///     let meter = tasks::spawn(async { 7 });
///     assert!(!meter.is_finished()); // It has not begun.
///     assert_eq!(meter.await, 7);
/// });
/// ```
///
/// # Panics
///
/// If no executor is running on this thread.
#[track_caller]
pub fn spawn<F: Future<Output: 'static> + 'static>(future: F) -> JoinHandle<F::Output> {
    current("spawn").spawn(future, Location::caller())
}

/// Calls `callback` in a turn of its own, after those already queued.
///
/// ```
/// use event_loop::Clock;
/// use std::cell::Cell;
/// use std::rc::Rc;
///
/// tasks::run(Clock::virtual_time(), async {
///     let called = Rc::new(Cell::new(false));
///     let note = Rc::clone(&called);
///     tasks::call_soon(move || note.set(true));
///     assert!(!called.get());
///     polling::yield_now().await;
///     assert!(called.get());
/// });
/// ```
///
/// # Panics
///
/// If no executor is running on this thread.
#[track_caller]
pub fn call_soon(callback: impl FnOnce() + 'static) {
    current("call_soon").call_soon(Box::new(callback));
}

/// Stops the executor at the end of its present round.
///
/// ```
/// let mut executor = tasks::Executor::new(wakers::ThreadPark::new());
/// executor.call_soon(tasks::stop);
/// executor.run_forever();
/// ```
///
/// # Panics
///
/// If no executor is running on this thread.
#[track_caller]
pub fn stop() {
    current("stop").stopping.set(true);
}
