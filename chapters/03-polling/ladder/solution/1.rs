//! Chapter 3, by me.

use std::pin::Pin;
use std::task::{Context, Poll};

pub struct YieldNow {
    stopped: bool,
}

pub fn yield_now() -> YieldNow {
    YieldNow { stopped: false }
}

impl Future for YieldNow {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.stopped {
            return Poll::Ready(());
        }
        self.get_mut().stopped = true;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}
