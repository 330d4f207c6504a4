//! One future, written twice: by the compiler and by hand.

use std::pin::Pin;
use std::task::{Context, Poll};

use crate::{YieldNow, yield_now};

// ANCHOR: async-fn
/// Stops `n` times, then gives `"lift-off"`.
///
/// ```
/// let spun = polling::spin_on(polling::lift_off(2));
/// assert_eq!((spun.output, spun.polls), ("lift-off", 3));
/// ```
pub async fn lift_off(mut n: u32) -> &'static str {
    while n > 0 {
        yield_now().await;
        n -= 1;
    }
    "lift-off"
}
// ANCHOR_END: async-fn

// ANCHOR: struct
/// What the compiler makes of [`lift_off`].
///
/// ```
/// use polling::{LiftOff, lift_off, spin_on};
///
/// assert_eq!(spin_on(LiftOff::new(2)), spin_on(lift_off(2)));
/// ```
#[derive(Debug)]
#[must_use = "a future does nothing unless it is awaited"]
pub struct LiftOff {
    n: u32,
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// At the top of the loop, or before it.
    Loop,
    /// At the `.await`: the future that is awaited is part of the place.
    Await(YieldNow),
    Done,
}
// ANCHOR_END: struct

impl LiftOff {
    /// A countdown that will stop `n` times.
    pub fn new(n: u32) -> LiftOff {
        LiftOff {
            n,
            place: Place::Loop,
        }
    }
}

// ANCHOR: poll
impl Future for LiftOff {
    type Output = &'static str;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<&'static str> {
        // hole: lift-off — poll what is awaited; go on when it is ready, stop when it is not
        // tried by: by-hand, polled-after-the-end
        // also: polling
        let this = self.get_mut();
        loop {
            match &mut this.place {
                Place::Loop if this.n == 0 => {
                    this.place = Place::Done;
                    return Poll::Ready("lift-off");
                }
                Place::Loop => this.place = Place::Await(yield_now()),
                Place::Await(inner) => match Pin::new(inner).poll(context) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(()) => {
                        this.n -= 1;
                        this.place = Place::Loop;
                    }
                },
                Place::Done => panic!("lift-off polled after completion"),
            }
        }
        // end hole
    }
}
// ANCHOR_END: poll
