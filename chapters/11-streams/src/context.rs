//! Something that is entered and left, where both may have to wait: Python's `async with`.
//!
//! `Drop` runs whatever happens, but it cannot await. So what must be awaited at the end is not left to a destructor: it
//! is called by the function in which the work is done, [`with`], which is told by the body's future how it ended.

use std::any::Any;
use std::fmt;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::task::Poll;

use task_cell::{Cancelled, catch_cancel};
use wakers::Held;

// ANCHOR: context
/// What can be entered and must be left.
///
/// `E` is what the body fails with, and so what entering and leaving may fail with. A
/// context that cannot fail is one for every `E`.
///
/// ```
/// use event_loop::Clock;
/// use std::time::Duration;
/// use streams::{Context, Ended, with};
/// use timers::{now, sleep};
///
/// /// Two seconds to connect, and one to say goodbye.
/// struct Connect;
///
/// impl<E> Context<E> for Connect {
///     type Value = u32;
///
///     async fn enter(self) -> Result<u32, E> {
///         sleep(Duration::from_secs(2)).await;
///         Ok(7)
///     }
///
///     async fn exit(_connection: u32, _: Ended<'_, E>) -> Result<(), E> {
///         sleep(Duration::from_secs(1)).await;
///         Ok(())
///     }
/// }
///
/// task_cell::run(Clock::virtual_time(), async {
///     let failed = with(Connect, async |connection| {
///         assert_eq!((*connection, now().as_secs()), (7, 2));
///         Err::<(), _>("no such taxi")
///     });
///     assert_eq!(failed.await, Err("no such taxi"));
///     assert_eq!(now().as_secs(), 3);
/// });
/// ```
pub trait Context<E> {
    /// What the body works with.
    type Value;

    /// Enters. If it fails, or is cancelled before it is done, there is nothing to leave.
    fn enter(self) -> impl Future<Output = Result<Self::Value, E>>;

    /// Leaves, in the way that is right for how the body `ended`.
    fn exit(
        value: Self::Value,
        ended: Ended<'_, E>,
    ) -> impl Future<Output = Result<(), E>>;

    /// Whether it is several, each of which is left as one.
    #[doc(hidden)]
    const IS_SEVERAL: bool = false;
}

// ANCHOR_END: context

// ANCHOR: ended
/// How the body of [`with`] has ended.
///
/// ```
/// use streams::Ended;
///
/// let ended: Ended<'_, &str> = Ended::Failed(&"no fuel");
/// assert_eq!(ended.to_string(), "failed: no fuel");
/// ```
#[derive(Debug)]
pub enum Ended<'e, E> {
    /// With a value.
    Finished,
    /// With this error.
    Failed(&'e E),
    /// It was cancelled where it waited, or the generator around it was closed.
    Cancelled,
    /// It panicked.
    Panicked,
}
// ANCHOR_END: ended

impl<E> Clone for Ended<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Ended<'_, E> {}

impl<E: fmt::Display> fmt::Display for Ended<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ended::Finished => f.write_str("finished"),
            Ended::Failed(error) => write!(f, "failed: {error}"),
            Ended::Cancelled => f.write_str("cancelled"),
            Ended::Panicked => f.write_str("panicked"),
        }
    }
}

/// Enters `context`, awaits `body` with its value, and leaves it, however the body ended: with a value, with an error,
/// cancelled, or by a panic. After that its end is the body's: the value, the error, the cancellation, or the panic.
///
/// - If entering fails, that is the result, and nothing is left. If leaving fails, that is the result of a body that
///   has finished; otherwise the body's own error is, and the one of leaving is dropped.
/// - A cancellation that comes while it leaves takes effect when it has left. A second one is for whoever awaits this:
///   then leaving is dropped half-way.
/// - Contexts in a pair or a triple are entered in order and left in reverse, as if they were nested, also if
///   entering a later one fails. A context is told of the failure of one that was left before it.
/// - If this future is *dropped* (by a `timeout`, a `select`, an abort), nothing is awaited, and so nothing is left.
///
/// The idea is Python's, where `async with` is part of the language.
///
/// ```
/// use std::cell::Cell;
/// use streams::{Context, Ended, with};
///
/// /// Money that is on the table, or back in the pocket.
/// struct Stake<'t>(&'t Cell<u32>, u32);
///
/// impl<'t> Context<&'static str> for Stake<'t> {
///     type Value = Stake<'t>;
///
///     async fn enter(self) -> Result<Stake<'t>, &'static str> {
///         Ok(self)
///     }
///
///     async fn exit(stake: Stake<'t>, ended: Ended<'_, &'static str>) -> Result<(), &'static str> {
///         if let Ended::Finished = ended {
///             stake.0.set(stake.0.get() + stake.1);
///         }
///         Ok(())
///     }
/// }
///
/// polling::spin_on(async {
///     let table = Cell::new(0);
///     let doubled = with(Stake(&table, 5), async |stake| {
///         stake.1 *= 2;
///         Ok("doubled")
///     });
///     assert_eq!(doubled.await, Ok("doubled"));
///     let lost = with(Stake(&table, 7), async |_| Err::<(), _>("cold feet"));
///     assert_eq!(lost.await, Err("cold feet"));
///     assert_eq!(table.get(), 10);
/// });
/// ```
///
/// # Panics
///
/// As the body does, after it has left.
// ANCHOR: with
pub async fn with<C, E, T>(
    context: C,
    body: impl AsyncFnOnce(&mut C::Value) -> Result<T, E>,
) -> Result<T, E>
where
    C: Context<E>,
{
    let mut value = context.enter().await?;
    let end = end_of(body(&mut value)).await;
    leave::<C, T, E>(value, end).await
}

/// Leaves after `end`, and ends in the same way.
async fn leave<C: Context<E>, T, E>(value: C::Value, end: End<T, E>) -> Result<T, E> {
    let (left, cancelled) = exit::<C, E>(value, end.ended()).await;
    end.and(left, cancelled).await
}
// ANCHOR_END: with

// ANCHOR: hold-back
/// Leaves, and says whether the task was cancelled meanwhile: the first request waits until
/// that is over.
async fn exit<C: Context<E>, E>(
    value: C::Value,
    ended: Ended<'_, E>,
) -> (Result<(), E>, bool) {
    let mut exit = pin!(C::exit(value, ended));
    if C::IS_SEVERAL {
        return (exit.await, false);
    }
    // hole: hold-back — one request waits until the exit is over, and is told then; a second one ends it
    // tried by: transaction, called-off, several
    // also: streams
    // Of a body that was cancelled, the request has been heard.
    if !matches!(ended, Ended::Cancelled) {
        match catch_cancel(exit.as_mut()).await {
            Ok(left) => return (left, false),
            Err(Cancelled) => return (exit.await, true),
        }
    }
    (exit.await, false)
    // end hole
}
// ANCHOR_END: hold-back

// ANCHOR: end
/// How a future has ended, and with what.
enum End<T, E> {
    Returned(Result<T, E>),
    Cancelled,
    Panicked(Box<dyn Any + Send>),
}

// ANCHOR_END: end

// ANCHOR: end-of
/// Awaits `future`, which is gone when its end is told.
async fn end_of<T, E>(future: impl Future<Output = Result<T, E>>) -> End<T, E> {
    let future = pin!(Some(future));
    let mut held = Held(future);
    // What a panic has broken is seen by the context alone, which is told.
    let end = poll_fn(move |context| {
        match catch_unwind(AssertUnwindSafe(|| held.poll(context))) {
            Ok(polled) => polled.map(End::Returned),
            Err(payload) => Poll::Ready(End::Panicked(payload)),
        }
    });
    catch_cancel(end).await.unwrap_or(End::Cancelled)
}
// ANCHOR_END: end-of

// ANCHOR: and
impl<T, E> End<T, E> {
    fn ended(&self) -> Ended<'_, E> {
        match self {
            End::Returned(Ok(_)) => Ended::Finished,
            End::Returned(Err(error)) => Ended::Failed(error),
            End::Cancelled => Ended::Cancelled,
            End::Panicked(_) => Ended::Panicked,
        }
    }

    /// Ends in the same way, or as `left` says if that is the first error.
    async fn and(self, left: Result<(), E>, cancelled: bool) -> Result<T, E> {
        match self {
            End::Panicked(payload) => resume_unwind(payload),
            End::Returned(_) if cancelled => Cancelled::resume().await,
            End::Cancelled => Cancelled::resume().await,
            End::Returned(Ok(value)) => left.map(|()| value),
            End::Returned(error) => error,
        }
    }
}
// ANCHOR_END: and

// ANCHOR: pair
/// Both, the second inside the first.
impl<E, A: Context<E>, B: Context<E>> Context<E> for (A, B) {
    type Value = (A::Value, B::Value);
    const IS_SEVERAL: bool = true;

    async fn enter(self) -> Result<Self::Value, E> {
        let first = self.0.enter().await?;
        match end_of(self.1.enter()).await {
            End::Returned(Ok(second)) => Ok((first, second)),
            end => leave::<A, _, E>(first, end)
                .await
                .map(|_: B::Value| unreachable!("it has failed")),
        }
    }

    // ANCHOR_END: pair

    // ANCHOR: pair-exit
    async fn exit((first, second): Self::Value, ended: Ended<'_, E>) -> Result<(), E> {
        let inner = async {
            let (left, cancelled) = exit::<B, E>(second, ended).await;
            let cancelled = is_cancelled(ended, cancelled);
            End::Returned(Ok(())).and(left, cancelled).await
        };
        let end: End<(), E> = end_of(inner).await;
        // What came first counts, but for what ends more than this.
        let told = match (ended, end.ended()) {
            (Ended::Finished, later) => later,
            (_, later @ (Ended::Cancelled | Ended::Panicked)) => later,
            (first, _) => first,
        };
        let (left, cancelled) = exit::<A, E>(first, told).await;
        let cancelled = is_cancelled(told, cancelled);
        end.and(left, cancelled).await
    }
    // ANCHOR_END: pair-exit
}

/// Whether leaving goes on as a cancellation: if it was one, or the task was cancelled meanwhile; but a panic is more.
fn is_cancelled<E>(ended: Ended<'_, E>, meanwhile: bool) -> bool {
    match ended {
        Ended::Cancelled => true,
        Ended::Panicked => false,
        Ended::Finished | Ended::Failed(_) => meanwhile,
    }
}

/// All three, each inside the one before it.
impl<E, A: Context<E>, B: Context<E>, C: Context<E>> Context<E> for (A, B, C) {
    type Value = (A::Value, B::Value, C::Value);
    const IS_SEVERAL: bool = true;

    async fn enter(self) -> Result<Self::Value, E> {
        let (first, second, third) = self;
        let ((first, second), third) = ((first, second), third).enter().await?;
        Ok((first, second, third))
    }

    async fn exit(value: Self::Value, ended: Ended<'_, E>) -> Result<(), E> {
        let (first, second, third) = value;
        <((A, B), C)>::exit(((first, second), third), ended).await
    }
}
