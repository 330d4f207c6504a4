//! A value that somebody will set: what asyncio calls a Future.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker};

use crate::core::{Core, read_mail};
use crate::current::current;
use crate::task::{self, quietly};

/// An empty promise.
///
/// ```
/// use event_loop::Clock;
///
/// let value = task_cell::run(Clock::virtual_time(), async {
///     let promise = task_cell::promise();
///     let keeper = promise.clone();
///     let _task = task_cell::spawn(async move { keeper.set(42).unwrap() });
///     promise.await
/// });
/// assert_eq!(value, 42);
/// ```
pub fn promise<T: Clone + 'static>() -> Promise<T> {
    Promise {
        kept: Rc::new(Kept {
            value: RefCell::new(None),
            watchers: RefCell::default(),
            last_id: Cell::new(0),
        }),
        id: 0,
    }
}

// ANCHOR: promise
/// A place for one value, which all who await it get. Clones are the same promise.
pub struct Promise<T> {
    kept: Rc<Kept<T>>,
    /// Which of the clones this is.
    id: u64,
}

struct Kept<T> {
    value: RefCell<Option<Rc<T>>>,
    /// In the order in which they asked.
    watchers: RefCell<Vec<Watcher<T>>>,
    last_id: Cell<u64>,
}

enum Watcher<T> {
    Callback(Box<dyn FnOnce(&T)>, Weak<Core>),
    /// A clone that is awaited, and by whom.
    Waiter(u64, Waker),
}

// ANCHOR_END: promise

// ANCHOR: set
impl<T: Clone + 'static> Promise<T> {
    /// Keeps the promise: everybody who waits is queued.
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
        // Wakers are code of others: the list is out of its cell.
        for watcher in self.kept.watchers.take() {
            match watcher {
                // One that panics does not keep the others from being told.
                Watcher::Waiter(_, waker) => {
                    quietly(|| waker.wake());
                }
                Watcher::Callback(callback, executor) => {
                    if let Some(executor) = executor.upgrade() {
                        let value = Rc::clone(&value);
                        // Waiters before it may have gone by mail.
                        read_mail(&executor);
                        executor.call_soon(Box::new(move || callback(&value)));
                    }
                }
            }
        }
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
        current("add_done_callback", |_| ());
        let executor = task::core().expect("it is entered");
        let value = self.kept.value.borrow().clone();
        if let Some(value) = value {
            executor.call_soon(Box::new(move || callback(&value)));
        } else {
            let executor = Rc::downgrade(&executor);
            let watcher = Watcher::Callback(Box::new(callback), executor);
            self.kept.watchers.borrow_mut().push(watcher);
        }
    }
}

impl<T> Kept<T> {
    /// Takes the place of clone `id` among the waiters, and puts `waker` there. What was there comes back: to be
    /// dropped without a borrow, since it is code of others.
    fn replace(&self, id: u64, waker: Option<Waker>) -> Option<Watcher<T>> {
        let mut watchers = self.watchers.borrow_mut();
        let is_mine =
            |it: &Watcher<T>| matches!(it, Watcher::Waiter(its, _) if *its == id);
        let place = watchers.iter().position(is_mine);
        let old = place.map(|place| watchers.remove(place));
        if let Some(waker) = waker {
            let place = place.unwrap_or(watchers.len());
            watchers.insert(place, Watcher::Waiter(id, waker));
        }
        old
    }
}

/// The future of awaiting a [`Promise`]. It knows the line of the `.await`.
#[must_use = "a future does nothing unless it is awaited"]
pub struct Awaiting<T> {
    promise: Promise<T>,
    traced: &'static Location<'static>,
}

impl<T: Clone + 'static> IntoFuture for Promise<T> {
    type Output = T;
    type IntoFuture = Awaiting<T>;

    #[track_caller]
    fn into_future(self) -> Awaiting<T> {
        Awaiting {
            promise: self,
            traced: Location::caller(),
        }
    }
}

impl<T: Clone + 'static> Future for Awaiting<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let waker = context.waker().clone();
        let Promise { kept, id } = &self.promise;
        let value = kept.value.borrow().clone();
        match value {
            Some(value) => Poll::Ready((*value).clone()),
            None => {
                let _old = kept.replace(*id, Some(waker));
                polling::suspended(self.traced, "promise");
                Poll::Pending
            }
        }
    }
}

impl<T> Clone for Promise<T> {
    fn clone(&self) -> Promise<T> {
        let id = self.kept.last_id.get() + 1;
        self.kept.last_id.set(id);
        Promise {
            kept: Rc::clone(&self.kept),
            id,
        }
    }
}

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        let _mine = self.kept.replace(self.id, None);
    }
}

impl<T: fmt::Debug> fmt::Debug for Promise<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.kept.value.borrow() {
            Some(value) => write!(f, "Promise kept, value={value:?}"),
            None => f.write_str("Promise pending"),
        }
    }
}
