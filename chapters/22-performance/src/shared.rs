//! A task with an atomic header: its state and the count of its references are one word that any thread may change.
//!
//! This is how smol and tokio have it. The task is one allocation: header, future, and later the output. Doing that
//! takes `unsafe` code, so it is left to those who have done it: the crate `async-task`, smol's own.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_task::{Runnable, Task};

// ANCHOR: shared
/// Runs tasks of the crate `async-task`. It does not wait: it is done when nobody is
/// ready.
///
/// ```
/// use performance::Shared;
/// use std::rc::Rc;
///
/// let executor = Shared::new();
/// let fare = Rc::new(3); // may stay on its thread
/// let meter = executor.spawn(async move { *fare });
/// let double = executor.spawn(async { 2 * meter.await });
/// executor.run();
/// assert!(double.is_finished());
/// ```
#[derive(Default)]
pub struct Shared {
    queue: Arc<Mutex<VecDeque<Runnable>>>,
}
// ANCHOR_END: shared

/// Only our own code runs under this lock.
fn open(queue: &Mutex<VecDeque<Runnable>>) -> MutexGuard<'_, VecDeque<Runnable>> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    /// Without tasks.
    pub fn new() -> Shared {
        Shared::default()
    }

    // ANCHOR: spawn
    /// Makes a task of `future`. Dropping what it returns cancels the task.
    pub fn spawn<F>(&self, future: F) -> Task<F::Output>
    where
        F: Future<Output: 'static> + 'static,
    {
        let queue = Arc::clone(&self.queue);
        // What a wake does that finds the task neither queued nor over.
        let schedule = move |runnable| open(&queue).push_back(runnable);
        let (runnable, task) = async_task::spawn_local(future, schedule);
        runnable.schedule();
        task
    }

    /// Gives whoever is ready a turn, until nobody is.
    pub fn run(&self) {
        loop {
            let next = open(&self.queue).pop_front();
            let Some(runnable) = next else { return };
            runnable.run();
        }
    }
    // ANCHOR_END: spawn
}

impl Drop for Shared {
    fn drop(&mut self) {
        // Each task refers to the queue. Foreign code: not under the lock.
        let left = std::mem::take(&mut *open(&self.queue));
        drop(left);
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ready = open(&self.queue).len();
        f.debug_struct("Shared").field("ready", &ready).finish()
    }
}
