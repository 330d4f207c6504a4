//! The first task that one would write: an `Arc` with a lock in it, and a queue with another.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

// ANCHOR: task
/// Runs tasks that any thread may wake, each behind a lock. It does not wait: it is
/// done when nobody is ready.
///
/// ```
/// use performance::Locked;
/// use std::sync::{Arc, Mutex};
///
/// let executor = Locked::new();
/// let heard = Arc::new(Mutex::new(None));
/// let (meter, slip) = (executor.spawn(async { 3 }), Arc::clone(&heard));
/// executor.spawn(async move {
///     let value = meter.await;
///     *slip.lock().unwrap() = Some(value);
/// });
/// executor.run();
/// assert_eq!(*heard.lock().unwrap(), Some(3));
/// let late = executor.spawn(async { "too late" });
/// assert_eq!(late.into_value(), None); // it has had no turn
/// ```
#[derive(Default)]
pub struct Locked {
    queue: Queue,
}

/// Who can go on, first come, first served.
type Queue = Arc<Mutex<VecDeque<Arc<Task>>>>;

/// A future, until it is over, and the queue that its wakes go to.
struct Task {
    future: Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>,
    queue: Queue,
}

impl Wake for Task {
    fn wake(self: Arc<Task>) {
        let queue = Arc::clone(&self.queue);
        open(&queue).push_back(self);
    }
}
// ANCHOR_END: task

/// A panic of a future leaves nothing half-done behind these locks.
fn open<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Locked {
    /// Without tasks.
    pub fn new() -> Locked {
        Locked::default()
    }

    // ANCHOR: spawn
    /// Makes a task of `future`, which has its first turn when those before it have had theirs.
    pub fn spawn<F>(&self, future: F) -> Joined<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let end = Arc::new(Mutex::new(End::Awaited(None)));
        let joined = Joined(Arc::clone(&end));
        let future = async move {
            let output = future.await;
            if let End::Awaited(Some(waker)) = tell(&end, output) {
                waker.wake();
            }
        };
        let task = Task {
            future: Mutex::new(Some(Box::pin(future))),
            queue: Arc::clone(&self.queue),
        };
        Arc::new(task).wake();
        joined
    }
    // ANCHOR_END: spawn

    // ANCHOR: run
    /// Gives whoever is ready a turn, until nobody is.
    pub fn run(&self) {
        loop {
            let next = open(&self.queue).pop_front();
            let Some(task) = next else { return };
            // A second thread that runs this executor must wait, so it is locked while
            // it is polled.
            let mut future = open(&task.future);
            let waker = Waker::from(Arc::clone(&task));
            let mut context = Context::from_waker(&waker);
            // hole: locked — poll the future if it is there; when it is over, it is there no longer
            // tried by: four-tasks, ten-wakes
            // also: performance
            if let Some(running) = &mut *future
                && running.as_mut().poll(&mut context).is_ready()
            {
                *future = None;
            }
            // end hole
        }
    }
    // ANCHOR_END: run
}

impl Drop for Locked {
    fn drop(&mut self) {
        // Each task refers to the queue. Foreign code: not under the lock.
        let left = std::mem::take(&mut *open(&self.queue));
        drop(left);
    }
}

impl fmt::Debug for Locked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ready = open(&self.queue).len();
        f.debug_struct("Locked").field("ready", &ready).finish()
    }
}

// ANCHOR: joined
/// Awaits a task; made by [`Locked::spawn`].
#[must_use = "nobody hears of the task's end"]
pub struct Joined<T>(Arc<Mutex<End<T>>>);

/// How a task ends.
enum End<T> {
    /// Not yet. Who is to be woken then?
    Awaited(Option<Waker>),
    /// With this value, until it is taken.
    Over(Option<T>),
}

/// Puts the value there. What was there before.
fn tell<T>(end: &Mutex<End<T>>, output: T) -> End<T> {
    std::mem::replace(&mut *open(end), End::Over(Some(output)))
}

impl<T> Joined<T> {
    /// The task's value, if it is over and nobody has taken it.
    ///
    /// ```
    /// let executor = performance::Locked::new();
    /// let meter = executor.spawn(async { 3 });
    /// executor.run();
    /// assert_eq!(meter.into_value(), Some(3));
    /// ```
    pub fn into_value(self) -> Option<T> {
        match &mut *open(&self.0) {
            End::Over(value) => value.take(),
            End::Awaited(_) => None,
        }
    }
}

impl<T> Future for Joined<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        match &mut *open(&self.0) {
            End::Over(value) => Poll::Ready(value.take().expect("awaited once")),
            End::Awaited(waker) => {
                *waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}
// ANCHOR_END: joined

impl<T> fmt::Debug for Joined<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Joined")
    }
}
