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

pub struct LiftOff {
    n: u32,
    place: Place,
}

enum Place {
    /// Before the condition of the `while`.
    Between,
    AtAwait(YieldNow),
    Done,
}

pub fn lift_off(n: u32) -> LiftOff {
    let place = Place::Between;
    LiftOff { n, place }
}

impl Future for LiftOff {
    type Output = &'static str;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<&'static str> {
        let this = self.get_mut();
        loop {
            match &mut this.place {
                Place::Between if this.n == 0 => {
                    this.place = Place::Done;
                    return Poll::Ready("lift-off");
                }
                Place::Between => this.place = Place::AtAwait(yield_now()),
                Place::AtAwait(inner) => match Pin::new(inner).poll(context) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(()) => {
                        this.n -= 1;
                        this.place = Place::Between;
                    }
                },
                Place::Done => panic!("lift_off polled after the end"),
            }
        }
    }
}
