//! The handle of a group's child.

use std::fmt;
use std::ops::Deref;
use std::pin::Pin;
use std::task::{Context, Poll};

use task_cell::{JoinError, JoinHandle};

/// Names a child of a group: a [`JoinHandle`] that may be dropped, since the group knows of the child's end; made by
/// [`Group::spawn`](crate::Group::spawn).
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
