//! The line of whoever waits, for futures that are made of others.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

pin_project! {
    /// A future that waits at the line of its caller, wherever in it that is; made by [`located`].
    pub struct Located<F> {
        location: &'static Location<'static>,
        why: &'static str,
        #[pin]
        future: F,
    }
}

/// `future`, made by a function for `why`, that waits at the line where that function was called: for functions that are
/// marked `#[track_caller]` and made of an `async` block. (On an `async fn` the attribute does nothing.)
///
/// ```
/// use event_loop::Clock;
/// use net::located;
///
/// #[track_caller]
/// fn pause() -> impl Future<Output = ()> {
///     located("pause", async { polling::yield_now().await })
/// }
///
/// net::run(Clock::virtual_time(), async {
///     let task = task_cell::spawn(async { pause().await });
///     polling::yield_now().await;
///     let waits = task_cell::tasks().pop().unwrap().suspended.unwrap();
///     assert_eq!(waits.why, "pause");
///     task.await.unwrap();
/// })?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[track_caller]
pub fn located<F: Future>(why: &'static str, future: F) -> Located<F> {
    let location = Location::caller();
    Located {
        location,
        why,
        future,
    }
}

impl<F: Future> Future for Located<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let polled = this.future.poll(context);
        if polled.is_pending() {
            polling::suspended(this.location, this.why);
        }
        polled
    }
}
