//! The end of an executor, wherever that comes: after its run, on unwind, or when its thread ends.

use std::fmt;
use std::mem;
use std::panic::Location;
use std::thread;

use polling::file_name;
use wakers::{Park, contained, report};

use crate::Executor;
use crate::round::MOST_ROUNDS;

/// A task that was dropped before its end.
///
/// ```
/// let mut executor = tasks::Executor::new(wakers::ThreadPark::new());
/// drop(executor.spawn(std::future::pending::<()>()));
/// let unfinished = executor.close();
/// assert_eq!((unfinished[0].id, &*unfinished[0].name), (1, "Task-1"));
/// assert!(unfinished[0].to_string().starts_with("Task-1 (spawned in "));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Where it was spawned.
    pub spawned: &'static Location<'static>,
}

impl Unfinished {
    pub(crate) fn new(id: u64, spawned: &'static Location<'static>) -> Unfinished {
        Unfinished {
            id,
            name: format!("Task-{id}"),
            spawned,
        }
    }
}

impl fmt::Display for Unfinished {
    /// `Task-2 (spawned in taxi.rs)`: with the file and no line, so that a transcript stays right when lines move.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = file_name(self.spawned, false);
        write!(f, "{} (spawned in {file})", self.name)
    }
}

/// What is said when a closed executor is asked for something.
pub(crate) const CLOSED: &str =
    "the executor is closed: make a new one with Executor::new";

/// What is said when closing has no end.
const ENDLESS: &str = "closing has no end: a Drop spawns its like";

impl<P: Park> Executor<P> {
    /// Closes the executor: drops every task that is not over, and says which they were.
    ///
    /// A destructor that panics is reported to the [panic hook](Executor::set_panic_hook), and the others have their
    /// turn.
    ///
    /// ```
    /// let mut executor = tasks::Executor::new(wakers::ThreadPark::new());
    /// drop(executor.spawn(std::future::pending::<()>()));
    /// assert_eq!(executor.close().len(), 1);
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no end to it: a destructor spawns a task whose destructor spawns another, and so on. Those that
    /// are left then are never dropped. While the thread is panicking already, that is only reported.
    #[track_caller]
    pub fn close(&mut self) -> Vec<Unfinished> {
        let unfinished = self.unfinished();
        let ends = self.drop_all();
        assert!(ends || thread::panicking(), "{ENDLESS}");
        self.report_unless(ends);
        unfinished
    }

    fn report_unless(&self, ends: bool) {
        if !ends {
            let _current = self.enter();
            report("closing", Box::new(ENDLESS));
        }
    }

    // ANCHOR: close
    /// Drops all tasks and callbacks. False if there is no end to it.
    fn drop_all(&mut self) -> bool {
        // What a task holds, such as a sleep, may need its layers once more.
        let _current = self.enter();
        self.shared.closed.set(true);
        for _ in 0..MOST_ROUNDS {
            let tasks = self.shared.tasks.take();
            let callbacks = self.shared.callbacks.take();
            if tasks.is_empty() && callbacks.is_empty() {
                return true;
            }
            // A future's drop may spawn another. Each is dropped outside any borrow, and here,
            // while this executor is current.
            for task in tasks.into_values() {
                contained("a task's destructor", || drop(task));
            }
            for callback in callbacks {
                contained("a callback's destructor", || drop(callback));
            }
        }
        mem::forget((self.shared.tasks.take(), self.shared.callbacks.take()));
        false
    }
    // ANCHOR_END: close
}

impl<P: Park> Drop for Executor<P> {
    fn drop(&mut self) {
        let ends = self.drop_all();
        self.report_unless(ends);
    }
}
