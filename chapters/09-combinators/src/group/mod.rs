//! Task groups: tasks that end before the block that has spawned them does.

mod error;
mod handle;
mod scope;

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use task_cell::{Cancelled, JoinError, catch_cancel, spawn};
use wakers::Held;

pub use error::GroupError;
pub use handle::ChildHandle;
use scope::{AbortOnDrop, Scope};

use crate::TryError;

/// A task group, as its body sees it; made by [`group`] and [`try_group`].
///
/// Clones are the same group: a child that has one may spawn another.
///
/// `F` is how a child may fail: [`JoinError`] in a [`group`], [`TryError`] in a [`try_group`].
///
/// ```
/// use combinators::{Group, group};
/// use event_loop::Clock;
///
/// /// Spawns another one, which spawns another one.
/// async fn relay(trips: Group, left: u32) {
///     if left > 0 {
///         let again = trips.clone();
///         trips.spawn(async move { Box::pin(relay(again, left - 1)).await });
///     }
/// }
///
/// task_cell::run(Clock::virtual_time(), async {
///     group(async |trips| relay(trips, 3).await).await.unwrap();
///     assert_eq!(task_cell::tasks().len(), 1);
/// });
/// ```
pub struct Group<F: 'static = JoinError>(Rc<Scope<F>>);

impl<F> Clone for Group<F> {
    fn clone(&self) -> Group<F> {
        Group(Rc::clone(&self.0))
    }
}

impl Group {
    /// Makes a task of `future` that ends before the group does: it starts when those already queued have had their
    /// turn.
    ///
    /// A group that has failed, or was cancelled or dropped, takes no new child: the task is cancelled before it
    /// begins, and its handle says so.
    ///
    /// # Panics
    ///
    /// If the group is over; if no executor is running on this thread.
    #[track_caller]
    pub fn spawn<T: 'static>(
        &self,
        future: impl Future<Output = T> + 'static,
    ) -> ChildHandle<T> {
        self.0.must_not_be_over();
        let handle = spawn(future);
        self.0.adopt(&handle, failure);
        ChildHandle(handle)
    }
}

/// As in asyncio and trio, a child that was cancelled by itself has not failed.
fn failure<F: From<JoinError>>(end: Result<(), JoinError>) -> Option<F> {
    match end {
        Err(error @ JoinError::Panicked(_)) => Some(error.into()),
        Ok(()) | Err(JoinError::Cancelled) => None,
    }
}

impl<E: 'static> Group<TryError<E>> {
    /// Makes a task of `future` that ends before the group does; as [`Group::spawn`] of a [`group`].
    ///
    /// An error goes to the group, which needs it for its report: the handle says that the task was cancelled.
    ///
    /// # Panics
    ///
    /// If the group is over; if no executor is running on this thread.
    #[track_caller]
    pub fn spawn<T: 'static>(
        &self,
        future: impl Future<Output = Result<T, E>> + 'static,
    ) -> ChildHandle<T> {
        self.0.must_not_be_over();
        let given = Rc::new(std::cell::Cell::new(None));
        let gives = Rc::clone(&given);
        let handle = spawn(async move {
            match future.await {
                Ok(value) => value,
                Err(error) => {
                    gives.set(Some(error));
                    Cancelled::resume().await
                }
            }
        });
        self.0.adopt(&handle, move |end| {
            let given = given.take().map(TryError::Failed);
            given.or_else(|| failure(end))
        });
        ChildHandle(handle)
    }
}

/// Runs `body`, which may spawn tasks into the group that it is given, and gives its value when all of them have
/// ended.
///
/// If a child panics, its siblings are cancelled, and the body is dropped where it stands, unasked: what it would have to
/// clean up by awaiting belongs in a child. The group waits for all to end, and tells every failure. A child that is
/// cancelled by itself is no failure. The body is polled in place, so it may borrow; its children may not, as no task may.
///
/// If the awaiting task is cancelled, first the body hears it, at its innermost [`catch_cancel`]; without one it is
/// dropped. Then each child is cancelled, and the cancellation goes on when they have ended; but if one has failed, that
/// is reported instead, as in asyncio. A second cancellation meanwhile ends the awaiting task, and the children are
/// aborted; so they are when the group is dropped. If the body panics, the children are cancelled, and the panic goes on
/// when they have ended, whatever has become of them.
///
/// It is asyncio's `TaskGroup`, trio's nursery.
///
/// ```
/// use combinators::group;
/// use event_loop::Clock;
/// use std::time::Duration;
/// use timers::{now, sleep};
///
/// task_cell::run(Clock::virtual_time(), async {
///     let sum = group(async |trips| {
///         let two = trips.spawn(async { sleep(Duration::from_secs(2)).await; 2 });
///         trips.spawn(sleep(Duration::from_secs(3)));
///         1 + two.await.unwrap()
///     });
///     assert_eq!(sum.await.unwrap(), 3);
///     assert_eq!(now().as_secs(), 3);
/// });
/// ```
///
/// # Errors
///
/// Awaited: if children have panicked.
#[track_caller]
pub fn group<R>(
    body: impl AsyncFnOnce(Group) -> R,
) -> impl Future<Output = Result<R, GroupError>> {
    let body = async |group| Ok(body(group).await);
    scoped(body, Location::caller())
}

/// [`group`] of children that give a `Result`: an `Err` of one of them, or of the body, is a failure as well.
///
/// ```
/// use combinators::{TryError, try_group};
/// use event_loop::Clock;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let trips = try_group(async |trips| {
///         for text in ["1", "x", "y"] {
///             trips.spawn(async move { text.parse::<u32>() });
///         }
///         Ok(())
///     });
///     let failures = trips.await.unwrap_err().into_failures();
///     assert_eq!(failures.len(), 2);
///     assert!(matches!(failures[0], TryError::Failed(_)));
/// });
/// ```
///
/// # Errors
///
/// Awaited: if the body or children gave an error, or children have panicked.
#[track_caller]
pub fn try_group<R, E: 'static>(
    body: impl AsyncFnOnce(Group<TryError<E>>) -> Result<R, E>,
) -> impl Future<Output = Result<R, GroupError<TryError<E>>>> {
    let body = async |group| body(group).await.map_err(TryError::Failed);
    scoped(body, Location::caller())
}

// ANCHOR: body
/// How the body of a group came to its end.
enum Body<R> {
    Gave(R),
    /// It has failed, or was dropped since a child had.
    Failed,
    Panicked(Box<dyn Any + Send>),
}
// ANCHOR_END: body

// ANCHOR: scoped
async fn scoped<R, F: 'static>(
    body: impl AsyncFnOnce(Group<F>) -> Result<R, F>,
    line: &'static Location<'static>,
) -> Result<R, GroupError<F>> {
    let scope = Rc::new(Scope::new(line));
    let _children = AbortOnDrop(&scope);
    let block = async {
        let end = drive(&scope, body(Group(Rc::clone(&scope)))).await;
        scope.all_over().await;
        end
    };
    let caught = catch_cancel(block).await;
    if caught.is_err() {
        scope.cancel();
        scope.all_over().await;
    }
    let failures = scope.end();
    match caught {
        Ok(Body::Panicked(payload)) => resume_unwind(payload),
        _ if !failures.is_empty() => Err(GroupError(failures)),
        Ok(Body::Gave(value)) => Ok(value),
        Ok(Body::Failed) => unreachable!("a failure was noted"),
        Err(Cancelled) => Cancelled::resume().await,
    }
}
// ANCHOR_END: scoped

// ANCHOR: drive
/// Polls the body until it ends or a child fails, whichever is first. If it has not ended
/// well, the children are cancelled.
async fn drive<R, F: 'static>(
    scope: &Rc<Scope<F>>,
    body: impl Future<Output = Result<R, F>>,
) -> Body<R> {
    let body = pin!(Some(body));
    let mut body = Held(body);
    let end = poll_fn(|context: &mut Context<'_>| {
        scope.register(context.waker());
        if scope.has_failed() {
            return Poll::Ready(Body::Failed);
        }
        match catch_unwind(AssertUnwindSafe(|| body.poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(Ok(value))) => Poll::Ready(Body::Gave(value)),
            Ok(Poll::Ready(Err(failure))) => {
                scope.fail(failure);
                Poll::Ready(Body::Failed)
            }
            Err(payload) => Poll::Ready(Body::Panicked(payload)),
        }
    })
    .await;
    if let Body::Panicked(_) = end {
        scope.cancel();
    }
    end
}
// ANCHOR_END: drive
