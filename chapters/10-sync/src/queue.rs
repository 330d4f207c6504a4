//! Items on their way from those who make them to those who need them.
//!
//! A queue is two lots of turns: each item is a turn to take one out, each empty place a turn to put one in. So the
//! line, its order, and what happens to somebody who goes away are those of every turn. That a bounded buffer is two
//! semaphores is Dijkstra's idea.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::iter;
use std::marker::PhantomData;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use polling::suspended;
use wakers::{WaiterKey, contained};

use crate::closed::{Closed, TryGetError, TryPutError};
use crate::event::{Event, Wait};
use crate::lines::awaited_again;
use crate::store::{Fifo, Store};
use crate::turns::{Held, Turns};

// ANCHOR: queue
/// A queue between tasks, with room for a given number: asyncio's `Queue`.
///
/// ```
/// use event_loop::{Clock, Time};
/// use std::rc::Rc;
/// use std::time::Duration;
/// use sync::Queue;
/// use task_cell::spawn;
/// use timers::{now, sleep};
///
/// task_cell::run(Clock::virtual_time(), async {
///     let calls = Rc::new(Queue::bounded(2));
///     let desk = Rc::clone(&calls);
///     let taxi = spawn(async move {
///         while let Ok(_street) = desk.get().await {
///             sleep(Duration::from_secs(5)).await;
///             desk.task_done();
///         }
///     });
///     for street in ["Main Street", "Market", "Station", "Harbour"] {
///         calls.put(street).await.unwrap(); // Waits while two are in it.
///     }
///     calls.join().await; // Until each is done.
///     assert_eq!(now(), Time::from_secs(20));
///     calls.close();
///     taxi.await.unwrap();
/// });
/// ```
pub struct Queue<T, S: Store<T> = Fifo<T>> {
    items: RefCell<S>,
    /// A turn to get for each item, a turn to put for each empty place.
    to_get: Turns,
    to_put: Turns,
    capacity: usize,
    closed: Cell<bool>,
    /// How many were put in and are not done.
    unfinished: Cell<usize>,
    all_done: Event,
    of: PhantomData<T>,
}
// ANCHOR_END: queue

impl<T> Queue<T> {
    /// A queue with room for `capacity` items.
    ///
    /// # Panics
    ///
    /// If that is zero.
    #[track_caller]
    pub fn bounded(capacity: usize) -> Queue<T> {
        Queue::with_room(capacity)
    }

    /// A queue in which there is always room.
    ///
    /// ```
    /// let calls = sync::Queue::unbounded();
    /// for call in 0..1000 {
    ///     assert_eq!(calls.try_put(call), Ok(()));
    /// }
    /// assert_eq!((calls.len(), calls.try_get()), (1000, Ok(0)));
    /// ```
    pub fn unbounded() -> Queue<T> {
        Queue::with_room(usize::MAX)
    }
}

impl<T, S: Store<T>> Queue<T, S> {
    #[track_caller]
    pub(crate) fn with_room(capacity: usize) -> Queue<T, S> {
        assert!(
            capacity > 0,
            "a queue without room hands nothing over: give it room for one, or make it unbounded"
        );
        let all_done = Event::new();
        all_done.set();
        Queue {
            items: RefCell::default(),
            to_get: Turns::new(0),
            to_put: Turns::new(capacity),
            capacity,
            closed: Cell::new(false),
            unfinished: Cell::new(0),
            all_done,
            of: PhantomData,
        }
    }

    /// How many items are in it.
    pub fn len(&self) -> usize {
        self.items.borrow().size()
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many items it has room for; unbounded: `usize::MAX`.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Whether it was closed.
    pub fn is_closed(&self) -> bool {
        self.closed.get()
    }

    // ANCHOR: put
    /// Puts `item` in when there is room. Dropped before that, it has put nothing in.
    ///
    /// # Errors
    ///
    /// If the queue is closed: the item comes back.
    #[track_caller]
    pub fn put(&self, item: T) -> Put<'_, T, S> {
        self.put_as("queue put", item, Location::caller())
    }

    // ANCHOR: try-put
    /// Puts `item` in at once.
    ///
    /// ```
    /// let calls = sync::Queue::bounded(1);
    /// assert_eq!(calls.try_put("Main Street"), Ok(()));
    /// assert!(calls.try_put("Market").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// If there is no room, or others wait for it, or the queue is closed.
    pub fn try_put(&self, item: T) -> Result<(), TryPutError<T>> {
        if self.is_closed() {
            return Err(TryPutError::Closed(item));
        }
        if !self.to_put.try_take() {
            return Err(TryPutError::Full(item));
        }
        self.push(item);
        Ok(())
    }

    /// There is room for it.
    fn push(&self, item: T) {
        self.unfinished.set(self.unfinished.get() + 1);
        self.all_done.clear();
        // Given when this returns: also if it unwinds, since items compare by foreign code.
        let _one_more = Held(&self.to_get);
        self.items.borrow_mut().push(item);
    }
    // ANCHOR_END: try-put
    // ANCHOR_END: put

    pub(crate) fn put_as(
        &self,
        why: &'static str,
        item: T,
        location: &'static Location<'static>,
    ) -> Put<'_, T, S> {
        Put {
            queue: self,
            item: Some(item),
            key: WaiterKey::default(),
            location,
            why,
        }
    }

    // ANCHOR: get
    /// Takes an item out when there is one. Dropped before that, it has taken none: one that
    /// was on its way to it is for the next.
    ///
    /// # Errors
    ///
    /// If the queue is closed, and nothing is left in it.
    #[track_caller]
    pub fn get(&self) -> Get<'_, T, S> {
        Get {
            queue: self,
            key: WaiterKey::default(),
            location: Location::caller(),
        }
    }

    // ANCHOR: try-get
    /// Takes an item out at once.
    ///
    /// ```
    /// let calls = sync::Queue::bounded(1);
    /// assert!(calls.try_get().is_err());
    /// calls.try_put("Main Street").unwrap();
    /// assert_eq!(calls.try_get(), Ok("Main Street"));
    /// ```
    ///
    /// # Errors
    ///
    /// If there is none, or others wait for it; or the queue is closed, and nothing is left.
    pub fn try_get(&self) -> Result<T, TryGetError> {
        if self.is_over() {
            return Err(TryGetError::Closed);
        }
        if !self.to_get.try_take() {
            return Err(TryGetError::Empty);
        }
        self.pop().map_err(|_closed| TryGetError::Closed)
    }

    /// There is one for whoever has a turn; and none if all were woken since it is over.
    fn pop(&self) -> Result<T, Closed> {
        // hole: pop — take an item out and give its place to whoever waits for room; at the end, wake all
        // tried by: queue, car-wash, in-line
        // also: sync
        let room = Held(&self.to_put);
        let item = self.items.borrow_mut().pop();
        drop(room);
        if self.is_over() {
            self.to_get.wake_all();
        }
        item.ok_or(Closed(()))
        // end hole
    }
    // ANCHOR_END: try-get
    // ANCHOR_END: get

    // ANCHOR: poll-get
    /// An item for whoever has `key`, when there is one; or the end.
    pub(crate) fn poll_get(
        &self,
        key: &mut WaiterKey,
        context: &mut Context<'_>,
        why: &'static str,
        location: &'static Location<'static>,
    ) -> Poll<Result<T, Closed>> {
        let turn = self.to_get.poll_take(key, context);
        if self.is_over() {
            return Poll::Ready(Err(Closed(())));
        }
        if turn.is_pending() {
            suspended(location, why);
            return Poll::Pending;
        }
        Poll::Ready(self.pop())
    }

    /// Whoever has `key` goes away.
    pub(crate) fn leave_get(&self, key: &mut WaiterKey) {
        self.to_get.leave(key);
    }
    // ANCHOR_END: poll-get

    // ANCHOR: close
    /// Nothing more goes in. What is in it still comes out; then whoever gets, now or later,
    /// is told.
    pub fn close(&self) {
        self.closed.set(true);
        self.to_put.wake_all();
        if self.is_over() {
            self.to_get.wake_all();
        }
    }

    /// Closed, and empty: nothing will come any more.
    fn is_over(&self) -> bool {
        self.is_closed() && self.is_empty()
    }
    // ANCHOR_END: close

    /// Closes it, and takes out whatever is left, each of which counts as done: what asyncio's
    /// `shutdown(immediate=True)` does.
    ///
    /// ```
    /// let calls = sync::Queue::unbounded();
    /// calls.try_put("Main Street").unwrap();
    /// assert_eq!(calls.close_now(), ["Main Street"]);
    /// assert!(calls.is_closed() && calls.is_empty());
    /// ```
    pub fn close_now(&self) -> Vec<T> {
        self.closed.set(true);
        let left = Vec::from_iter(iter::from_fn(|| self.items.borrow_mut().pop()));
        for _ in &left {
            self.one_done();
        }
        self.close();
        left
    }

    // ANCHOR: done
    /// One item that was taken out is done: whoever took it says so, for [`join`](Queue::join).
    ///
    /// # Panics
    ///
    /// If every item that was put in is done already.
    #[track_caller]
    pub fn task_done(&self) {
        let is_left = self.one_done();
        assert!(
            is_left,
            "task_done() was called more often than items were put in: \
             call it once for each that you have taken out"
        );
    }

    /// False if there was none that was not done.
    fn one_done(&self) -> bool {
        let Some(left) = self.unfinished.get().checked_sub(1) else {
            return false;
        };
        self.unfinished.set(left);
        if left == 0 {
            self.all_done.set();
        }
        true
    }
    // ANCHOR_END: done

    // ANCHOR: join
    /// Waits until every item that was put in is done.
    #[track_caller]
    pub fn join(&self) -> Wait<'_> {
        self.all_done.wait_as("queue join", Location::caller())
    }
    // ANCHOR_END: join
}

/// The future of [`Queue::put`].
#[must_use = "a future does nothing unless it is awaited"]
pub struct Put<'a, T, S: Store<T> = Fifo<T>> {
    queue: &'a Queue<T, S>,
    /// Until it is in the queue.
    item: Option<T>,
    key: WaiterKey,
    location: &'static Location<'static>,
    /// What it waits for, in a word.
    why: &'static str,
}

/// The future of [`Queue::get`].
///
/// ```
/// let calls = sync::Queue::bounded(1);
/// let get: sync::Get<'_, &str> = calls.get();
/// calls.try_put("Main Street").unwrap();
/// assert_eq!(polling::spin_on(get).output, Ok("Main Street"));
/// ```
#[must_use = "a future does nothing unless it is awaited"]
pub struct Get<'a, T, S: Store<T> = Fifo<T>> {
    queue: &'a Queue<T, S>,
    key: WaiterKey,
    location: &'static Location<'static>,
}

// The item is only moved: nothing points into it.
impl<T, S: Store<T>> Unpin for Put<'_, T, S> {}

// ANCHOR: poll
impl<T, S: Store<T>> Future for Put<'_, T, S> {
    type Output = Result<(), Closed<T>>;

    // A panic is blamed on the line of the `.await`.
    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let queue = self.queue;
        if self.item.is_none() {
            awaited_again(self.why, self.location);
        }
        let turn = queue.to_put.poll_take(&mut self.key, context);
        if turn.is_pending() && !queue.is_closed() {
            suspended(self.location, self.why);
            return Poll::Pending;
        }
        let item = self.item.take().expect("it is put in once");
        if queue.is_closed() {
            return Poll::Ready(Err(Closed(item)));
        }
        queue.push(item);
        Poll::Ready(Ok(()))
    }
}

impl<T, S: Store<T>> Future for Get<'_, T, S> {
    type Output = Result<T, Closed>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let (queue, location) = (self.queue, self.location);
        queue.poll_get(&mut self.key, context, "queue get", location)
    }
}
// ANCHOR_END: poll

impl<T, S: Store<T>> Drop for Put<'_, T, S> {
    fn drop(&mut self) {
        self.queue.to_put.leave(&mut self.key);
    }
}

impl<T, S: Store<T>> Drop for Get<'_, T, S> {
    fn drop(&mut self) {
        self.queue.leave_get(&mut self.key);
    }
}

impl<T, S: Store<T>> Drop for Queue<T, S> {
    fn drop(&mut self) {
        let items = self.items.get_mut();
        while items.size() > 0 {
            contained("an item", || drop(items.pop()));
        }
    }
}

impl<T, S: Store<T>> fmt::Debug for Queue<T, S> {
    /// `Queue 2 of 3, closed, 1 unfinished`. The items are not looked at.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Queue {}", self.len())?;
        if self.capacity < usize::MAX {
            write!(f, " of {}", self.capacity)?;
        }
        let closed = if self.is_closed() { ", closed" } else { "" };
        write!(f, "{closed}, {} unfinished", self.unfinished.get())
    }
}
