//! The handle of a task: its result, and who wants to know.

use std::cell::{Ref, RefCell};
use std::fmt;
use std::mem;
use std::panic::Location;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker};

use polling::{awaited_at, suspended};
use wakers::{Callback, contained, discard};

use crate::current::Shared;

// ANCHOR: handle
/// Names a spawned task. Awaiting it gives the task's result. Dropping it lets the task
/// run on.
///
/// Awaiting a task that is over does not suspend. `(&mut handle).await` keeps the handle, to
/// look at it afterwards. Two cannot await it at once:
///
/// ```compile_fail,E0499
/// async fn twice(mut handle: tasks::JoinHandle<()>) {
///     let (one, two) = (&mut handle, &mut handle);
///     one.await;
///     two.await;
/// }
/// ```
#[must_use = "dropping the handle lets the task run on without anybody who knows its end"]
pub struct JoinHandle<T: 'static> {
    join: Rc<Join<T>>,
}

/// What a task shares with its handle.
pub(crate) struct Join<T: 'static> {
    id: u64,
    spawned: &'static Location<'static>,
    executor: Weak<Shared>,
    state: RefCell<State<T>>,
    /// Who is told of the end, in the order in which they asked.
    watchers: RefCell<Vec<Watcher<T>>>,
}

// ANCHOR_END: handle

// ANCHOR: state
enum State<T> {
    /// The task goes on.
    Pending,
    /// It is over, and nobody has taken its result.
    Finished(T),
    /// It is over, and its result was given to whoever awaited it.
    Taken,
    /// It was dropped before its end.
    Dropped,
}

enum Watcher<T> {
    /// Makes the callback that is queued, with a result of its own.
    Callback(Box<dyn FnOnce(&T) -> Callback>),
    Joiner(Waker),
}
// ANCHOR_END: state

/// What the future of a task holds of its [`Join`].
pub(crate) struct End<T: 'static>(Rc<Join<T>>);

impl<T: 'static> Drop for Join<T> {
    /// Nobody asked for what is left: the value, and who would have been told.
    fn drop(&mut self) {
        let left = mem::replace(self.state.get_mut(), State::Taken);
        discard("a task's output", left);
        for watcher in mem::take(self.watchers.get_mut()) {
            discard("a callback's destructor", watcher);
        }
    }
}

impl<T: 'static> Join<T> {
    /// Takes the joiner out of the line. A waker is foreign code: it is dropped by the caller, without a borrow.
    fn take_joiner(&self) -> Option<Watcher<T>> {
        let mut watchers = self.watchers.borrow_mut();
        let is_joiner = |watcher: &Watcher<T>| matches!(watcher, Watcher::Joiner(_));
        let index = watchers.iter().position(is_joiner)?;
        Some(watchers.remove(index))
    }

    fn is_finished(&self) -> bool {
        matches!(*self.state.borrow(), State::Finished(_) | State::Taken)
    }
}

impl<T: 'static> Join<T> {
    /// Its two sides: what the task tells, and what is heard of it.
    pub(crate) fn sides(
        id: u64,
        spawned: &'static Location<'static>,
        executor: Weak<Shared>,
    ) -> (End<T>, JoinHandle<T>) {
        let join = Rc::new(Join {
            id,
            spawned,
            executor,
            state: RefCell::new(State::Pending),
            watchers: RefCell::default(),
        });
        (End(Rc::clone(&join)), JoinHandle { join })
    }

    #[track_caller]
    fn executor(&self) -> Rc<Shared> {
        match self.executor.upgrade() {
            Some(executor) if !executor.closed.get() => executor,
            _ => panic!("the executor is closed: make a new one with Executor::new"),
        }
    }
}

impl<T: 'static> End<T> {
    // ANCHOR: finish
    /// The task has ended with `value`: everybody who asked is queued, nothing runs here.
    pub(crate) fn finish(self, value: T) {
        // hole: finish — queue the callbacks and the joiner's wake, in the order they asked
        // tried by: callback, airport
        let join = &self.0;
        let watchers = join.watchers.take();
        // A callback gets a clone of the value. That is foreign code, and so is a waker.
        let prepared = watchers.into_iter().map(|watcher| match watcher {
            Watcher::Callback(prepare) => {
                contained("a clone", || prepare(&value)).map(Ok)
            }
            Watcher::Joiner(waker) => Some(Err(waker)),
        });
        let entries: Vec<_> = prepared.collect();
        join.state.replace(State::Finished(value));
        for entry in entries.into_iter().flatten() {
            match entry {
                Ok(callback) => join.executor().call_soon(callback),
                Err(waker) => _ = contained("a waker", || waker.wake()),
            }
        }
        // end hole
    }
    // ANCHOR_END: finish
}

impl<T: 'static> Drop for End<T> {
    /// If there was no end, whoever waits for it must hear that too.
    fn drop(&mut self) {
        let pending = matches!(*self.0.state.borrow(), State::Pending);
        if pending {
            self.0.state.replace(State::Dropped);
            for watcher in self.0.watchers.take() {
                match watcher {
                    Watcher::Joiner(waker) => _ = contained("a waker", || waker.wake()),
                    Watcher::Callback(never) => discard("a callback's destructor", never),
                }
            }
        }
    }
}

impl<T: 'static> JoinHandle<T> {
    /// Whether the task has come to its end.
    pub fn is_finished(&self) -> bool {
        self.join.is_finished()
    }

    /// The result, while it is there: from the task's end until somebody has awaited the handle.
    pub fn result(&self) -> Option<Ref<'_, T>> {
        let result = Ref::filter_map(self.join.state.borrow(), |state| match state {
            State::Finished(value) => Some(value),
            _ => None,
        });
        result.ok()
    }

    /// The task's number. Each executor counts its tasks, with the futures it was asked to run, from 1.
    pub fn id(&self) -> u64 {
        self.join.id
    }
}

// ANCHOR: callback
impl<T: Clone + 'static> JoinHandle<T> {
    /// Calls `callback` with a clone of the result, in a turn of its own after the task's end.
    ///
    /// # Panics
    ///
    /// If the result was taken before, or the task was dropped, or its executor is closed.
    #[track_caller]
    pub fn add_done_callback(&self, callback: impl FnOnce(&T) + 'static) {
        let prepare = |value: &T| -> Callback {
            let value = value.clone();
            Box::new(move || callback(&value))
        };
        let executor = self.join.executor();
        let result = self.result().map(|value| (*value).clone());
        if let Some(value) = result {
            executor.call_soon(prepare(&value));
        } else {
            assert!(
                matches!(*self.join.state.borrow(), State::Pending),
                "{self}: its result is gone; add callbacks before you await the handle"
            );
            let watcher = Watcher::Callback(Box::new(prepare));
            self.join.watchers.borrow_mut().push(watcher);
        }
    }
}
// ANCHOR_END: callback

// ANCHOR: poll
impl<T: 'static> Future for JoinHandle<T> {
    type Output = T;

    // Seen from here, the caller is the line of the `.await`.
    #[track_caller]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let join = &self.join;
        // Foreign code, which may bring the task to its end: before the look.
        let joiner = Watcher::Joiner(context.waker().clone());
        let old = join.take_joiner();
        contained("a waker", || drop(old));
        if join.is_finished() {
            return match join.state.replace(State::Taken) {
                State::Finished(value) => Poll::Ready(value),
                _ => panic!("{join}: its result was taken; await a handle once"),
            };
        }
        assert!(
            matches!(*join.state.borrow(), State::Pending),
            "{join} was dropped before its end, with its executor or by a panic: \
             there is no result to wait for"
        );
        join.watchers.borrow_mut().push(joiner);
        suspended(awaited_at(join.spawned), "join");
        Poll::Pending
    }
}
// ANCHOR_END: poll

impl<T: 'static> Drop for JoinHandle<T> {
    /// Nobody waits any more, so nobody is woken.
    fn drop(&mut self) {
        let joiner = self.join.take_joiner();
        contained("a waker", || drop(joiner));
    }
}

impl<T: 'static> fmt::Display for Join<T> {
    /// `Task-2 (spawned in taxi.rs)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::Unfinished::new(self.id, self.spawned).fmt(f)
    }
}

impl<T: 'static> fmt::Display for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.join.fmt(f)
    }
}

impl<T: fmt::Debug + 'static> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Task-{} ", self.join.id)?;
        match &*self.join.state.borrow() {
            State::Pending => f.write_str("pending"),
            State::Finished(value) => write!(f, "finished, result={value:?}"),
            State::Taken => f.write_str("finished, result taken"),
            State::Dropped => f.write_str("dropped before its end"),
        }
    }
}
