//! A future that makes what it awaits anew at each poll: it is never further than the first stop.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use chapter::{Args, BadInput};
use polling::yield_now;
use trace::say;

// ANCHOR: main
struct OneStop;

impl Future for OneStop {
    type Output = &'static str;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<&'static str> {
        let inner = pin!(yield_now());
        match inner.poll(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(()) => Poll::Ready("lift-off"),
        }
    }
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut context = Context::from_waker(Waker::noop());
    let mut future = pin!(OneStop);
    for poll in 1..=4 {
        say!("poll {poll}: {:?}", future.as_mut().poll(&mut context));
    }
    say!("we gave up: two polls should do");
    Ok(())
}
