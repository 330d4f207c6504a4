//! The handle of a group's child.

use std::fmt;
use std::ops::Deref;
use std::pin::Pin;
use std::task::{Context, Poll};

use task_cell::{JoinError, JoinHandle};

/// Names a child of a group: a [`JoinHandle`] that may be dropped, since the group knows of the child's end.
///
/// ```
/// use combinators::{gather_handles, group};
/// use event_loop::Clock;
///
/// task_cell::run(Clock::virtual_time(), async {
///     let fares = group(async |trips| {
///         trips.spawn(async { 1 }); // Nobody asks what it comes to.
///         let second = trips.spawn(async { 2 });
///         let third = trips.spawn(async { 3 });
///         let third = gather_handles([third.into_handle()]).await.unwrap();
///         (second.await.unwrap(), third)
///     });
///     assert_eq!(fares.await.unwrap(), (2, vec![3]));
/// });
/// ```
pub struct ChildHandle<T>(pub(super) JoinHandle<T>);

impl<T> ChildHandle<T> {
    /// The handle of the task, to be gathered or waited for: it is the group's child all the same.
    pub fn into_handle(self) -> JoinHandle<T> {
        self.0
    }
}

impl<T> Deref for ChildHandle<T> {
    type Target = JoinHandle<T>;

    fn deref(&self) -> &JoinHandle<T> {
        &self.0
    }
}

impl<T: 'static> Future for ChildHandle<T> {
    type Output = Result<T, JoinError>;

    // The line of the `.await` is that of the handle.
    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context)
    }
}

impl<T: fmt::Debug> fmt::Debug for ChildHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
