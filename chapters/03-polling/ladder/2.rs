//! What `async fn` writes for us
//!
//! Here is an `async fn`:
//!
//!     async fn lift_off(mut n: u32) -> &'static str {
//!         while n > 0 {
//!             yield_now().await;
//!             n -= 1;
//!         }
//!         "lift-off"
//!     }
//!
//! Write by hand what the compiler makes of it. It is chapter 1's state machine with one new thing: at the `.await`
//! there is a future *inside* the place. Poll that. If it is pending, so are you. If it is ready, go on to the next
//! stop, in the same poll. Pass your context down to it, since its waker is the one by which you are polled.
//!
//!     pub struct LiftOff { /* … */ }
//!
//!     pub fn lift_off(n: u32) -> LiftOff
//!
//!     impl Future for LiftOff {
//!         type Output = &'static str;
//!         // …
//!     }
//!
//! hint: A `while` with a stop inside becomes a `loop` in `poll`: look where you are, do what comes there, and return only
//! at a stop or at the end.
//!
//! hint: Three places are enough: before the condition of the `while`, at the `.await` with its `YieldNow`, and done.
//! Keep the awaited future in the place: a new one at each poll would always say "not yet".
//!
//! hint: At the `.await`, inside the `loop`, with `this` for `self.get_mut()`:
//!
//!     Place::AtAwait(inner) => match Pin::new(inner).poll(context) {
//!         Poll::Pending => return Poll::Pending,
//!         Poll::Ready(()) => {
//!             this.n -= 1;
//!             this.place = Place::Between;
//!         }
//!     },
//!
//! done: Now you know what an `async fn` is: a struct with a place, and a `poll` that goes from stop to stop. Calling
//! it makes the struct and runs nothing. Somebody has to poll it.

use ladder::Bell;
use mine::polling::lift_off;
use std::pin::pin;
use std::task::Poll;

fn main() {
    ladder::tries("lift_off(3), polled once");
    ladder::hangs("the poll does not return: where does it stop?");
    let bell = Bell::new();
    let mut future = pin!(lift_off(3));
    let first = ladder::poll(future.as_mut(), &bell);
    ladder::check!(
        first.is_pending(),
        "it is ready at once, and should stop three times"
    );
    ladder::check!(
        bell.rings() > 0,
        "it is pending, and nobody was woken: was the awaited future polled, and with the waker that you were sent?"
    );

    for polls in 2..=3 {
        ladder::tries(format_args!("lift_off(3), polled {}", ladder::times(polls)));
        ladder::hangs("the poll does not return: where does it stop?");
        let next = ladder::poll(future.as_mut(), &bell);
        ladder::check!(
            next.is_pending(),
            "it is ready at its poll {polls}, and should stop three times before its end"
        );
        let rings = bell.rings();
        ladder::check!(
            rings == polls,
            "each of {polls} stops wakes once, and it woke {}: is each stop a new yield_now, and is it polled again when it \
             was pending?",
            ladder::times(rings)
        );
    }
    ladder::tries("lift_off(3), polled four times");
    ladder::hangs("the poll does not return: where does it end?");
    let last = ladder::poll(future.as_mut(), &bell);
    if last.is_pending() {
        let later = (5..50).find(|_| ladder::poll(future.as_mut(), &bell).is_ready());
        match later {
            Some(polls) => ladder::fail(format_args!(
                "three stops are four polls, and it is ready at its poll {polls}: when the awaited future is ready, go \
                 on in the same poll"
            )),
            None => ladder::fail(
                "it says Pending for ever: a new future at each poll always says \"not yet\", so keep the one that is \
                 awaited",
            ),
        }
    }
    ladder::check!(
        last == Poll::Ready("lift-off"),
        "its output should be \"lift-off\", and is {last:?}"
    );
    let rings = bell.rings();
    ladder::check!(
        rings == 3,
        "three stops wake three times, and it woke {}",
        ladder::times(rings)
    );

    ladder::tries("lift_off(0), polled once");
    ladder::hangs("the poll does not return: where does it end?");
    let only = ladder::poll(pin!(lift_off(0)), &bell);
    ladder::check!(
        only == Poll::Ready("lift-off"),
        "there is nothing to count, so it is ready at once; it says {only:?}"
    );

    ladder::tries("lift_off(1), polled after its end");
    ladder::hangs("the poll does not return");
    let mut future = pin!(lift_off(1));
    let _ = ladder::poll(future.as_mut(), &bell);
    let _ = ladder::poll(future.as_mut(), &bell);
    let mut again = Poll::Pending;
    let panic = ladder::panics(|| again = ladder::poll(future.as_mut(), &bell));
    ladder::check!(
        panic.is_some(),
        "it answers {again:?}; what is over has no answer left, and should panic as what the compiler writes does"
    );
}
