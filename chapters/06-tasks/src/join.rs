//! The handle of a task: its result, and who wants to know.

use std::cell::{Ref, RefCell};
use std::fmt;
use std::mem;
use std::panic::Location;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};

use polling::{awaited_at, suspended};
use wakers::{Callback, WaiterKey, Waiters, contained, discard};

use crate::close::CLOSED;
use crate::current::Shared;
use crate::round::MOST_ROUNDS;

// ANCHOR: handle
/// Names a spawned task. Awaiting it gives the task's result. Dropping it lets the task
/// run on.
///
/// Awaiting a task that is over does not suspend. `(&mut handle).await` keeps the handle.
/// Two cannot await it at once:
///
/// ```compile_fail,E0499
/// async fn twice(mut handle: tasks::JoinHandle<()>) {
///     let (one, two) = (&mut handle, &mut handle);
///     one.await;
///     two.await;
/// }
/// ```
///
/// ```
/// use event_loop::Clock;
///
/// tasks::run(Clock::virtual_time(), async {
///     let mut meter = tasks::spawn(async { 7 });
///     assert!(meter.result().is_none());
///     assert_eq!((&mut meter).await, 7);
///     assert!(meter.is_finished());
/// });
/// ```
#[must_use = "dropping the handle lets the task run on without anybody who knows its end"]
pub struct JoinHandle<T: 'static> {
    join: Rc<Join<T>>,
    /// Of whoever awaits it, among the waiters.
    key: WaiterKey,
}

/// What a task shares with its handle.
pub(crate) struct Join<T: 'static> {
    id: u64,
    spawned: &'static Location<'static>,
    executor: Weak<Shared>,
    state: RefCell<State<T>>,
    /// Who is told of the end, in the order in which they asked.
    waiters: Waiters,
    callbacks: RefCell<Vec<Asked<T>>>,
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

/// Somebody who wants to be called.
struct Asked<T> {
    /// Makes the callback that is queued, with a result of its own.
    prepare: Box<dyn FnOnce(&T) -> Callback>,
    /// Those who waited by then are told first.
    after: WaiterKey,
}

/// What the future of a task holds of its [`Join`].
pub(crate) struct End<T: 'static>(Rc<Join<T>>);
// ANCHOR_END: state

impl<T: 'static> Drop for Join<T> {
    /// Nobody asked for what is left: the value, and who would have been told.
    fn drop(&mut self) {
        let left = mem::replace(self.state.get_mut(), State::Taken);
        discard("a task's output", left);
        for asked in mem::take(self.callbacks.get_mut()) {
            discard("a callback's destructor", asked);
        }
    }
}

impl<T: 'static> Join<T> {
    fn is_pending(&self) -> bool {
        matches!(*self.state.borrow(), State::Pending)
    }

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
            waiters: Waiters::new(),
            callbacks: RefCell::default(),
        });
        let key = WaiterKey::default();
        (End(Rc::clone(&join)), JoinHandle { join, key })
    }

    #[track_caller]
    fn executor(&self) -> Rc<Shared> {
        let executor = self.executor.upgrade();
        executor.filter(|it| !it.closed.get()).expect(CLOSED)
    }
}

impl<T: 'static> End<T> {
    // ANCHOR: finish
    /// The task has ended with `value`: everybody who asked is queued, nothing runs here.
    pub(crate) fn finish(self, value: T) {
        // hole: finish — queue the callbacks and the joiner's wake, in the order they asked
        // tried by: callback, airport
        let join = &self.0;
        let mut prepared = Vec::new();
        // A clone for each. That is foreign code, and may ask for one more.
        for _ in 0..MOST_ROUNDS {
            let asked = join.callbacks.take();
            if asked.is_empty() {
                break;
            }
            prepared.extend(asked.into_iter().map(|Asked { prepare, after }| {
                (after, contained("a clone", || prepare(&value)))
            }));
        }
        join.state.replace(State::Finished(value));
        for (after, callback) in prepared {
            join.waiters.wake_until(&after);
            callback
                .into_iter()
                .for_each(|it| join.executor().call_soon(it));
        }
        join.waiters.wake_all();
        // end hole
    }
    // ANCHOR_END: finish
}

impl<T: 'static> Drop for End<T> {
    /// If there was no end, whoever waits for it must hear that too.
    fn drop(&mut self) {
        if self.0.is_pending() {
            self.0.state.replace(State::Dropped);
            for never in self.0.callbacks.take() {
                discard("a callback's destructor", never);
            }
            self.0.waiters.wake_all();
        }
    }
}

impl<T: 'static> JoinHandle<T> {
    /// Whether the task has come to its end.
    pub fn is_finished(&self) -> bool {
        matches!(*self.join.state.borrow(), State::Finished(_) | State::Taken)
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
    /// ```
    /// use event_loop::Clock;
    ///
    /// tasks::run(Clock::virtual_time(), async {
    ///     let told = tasks::promise();
    ///     let teller = told.clone();
    ///     let meter = tasks::spawn(async { 7 });
    ///     meter.add_done_callback(move |value| teller.set(*value).unwrap());
    ///     assert_eq!(told.await, 7);
    /// });
    /// ```
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
                self.join.is_pending(),
                "{self}: its result is gone; add callbacks before you await the handle"
            );
            self.join.callbacks.borrow_mut().push(Asked {
                prepare: Box::new(prepare),
                after: self.join.waiters.mark(),
            });
        }
    }
}
// ANCHOR_END: callback

// ANCHOR: poll
impl<T: 'static> Future for JoinHandle<T> {
    type Output = T;

    // Seen from here, the caller is the line of the `.await`.
    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        if self.join.is_pending() {
            let JoinHandle { join, key } = &mut *self;
            // Whoever gave up and asks anew comes last.
            join.waiters.cancel(key);
            join.waiters.register(key, context.waker());
        }
        // Looked at after it is registered: cloning a waker is foreign code, and may have
        // brought the task to its end.
        if self.join.is_pending() {
            suspended(awaited_at(self.join.spawned), "join");
            return Poll::Pending;
        }
        assert!(
            self.is_finished(),
            "{self} was dropped before its end, with its executor or by a panic: \
             there is no result to wait for"
        );
        match self.join.state.replace(State::Taken) {
            State::Finished(value) => Poll::Ready(value),
            _ => panic!("{self}: its result was taken; await a handle once"),
        }
    }
}
// ANCHOR_END: poll

impl<T: 'static> Drop for JoinHandle<T> {
    /// Nobody waits any more, so nobody is woken.
    fn drop(&mut self) {
        self.join.waiters.cancel(&mut self.key);
    }
}

impl<T: 'static> fmt::Display for JoinHandle<T> {
    /// `Task-2 (spawned in taxi.rs)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        crate::Unfinished::new(self.id(), self.join.spawned).fmt(f)
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
