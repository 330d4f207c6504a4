//! Chapter 3, by me.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

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

pub fn spin_on<F: Future>(future: F) -> (F::Output, u64) {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    let mut polls = 0;
    loop {
        polls += 1;
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return (output, polls);
        }
    }
}

pub struct Both<A: Future, B: Future> {
    a: Pin<Box<A>>,
    b: Pin<Box<B>>,
    a_output: Option<A::Output>,
    b_output: Option<B::Output>,
}

/// The futures are on the heap, and the outputs are never pinned.
impl<A: Future, B: Future> Unpin for Both<A, B> {}

pub fn both<A: Future, B: Future>(a: A, b: B) -> Both<A, B> {
    Both {
        a: Box::pin(a),
        b: Box::pin(b),
        a_output: None,
        b_output: None,
    }
}

impl<A: Future, B: Future> Future for Both<A, B> {
    type Output = (A::Output, B::Output);

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        if this.a_output.is_none()
            && let Poll::Ready(output) = this.a.as_mut().poll(context)
        {
            this.a_output = Some(output);
        }
        if this.b_output.is_none()
            && let Poll::Ready(output) = this.b.as_mut().poll(context)
        {
            this.b_output = Some(output);
        }
        if this.a_output.is_some() && this.b_output.is_some() {
            let outputs = (this.a_output.take(), this.b_output.take());
            if let (Some(a), Some(b)) = outputs {
                return Poll::Ready((a, b));
            }
        }
        Poll::Pending
    }
}
