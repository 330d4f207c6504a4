//! A value that somebody will set: what asyncio calls a Future.

use std::cell::RefCell;
use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use polling::{awaited_at, suspended};
use wakers::{WaiterKey, Waiters, callback_sink, discard};

/// An empty promise.
///
/// ```
/// use event_loop::Clock;
///
/// let value = tasks::run(Clock::virtual_time(), async {
///     let promise = tasks::promise();
///     let keeper = promise.clone();
///     let _task = tasks::spawn(async move { keeper.set(42).unwrap() });
///     promise.await
/// });
/// assert_eq!(value, 42);
/// ```
#[track_caller]
pub fn promise<T: Clone + 'static>() -> Promise<T> {
    Promise {
        kept: Rc::new(Kept {
            value: RefCell::new(None),
            waiters: Waiters::new(),
            callbacks: RefCell::default(),
            made: Location::caller(),
        }),
        key: WaiterKey::default(),
    }
}

// ANCHOR: promise
/// Room for one value, which all who await it get. Clones are the same promise.
///
/// ```
/// use event_loop::Clock;
///
/// tasks::run(Clock::virtual_time(), async {
///     let fare = tasks::promise();
///     fare.add_done_callback(|fare| assert_eq!(*fare, 12));
///     assert!(!fare.is_set());
///     assert_eq!(fare.set(12), Ok(()));
///     assert_eq!(fare.set(13), Err(13)); // It is kept once.
///     assert_eq!((fare.clone().await, fare.await), (12, 12));
/// });
/// ```
#[must_use = "a promise does nothing unless it is awaited or kept"]
pub struct Promise<T: 'static> {
    kept: Rc<Kept<T>>,
    /// This clone among the waiters, if it is awaited.
    key: WaiterKey,
}

struct Kept<T: 'static> {
    value: RefCell<Option<Rc<T>>>,
    waiters: Waiters,
    callbacks: RefCell<Vec<Asked<T>>>,
    made: &'static Location<'static>,
}
// ANCHOR_END: promise

// ANCHOR: asked
/// Somebody who wants to be called.
struct Asked<T> {
    /// Queues the callback, if the executor on which it was asked for is still there.
    queue: Box<dyn FnOnce(Rc<T>)>,
    /// Those who waited by then are told first.
    after: WaiterKey,
}
// ANCHOR_END: asked

// ANCHOR: set
impl<T: Clone + 'static> Promise<T> {
    /// Keeps the promise: everybody who asked is queued, in the order in which they did.
    ///
    /// # Errors
    ///
    /// If it was kept before: the value comes back.
    pub fn set(&self, value: T) -> Result<(), T> {
        if self.is_set() {
            return Err(value);
        }
        let value = Rc::new(value);
        self.kept.value.replace(Some(Rc::clone(&value)));
        for asked in self.kept.callbacks.take() {
            self.kept.waiters.wake_until(&asked.after);
            (asked.queue)(Rc::clone(&value));
        }
        self.kept.waiters.wake_all();
        Ok(())
    }
}
// ANCHOR_END: set

impl<T: Clone + 'static> Promise<T> {
    /// Whether it was kept.
    pub fn is_set(&self) -> bool {
        self.kept.value.borrow().is_some()
    }

    /// Calls `callback` with the value, in a turn of its own on the current executor, after the promise is kept.
    ///
    /// # Panics
    ///
    /// If no executor is running on this thread.
    #[track_caller]
    pub fn add_done_callback(&self, callback: impl FnOnce(&T) + 'static) {
        let sink = callback_sink().expect(
            "add_done_callback needs an executor that is running on this thread: call it in a \
             task, or in the future given to run",
        );
        let sink = Rc::downgrade(&sink);
        let queue = move |value: Rc<T>| match sink.upgrade() {
            Some(sink) => sink(Box::new(move || callback(&value))),
            None => discard("a callback's destructor", callback),
        };
        let value = self.kept.value.borrow().clone();
        match value {
            Some(value) => queue(value),
            None => self.kept.callbacks.borrow_mut().push(Asked {
                queue: Box::new(queue),
                after: self.kept.waiters.mark(),
            }),
        }
    }

    /// A clone of the value, if it is there: foreign code, so it is made outside of the borrow.
    fn value(&self) -> Option<T> {
        let value = self.kept.value.borrow().clone();
        value.map(|value| (*value).clone())
    }
}

// ANCHOR: poll
impl<T: Clone + 'static> Future for Promise<T> {
    type Output = T;

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let Promise { kept, key } = &mut *self;
        if kept.value.borrow().is_none() {
            kept.waiters.register(key, context.waker());
        }
        // Looked at after it is registered: cloning a waker is foreign code, and may have
        // kept the promise.
        if let Some(value) = self.value() {
            return Poll::Ready(value);
        }
        suspended(awaited_at(self.kept.made), "promise");
        Poll::Pending
    }
}
// ANCHOR_END: poll

impl<T: 'static> Clone for Promise<T> {
    fn clone(&self) -> Promise<T> {
        Promise {
            kept: Rc::clone(&self.kept),
            key: WaiterKey::default(),
        }
    }
}

impl<T: 'static> Drop for Promise<T> {
    fn drop(&mut self) {
        self.kept.waiters.cancel(&mut self.key);
    }
}

impl<T: 'static> Drop for Kept<T> {
    /// Nobody refers to it any more: neither to the value nor to those who would have been called.
    fn drop(&mut self) {
        discard("a promise's value", self.value.take());
        for asked in self.callbacks.take() {
            discard("a callback's destructor", asked.queue);
        }
    }
}

impl<T: fmt::Debug + 'static> fmt::Debug for Promise<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.kept.value.borrow() {
            Some(value) => write!(f, "Promise kept, value={value:?}"),
            None => f.write_str("Promise pending"),
        }
    }
}
