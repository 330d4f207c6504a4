//! A driver that waits to be told, and a future that tells nobody: it is ready, and stays where it is.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use chapter::{Args, BadInput};
use trace::say;

// ANCHOR: main
/// Polls at the start, and then in each second in which `asks` says so.
fn drive(name: &str, asks: impl Fn() -> bool) {
    let now = Cell::new(0);
    let mut telephone = pin!(poll_fn(|_| match now.get() {
        0..5 => Poll::Pending,
        _ => Poll::Ready("a passenger"),
    }));
    let mut context = Context::from_waker(Waker::noop());
    let mut polls = 0;
    for second in 0..1000 {
        now.set(second);
        if second > 0 && !asks() {
            continue;
        }
        polls += 1;
        if let Poll::Ready(who) = telephone.as_mut().poll(&mut context) {
            return say!("{name}: {who} at {second} s, after {polls} polls");
        }
    }
    say!("{name}: nobody in 1000 s, after {polls} poll; we gave up");
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    drive("asks always     ", || true);
    // Who would set it? The telephone was given nobody's number.
    let told = Cell::new(false);
    drive("asks when called", || told.get());
    Ok(())
}
// ANCHOR_END: main
