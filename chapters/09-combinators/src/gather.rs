//! All values of some tasks, in the order in which they were given.

use polling::Suspension;
use task_cell::{Cancelled, JoinError, JoinHandle, catch_cancel};

use crate::TryError;
use crate::boxed::Gather;
use crate::handles::{Gathered, Handles, TryGathered, end_of};
use crate::watched::{Watched, here};

/// Spawns `futures`, in order, and gives all their values, in the same order.
///
/// The first one that fails, by a panic or by being cancelled, makes it end with that error at once; the others go on,
/// and nobody asks for their values. If the awaiting task is cancelled, each of the children is, and the cancellation
/// goes on when all of them have ended. Dropping the gather aborts them. The tasks are spawned when it is called, and
/// not when it is awaited.
///
/// It is `asyncio.gather`.
///
/// ```
/// use combinators::gather;
/// use event_loop::Clock;
/// use std::time::Duration;
/// use timers::{now, sleep};
///
/// task_cell::run(Clock::virtual_time(), async {
///     let trips = [2, 1, 3].map(|seconds| async move {
///         sleep(Duration::from_secs(seconds)).await;
///         seconds
///     });
///     assert_eq!(gather(trips).await.unwrap(), [2, 1, 3]);
///     assert_eq!(now().as_secs(), 3);
/// });
/// ```
///
/// # Errors
///
/// Awaited: if one of them ended without a value.
///
/// # Panics
///
/// If no executor is running on this thread.
#[track_caller]
pub fn gather<F>(
    futures: impl IntoIterator<Item = F>,
) -> Gather<Result<Vec<F::Output>, JoinError>>
where
    F: Future<Output: 'static> + 'static,
{
    let children = Watched::spawn(futures, |value| value.is_none());
    gathered(children, here("gather"))
}

/// [`gather`] of tasks that are there: it spawns nothing. From now on they are its children.
///
/// ```
/// use combinators::gather_handles;
/// use event_loop::Clock;
/// use task_cell::spawn;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let trips = vec![spawn(async { 1 }), spawn(async { 2 })];
///     assert_eq!(gather_handles(trips).await.unwrap(), [1, 2]);
/// });
/// ```
///
/// # Errors
///
/// Awaited: as [`gather`].
#[track_caller]
pub fn gather_handles<T: 'static>(
    handles: impl IntoIterator<Item = JoinHandle<T>>,
) -> Gather<Result<Vec<T>, JoinError>> {
    gather_tuple(Vec::from_iter(handles), here("gather"))
}

/// What `gather` of handles, and its macro, come to.
#[doc(hidden)]
pub fn gather_tuple<H: Gathered>(
    handles: H,
    at: Suspension,
) -> Gather<Result<H::Values, JoinError>> {
    gathered(Watched::new(handles, true, |_, _, end| end.is_err()), at)
}

// ANCHOR: gather
/// The values of `children`, or the first error.
fn gathered<H: Gathered>(
    children: Watched<H>,
    at: Suspension,
) -> Gather<Result<H::Values, JoinError>> {
    Gather::new(at, async move {
        until_released(&children, at).await;
        let decided = children.decided();
        // Those that go on belong to nobody now.
        let handles = children.into_handles();
        match decided {
            Some(place) => Err(handles.error(place).expect("it has failed")),
            None => handles.values(),
        }
    })
}

/// Waits for children until one decides or all are over. If the task is cancelled first, so
/// are they; when they have ended, the cancellation goes on.
async fn until_released<H: Handles>(children: &Watched<H>, at: Suspension) {
    let released = children.released(None, at);
    if let Err(Cancelled) = catch_cancel(released).await {
        // hole: call-off — end the children, and then as cancelled
        // tried by: called-off
        // also: combinators
        children.cancel();
        children.all_over(at).await;
        Cancelled::resume().await;
        // end hole
    }
}
// ANCHOR_END: gather

/// [`gather`] of children that give a `Result`: the first `Err` ends it as well.
///
/// ```
/// use combinators::{TryError, try_gather};
/// use event_loop::Clock;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let good = ["1", "2"].map(|it| async move { it.parse::<u32>() });
///     assert_eq!(try_gather(good).await.unwrap(), [1, 2]);
///     let bad = ["1", "x"].map(|it| async move { it.parse::<u32>() });
///     assert!(matches!(try_gather(bad).await, Err(TryError::Failed(_))));
/// });
/// ```
///
/// # Errors
///
/// Awaited: if one of them gave an error, or ended without a value.
///
/// # Panics
///
/// If no executor is running on this thread.
#[track_caller]
pub fn try_gather<F, T, E>(
    futures: impl IntoIterator<Item = F>,
) -> Gather<Result<Vec<T>, TryError<E>>>
where
    F: Future<Output = Result<T, E>> + 'static,
    T: 'static,
    E: 'static,
{
    let children = Watched::spawn(futures, |value| !matches!(value, Some(Ok(_))));
    try_gathered(children, here("gather"))
}

/// [`try_gather`] of tasks that are there.
///
/// ```
/// use combinators::try_gather_handles;
/// use event_loop::Clock;
/// use task_cell::spawn;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let trips = ["1", "2"].map(|it| spawn(async move { it.parse::<u32>() }));
///     assert_eq!(try_gather_handles(trips).await.unwrap(), [1, 2]);
/// });
/// ```
///
/// # Errors
///
/// Awaited: as [`try_gather`].
#[track_caller]
pub fn try_gather_handles<T: 'static, E: 'static>(
    handles: impl IntoIterator<Item = JoinHandle<Result<T, E>>>,
) -> Gather<Result<Vec<T>, TryError<E>>> {
    try_gather_tuple(Vec::from_iter(handles), here("gather"))
}

/// What `try_gather` of handles, and its macro, come to.
#[doc(hidden)]
pub fn try_gather_tuple<H: TryGathered>(
    handles: H,
    at: Suspension,
) -> Gather<Result<H::Values, TryError<H::Error>>> {
    let decides = |handles: &H, place, end: &Result<(), JoinError>| {
        end.is_err() || handles.has_failed(place)
    };
    try_gathered(Watched::new(handles, true, decides), at)
}

fn try_gathered<H: TryGathered>(
    children: Watched<H>,
    at: Suspension,
) -> Gather<Result<H::Values, TryError<H::Error>>> {
    Gather::new(at, async move {
        until_released(&children, at).await;
        let decided = children.decided();
        let handles = children.into_handles();
        match decided {
            Some(place) => Err(handles.failure(place).expect("it has failed")),
            None => handles.values(),
        }
    })
}

/// Spawns `futures`, in order, and tells how each of them has ended, in the same order: an error stands in its place.
///
/// Cancelling and dropping as with [`gather`]. It is asyncio's `gather(…, return_exceptions=True)`.
///
/// ```
/// use combinators::gather_all;
/// use event_loop::Clock;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let trips = [3, 0].map(|km| async move {
///         assert!(km > 0, "no trip");
///         km
///     });
///     let ends = gather_all(trips).await;
///     assert_eq!(*ends[0].as_ref().unwrap(), 3);
///     assert_eq!(ends[1].as_ref().unwrap_err().to_string(), "the task panicked: no trip");
/// });
/// ```
///
/// # Panics
///
/// If no executor is running on this thread.
#[track_caller]
pub fn gather_all<F>(
    futures: impl IntoIterator<Item = F>,
) -> Gather<Vec<Result<F::Output, JoinError>>>
where
    F: Future<Output: 'static> + 'static,
{
    all(Watched::spawn(futures, |_| false), here("gather"))
}

/// [`gather_all`] of tasks that are there.
///
/// ```
/// use combinators::gather_all_handles;
/// use event_loop::Clock;
/// use task_cell::spawn;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let trips = [spawn(async { 1 }), spawn(async { 2 })];
///     trips[1].cancel();
///     let ends = gather_all_handles(trips).await;
///     assert!(ends[0].is_ok() && ends[1].is_err());
/// });
/// ```
#[track_caller]
pub fn gather_all_handles<T: 'static>(
    handles: impl IntoIterator<Item = JoinHandle<T>>,
) -> Gather<Vec<Result<T, JoinError>>> {
    let handles = Vec::from_iter(handles);
    all(Watched::new(handles, true, |_, _, _| false), here("gather"))
}

fn all<T: 'static>(
    children: Watched<Vec<JoinHandle<T>>>,
    at: Suspension,
) -> Gather<Vec<Result<T, JoinError>>> {
    Gather::new(at, async move {
        until_released(&children, at).await;
        children.into_handles().into_iter().map(end_of).collect()
    })
}

/// [`gather`](crate::gather()) of up to eight futures of different types: their values come as a tuple.
///
/// ```
/// use combinators::gather;
/// use event_loop::Clock;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let (number, text) = gather!(async { 7 }, async { "seven" }).await.unwrap();
///     assert_eq!((number, text), (7, "seven"));
/// });
/// ```
#[macro_export]
macro_rules! gather {
    ($($future:expr),+ $(,)?) => {
        $crate::macros::gather_tuple(
            ($($crate::macros::spawn($future),)+),
            $crate::macros::here("gather"),
        )
    };
}

/// [`try_gather`](crate::try_gather()) of up to eight futures of different types: their values come as a tuple.
///
/// ```
/// use combinators::try_gather;
/// use event_loop::Clock;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let number = async { "7".parse::<u32>() };
///     let negative = async { "-7".parse::<i64>() };
///     assert_eq!(try_gather!(number, negative).await.unwrap(), (7, -7));
/// });
/// ```
#[macro_export]
macro_rules! try_gather {
    ($($future:expr),+ $(,)?) => {
        $crate::macros::try_gather_tuple(
            ($($crate::macros::spawn($future),)+),
            $crate::macros::here("gather"),
        )
    };
}
