//! A coroutine that listens
//!
//! So far, values only came out. The argument of `resume` goes the other way: it becomes the value of the `yield` at
//! which the coroutine stands. In Python this meter would be
//!
//!     def meter():
//!         rides, total = 0, 0
//!         while (fare := (yield total)) is not None:
//!             rides, total = rides + 1, total + fare
//!         return rides, total
//!
//! It is sent a fare, or `None` to end the shift. It yields the total so far, and its result is how many rides there
//! were and what they came to. The first resume only runs it up to its first `yield`; nobody stands there yet to
//! receive a value, so whatever is sent with it is dropped. Like every coroutine, it panics when it is resumed after
//! its end.
//!
//!     pub struct Meter { /* … */ }
//!
//!     impl Meter {
//!         pub fn new() -> Meter
//!     }
//!
//!     impl Coroutine<Option<u32>> for Meter {
//!         type Yield = u64;
//!         type Return = (u32, u64);
//!         // …
//!     }
//!
//! hint: It has two variables and three places. Which of the places receives what was sent?
//!
//! hint: Match on the place and on what was sent together: `match (self.place, sent)`, or `(&self.place, sent)` if `Place`
//! is not `Copy`.
//!
//! hint: Four arms, and after them the total is yielded:
//!
//!     match (&self.place, sent) {
//!         (Place::Start, _) => self.place = Place::AtYield,
//!         (Place::AtYield, Some(fare)) => { /* one ride more */ }
//!         (Place::AtYield, None) => { /* done: return Complete(…) */ }
//!         (Place::Done, _) => panic!("meter resumed after the end"),
//!     }
//!
//! done: Values go both ways now. That first resume is called priming, and every driver of such a coroutine must do it.
//! In chapter 2 a taxi is sent the present moment like this, and in chapter 3 a future is sent a waker.

use mine::generators::{Coroutine, CoroutineState, Meter};

fn total(meter: &mut Meter, sent: Option<u32>) -> u64 {
    match meter.resume(sent) {
        CoroutineState::Yielded(total) => total,
        CoroutineState::Complete(_) => ladder::fail(
            "it is over, and the shift has not ended: only None, at a yield, ends it",
        ),
    }
}

fn main() {
    ladder::tries("Meter::new(), primed with None");
    let mut meter = Meter::new();
    let first = total(&mut meter, None);
    ladder::check!(
        first == 0,
        "nobody has paid, so the total is 0, and it says {first}"
    );

    ladder::tries("fares of 12 and 8");
    let after = total(&mut meter, Some(12));
    ladder::check!(
        after != 0,
        "the fare of 12 is not there: was it taken for a second priming?"
    );
    ladder::check!(
        after == 12,
        "after a fare of 12 the total is 12, and it says {after}"
    );
    let after = total(&mut meter, Some(8));
    ladder::check!(
        after != 8,
        "it yields the fare, and should yield the total: 12 and 8 are 20"
    );
    ladder::check!(after == 20, "12 and 8 are 20, and it says {after}");

    ladder::tries("None, after fares of 12 and 8");
    match meter.resume(None) {
        CoroutineState::Complete((2, 20)) => {}
        CoroutineState::Complete((rides, total)) => ladder::fail(format_args!(
            "two rides came to 20; it completes with {rides} and {total}"
        )),
        CoroutineState::Yielded(_) => ladder::fail("None ends the shift, and it goes on"),
    }

    ladder::tries("a fare after the end");
    let panic = ladder::panics(|| drop(meter.resume(Some(5))));
    ladder::check!(
        panic.is_some(),
        "it takes a fare after its end: that one is lost"
    );

    ladder::tries("Meter::new(), primed with a fare of 99");
    let mut meter = Meter::new();
    let first = total(&mut meter, Some(99));
    ladder::check!(
        first == 0,
        "nobody stood at a yield yet to receive that fare, and it counts {first}"
    );
    total(&mut meter, Some(7));
    match meter.resume(None) {
        CoroutineState::Complete((1, 7)) => {}
        CoroutineState::Complete((rides, total)) => ladder::fail(format_args!(
            "one ride of 7 came after the priming; it completes with {rides} and {total}"
        )),
        CoroutineState::Yielded(_) => ladder::fail("None ends the shift, and it goes on"),
    }
}
