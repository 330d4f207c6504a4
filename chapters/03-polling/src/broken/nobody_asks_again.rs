//! A driver that waits to be told, and a future that tells nobody: it is ready, and stays where it is.

use std::cell::Cell;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use chapter::{Args, BadInput};
use trace::say;

// ANCHOR: telephone
thread_local! {
    /// Seconds since the start, counted by whoever drives.
    static NOW: Cell<u32> = const { Cell::new(0) };
}

struct Telephone;

impl Future for Telephone {
    type Output = &'static str;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<&'static str> {
        if NOW.get() < 5 {
            return Poll::Pending;
        }
        Poll::Ready("a passenger")
    }
}
// ANCHOR_END: telephone

// ANCHOR: main
/// Polls at the start, and then in each second in which `asks` says so.
fn drive(name: &str, asks: impl Fn() -> bool) {
    let mut context = Context::from_waker(Waker::noop());
    let mut future = pin!(Telephone);
    let mut polls = 0;
    for second in 0..1000 {
        NOW.set(second);
        if second > 0 && !asks() {
            continue;
        }
        polls += 1;
        if let Poll::Ready(who) = future.as_mut().poll(&mut context) {
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
