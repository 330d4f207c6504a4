//! The values of some tasks, in the order in which those end.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::mem;
use std::panic::Location;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use polling::{spend, suspended};
use task_cell::{EndKey, JoinError, JoinHandle, spawn};
use timers::{Sleep, sleep};
use wakers::{WaiterKey, Waiters};

use crate::WaitForError;
use crate::handles::end_of;

// ANCHOR: struct
/// The ends of some tasks as they happen: a [`Stream`]; made by [`as_completed`].
pub struct AsCompleted<T> {
    /// By place, each with what takes its callback back; empty if its end was given out.
    handles: Vec<Option<(JoinHandle<T>, EndKey)>>,
    ended: Rc<Ended>,
    /// How many have not been given out.
    left: usize,
    key: WaiterKey,
    line: &'static Location<'static>,
}

/// What the callbacks of the tasks share with the stream.
#[derive(Default)]
struct Ended {
    /// The places of tasks that are over, in the order in which they ended.
    places: RefCell<VecDeque<usize>>,
    waiters: Waiters,
}
// ANCHOR_END: struct

/// Spawns `futures`, in order, and gives their values in the order in which they end, each as soon as it does.
///
/// It is a [`Stream`], and can be asked for the [`next`](AsCompleted::next) one. Dropping it lets the tasks that are not
/// over run on, as in asyncio: [`into_pending`](AsCompleted::into_pending) gives their handles. It is
/// `asyncio.as_completed`.
///
/// ```
/// use combinators::as_completed;
/// use event_loop::Clock;
/// use std::time::Duration;
/// use timers::sleep;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let mut trips = as_completed([2, 1, 3].map(|seconds| async move {
///         sleep(Duration::from_secs(seconds)).await;
///         seconds
///     }));
///     let mut ended = Vec::new();
///     while let Some(trip) = trips.next().await {
///         ended.push(trip.unwrap());
///     }
///     assert_eq!(ended, [1, 2, 3]);
/// });
/// ```
///
/// # Panics
///
/// If no executor is running on this thread.
#[track_caller]
pub fn as_completed<F>(futures: impl IntoIterator<Item = F>) -> AsCompleted<F::Output>
where
    F: Future<Output: 'static> + 'static,
{
    let mut handles = Vec::new();
    // Not `map`: its line would be the one where they are spawned.
    for future in futures {
        handles.push(spawn(future));
    }
    as_completed_handles(handles)
}

// ANCHOR: new
/// [`as_completed`] of tasks that are there.
///
/// ```
/// use combinators::as_completed_handles;
/// use event_loop::Clock;
/// use task_cell::spawn;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let mut trips = as_completed_handles([spawn(async { 1 }), spawn(async { 2 })]);
///     assert_eq!(trips.next().await.unwrap().unwrap(), 1);
///     let rest = trips.into_pending();
///     assert_eq!(rest.len(), 1);
/// });
/// ```
#[track_caller]
pub fn as_completed_handles<T: 'static>(
    handles: impl IntoIterator<Item = JoinHandle<T>>,
) -> AsCompleted<T> {
    let ended = Rc::new(Ended::default());
    let mut watched = Vec::new();
    for (place, handle) in handles.into_iter().enumerate() {
        let stream = Rc::downgrade(&ended);
        let key = handle.on_end(move |_| {
            if let Some(ended) = stream.upgrade() {
                ended.places.borrow_mut().push_back(place);
                ended.waiters.wake_one();
            }
        });
        watched.push(Some((handle, key)));
    }
    AsCompleted {
        left: watched.len(),
        handles: watched,
        ended,
        key: WaiterKey::default(),
        line: Location::caller(),
    }
}
// ANCHOR_END: new

impl<T: 'static> AsCompleted<T> {
    /// The next end; `None` after the last one.
    ///
    /// If it is dropped while it waits, no end is lost.
    #[expect(clippy::should_implement_trait, reason = "a stream's is called so")]
    pub fn next(&mut self) -> impl Future<Output = Option<Result<T, JoinError>>> {
        std::future::poll_fn(|context| self.poll_end(context))
    }

    /// How many have not been given out.
    pub fn left(&self) -> usize {
        self.left
    }

    /// The handles of those that have not been given out, in the order in which they were given.
    ///
    /// ```
    /// use combinators::as_completed;
    /// use event_loop::Clock;
    ///
    /// task_cell::run(Clock::virtual_time(), async {
    ///     let mut trips = as_completed([1, 2].map(|km| async move { km }));
    ///     assert_eq!(trips.next().await.unwrap().unwrap(), 1);
    ///     // Nobody needs the other one.
    ///     assert_eq!(trips.into_pending().iter().map(|trip| trip.cancel()).count(), 1);
    /// });
    /// ```
    pub fn into_pending(mut self) -> Vec<JoinHandle<T>> {
        self.forget().collect()
    }

    /// With a limit for all of them together, which counts from when it is first awaited.
    ///
    /// When the time is up it gives [`WaitForError::Elapsed`], once, and then `None`. It cancels nothing.
    ///
    /// ```
    /// use combinators::{WaitForError, as_completed};
    /// use event_loop::Clock;
    /// use std::time::Duration;
    /// use timers::sleep;
    ///
    /// task_cell::run(Clock::virtual_time(), async {
    ///     let trips = [1, 3].map(|seconds| async move {
    ///         sleep(Duration::from_secs(seconds)).await;
    ///         seconds
    ///     });
    ///     let mut trips = as_completed(trips).within(Duration::from_secs(2));
    ///     assert_eq!(trips.next().await.unwrap().unwrap(), 1);
    ///     assert!(matches!(trips.next().await, Some(Err(WaitForError::Elapsed))));
    ///     assert!(trips.next().await.is_none());
    ///     assert_eq!(trips.into_pending().len(), 1);
    /// });
    /// ```
    #[track_caller]
    pub fn within(self, limit: Duration) -> Within<T> {
        Within {
            stream: self,
            limit: Some(sleep(limit)),
        }
    }

    // ANCHOR: poll
    fn poll_end(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<T, JoinError>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        if self.ended.places.borrow().is_empty() {
            self.ended.waiters.register(&mut self.key, context.waker());
        }
        // Looked at after it is registered: cloning a waker is foreign code.
        let Some(place) = self.ended.pop(context) else {
            suspended(self.line, "as_completed");
            return Poll::Pending;
        };
        self.left -= 1;
        let ended = self.handles[place].take();
        let (handle, _called) = ended.expect("each ends once");
        Poll::Ready(Some(end_of(handle)))
    }
    // ANCHOR_END: poll
}

impl<T> AsCompleted<T> {
    /// What is left, which calls back no more.
    fn forget(&mut self) -> impl Iterator<Item = JoinHandle<T>> + use<T> {
        let left = mem::take(&mut self.handles).into_iter().flatten();
        left.map(|(handle, key)| {
            handle.forget(key);
            handle
        })
    }
}

impl Ended {
    /// The next place, if there is one and the task's budget allows it.
    fn pop(&self, context: &Context<'_>) -> Option<usize> {
        if self.places.borrow().is_empty() || spend(context).is_pending() {
            return None;
        }
        self.places.borrow_mut().pop_front()
    }
}

impl<T: 'static> Stream for AsCompleted<T> {
    type Item = Result<T, JoinError>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        self.poll_end(context)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<T> Drop for AsCompleted<T> {
    fn drop(&mut self) {
        self.forget().for_each(drop);
        self.ended.waiters.cancel(&mut self.key);
    }
}

impl<T> fmt::Debug for AsCompleted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AsCompleted, {} left", self.left)
    }
}

/// The ends of some tasks as they happen, until a time is up: a [`Stream`]; made by [`AsCompleted::within`].
#[derive(Debug)]
pub struct Within<T> {
    stream: AsCompleted<T>,
    /// `None`: it was over, and was reported.
    limit: Option<Sleep>,
}

impl<T: 'static> Within<T> {
    /// The next end, or that the time is up; `None` after the last one.
    ///
    /// If it is dropped while it waits, no end is lost.
    #[expect(clippy::should_implement_trait, reason = "a stream's is called so")]
    pub fn next(&mut self) -> impl Future<Output = Option<Result<T, WaitForError>>> {
        std::future::poll_fn(|context| self.poll_end(context))
    }

    /// The handles of those that have not been given out, in the order in which they were given.
    pub fn into_pending(self) -> Vec<JoinHandle<T>> {
        self.stream.into_pending()
    }

    fn poll_end(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<T, WaitForError>>> {
        let Some(limit) = &mut self.limit else {
            return Poll::Ready(None);
        };
        if let Poll::Ready(end) = self.stream.poll_end(context) {
            return Poll::Ready(end.map(|end| end.map_err(WaitForError::from)));
        }
        let is_over = Pin::new(limit).poll(context);
        // The line is that of the stream, whatever the timer has said.
        suspended(self.stream.line, "as_completed");
        ready!(is_over);
        self.limit = None;
        Poll::Ready(Some(Err(WaitForError::Elapsed)))
    }
}

impl<T: 'static> Stream for Within<T> {
    type Item = Result<T, WaitForError>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        self.poll_end(context)
    }
}
