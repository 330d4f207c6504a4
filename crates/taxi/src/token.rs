//! A request to end that many can hear.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use ::sync::{Event, Wait};
use combinators::{Either, select};

/// Asks whoever listens to end: many tasks at once, and those of its children. Clones are the same token.
///
/// A task is cancelled by its handle, whether it wants or not; a token is asked by those who want to know. (The idea is
/// .NET's; the interface is that of tokio-util.)
///
/// ```
/// use taxi::sync::CancellationToken;
///
/// taxi::test::run(async {
///     let shutdown = CancellationToken::new();
///     let heard = shutdown.child();
///     let server = taxi::spawn(async move {
///         heard.run_until_cancelled(std::future::pending::<()>()).await
///     });
///     shutdown.cancel();
///     assert_eq!(server.await.unwrap(), None);
/// });
/// ```
#[derive(Debug, Clone, Default)]
pub struct CancellationToken(Rc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    cancelled: Event,
    children: RefCell<Vec<Weak<Shared>>>,
}

/// Cancels its token when it is dropped; made by [`CancellationToken::drop_guard`].
///
/// ```
/// use taxi::sync::CancellationToken;
///
/// let shutdown = CancellationToken::new();
/// let serve = |guard| {
///     let _all_end_with_this = guard;
/// };
/// serve(shutdown.clone().drop_guard());
/// assert!(shutdown.is_cancelled());
/// let kept = CancellationToken::new().drop_guard().disarm();
/// assert!(!kept.is_cancelled());
/// ```
#[derive(Debug)]
#[must_use = "dropping it cancels the token"]
pub struct DropGuard(Option<CancellationToken>);

impl CancellationToken {
    /// One that nobody has cancelled.
    pub fn new() -> CancellationToken {
        CancellationToken::default()
    }

    /// One that is cancelled with this one, but does not cancel it.
    pub fn child(&self) -> CancellationToken {
        let child = CancellationToken::new();
        if self.is_cancelled() {
            child.cancel();
            return child;
        }
        let mut children = self.0.children.borrow_mut();
        // Each time it would grow, those that are gone are let go.
        if children.len() == children.capacity() {
            children.retain(|it| it.strong_count() > 0);
        }
        children.push(Rc::downgrade(&child.0));
        drop(children);
        child
    }

    /// Asks all to end. It cannot be taken back.
    pub fn cancel(&self) {
        // Not by recursion: a chain of children may be long.
        let mut asked = vec![Rc::clone(&self.0)];
        while let Some(token) = asked.pop() {
            let children = token.children.take();
            asked.extend(children.iter().filter_map(Weak::upgrade));
            token.cancelled.set();
        }
    }

    /// Whether it, or one above it, was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.is_set()
    }

    /// Waits until it is cancelled.
    #[track_caller]
    pub fn cancelled(&self) -> Wait<'_> {
        self.0.cancelled.wait()
    }

    /// The value of `future`, or `None` if the token is cancelled before: `future` is dropped then. A value that is
    /// ready at once counts.
    #[track_caller]
    pub fn run_until_cancelled<F: IntoFuture>(
        &self,
        future: F,
    ) -> impl Future<Output = Option<F::Output>> {
        let either = select(future, self.cancelled());
        net::located("run_until_cancelled", async move {
            match either.await {
                Either::Left(value) => Some(value),
                Either::Right(()) => None,
            }
        })
    }

    /// Cancels this token when the guard is dropped.
    ///
    /// ```
    /// let token = taxi::sync::CancellationToken::new();
    /// drop(token.clone().drop_guard().disarm());
    /// assert!(!token.is_cancelled());
    /// drop(token.clone().drop_guard());
    /// assert!(token.is_cancelled());
    /// ```
    pub fn drop_guard(self) -> DropGuard {
        DropGuard(Some(self))
    }
}

impl DropGuard {
    /// The token again, without cancelling it.
    pub fn disarm(mut self) -> CancellationToken {
        self.0.take().unwrap_or_default()
    }
}

impl Drop for DropGuard {
    fn drop(&mut self) {
        if let Some(token) = &self.0 {
            token.cancel();
        }
    }
}
