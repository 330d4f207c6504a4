//! A clock that jumps
//!
//! On a virtual clock no time passes while code runs. When nobody can go on, the clock jumps to the next moment that
//! somebody waits for, and wakes them. Your heap of chapter 2 knows what is next; this time it holds wakers. Write:
//!
//!     /// Clones are the same clock.
//!     #[derive(Clone)]
//!     pub struct Timers { /* … */ }
//!
//!     impl Timers {
//!         pub fn new() -> Timers
//!
//!         /// How long after its start the clock stands.
//!         pub fn now(&self) -> Duration
//!
//!         /// Has `waker` woken at `deadline`.
//!         pub fn set(&self, deadline: Duration, waker: Waker) -> EntryId
//!
//!         pub fn cancel(&self, id: EntryId)
//!
//!         /// Jumps to the earliest deadline and wakes who waits for it. False if no timer is set.
//!         pub fn jump(&self) -> bool
//!     }
//!
//! `EntryId` is what `push` of your heap gives. The methods take `&self`, since many futures will share the clock.
//!
//! needs: 2.3
//!
//! hint: Two values are shared and change: the moment, and the heap. `Rc` shares; `Cell` and `RefCell` change behind a
//! `&`.
//!
//! hint: `jump` has three steps: pop the earliest entry, set the clock to its deadline, wake. A deadline may have passed
//! when it is set, and a clock never goes back. And whoever is woken may set a timer at once: is the heap still
//! borrowed then?
//!
//! hint: A `struct Shared { now: Cell<Duration>, heap: RefCell<TimeHeap<Waker>> }`, and in `jump`:
//!
//!     let next = self.0.heap.borrow_mut().pop();
//!     let Some((deadline, waker)) = next else {
//!         return false;
//!     };
//!     self.0.now.set(deadline.max(self.now()));
//!     waker.wake();
//!     true
//!
//! done: Hours pass in no time, and everything happens in the same order each time: this is why every transcript of the
//! book is the same on your machine. So far only wakers wait here; next, a future does.

use std::cell::RefCell;
use std::sync::Arc;
use std::task::{Wake, Waker};
use std::time::Duration;

use ladder::Bell;
use mine::timers::Timers;

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

thread_local! {
    /// The clock on which a waker sets a timer.
    static TIMERS: RefCell<Option<Timers>> = const { RefCell::new(None) };
}

/// Sets a timer when it is woken.
struct Setter;

impl Wake for Setter {
    fn wake(self: Arc<Setter>) {
        let timers = TIMERS.with_borrow(Clone::clone);
        timers.expect("set").set(secs(9), Waker::noop().clone());
    }
}

fn in_order() {
    ladder::tries("a new clock");
    let timers = Timers::new();
    ladder::check!(
        timers.now() == secs(0),
        "it should stand at 0, and stands at {:?}",
        timers.now()
    );
    ladder::check!(!timers.jump(), "jump says true, and no timer is set");

    ladder::tries("timers at 5 s and at 3 s, and a jump");
    let (five, three) = (Bell::new(), Bell::new());
    timers.set(secs(5), five.waker());
    timers.set(secs(3), three.waker());
    ladder::check!(
        five.rings() + three.rings() == 0,
        "somebody is woken when the timer is set: that is the time to go to sleep"
    );
    ladder::check!(timers.jump(), "jump says false, and two timers are set");
    let now = timers.now();
    ladder::check!(
        now != secs(0),
        "the clock still stands at 0 s: whoever is woken looks at it, and finds that it is too early"
    );
    ladder::check!(
        now == secs(3),
        "the clock should stand at 3 s, and stands at {now:?}"
    );
    ladder::check!(
        three.rings() == 1,
        "the clock has come to 3 s, and nobody was woken: the waker was dropped, not called"
    );
    ladder::check!(five.rings() == 0, "at 3 s the timer of 5 s is woken");

    ladder::tries("a second jump");
    ladder::check!(
        timers.jump(),
        "jump says false, and the timer of 5 s is set"
    );
    ladder::check!(
        timers.now() == secs(5) && five.rings() == 1,
        "the timer of 5 s should be woken at 5 s; at {:?} it was woken {} times",
        timers.now(),
        five.rings()
    );
    ladder::check!(!timers.jump(), "jump says true, and no timer is left");
}

fn shared() {
    ladder::tries("a timer that is set on a clone");
    let timers = Timers::new();
    let bell = Bell::new();
    timers.clone().set(secs(2), bell.waker());
    let jumped = timers.jump();
    ladder::check!(
        jumped && bell.rings() == 1,
        "the first clock knows nothing of it: a clone must be the same clock, not a copy"
    );

    ladder::tries("a timer at 1 s that is set at 2 s");
    timers.set(secs(1), bell.waker());
    timers.jump();
    let now = timers.now();
    ladder::check!(
        now == secs(2),
        "the clock went back, to {now:?}: a moment that has passed is due now"
    );
    ladder::check!(
        bell.rings() == 2,
        "nobody was woken: a moment that has passed is due now"
    );

    ladder::tries("a waker that sets another timer");
    TIMERS.set(Some(timers.clone()));
    timers.set(secs(4), Waker::from(Arc::new(Setter)));
    let panicked = ladder::panics(|| {
        timers.jump();
    });
    if let Some(message) = panicked {
        ladder::check!(
            !message.contains("borrow"),
            "the heap is still borrowed while somebody is woken, and they want to set a timer"
        );
        ladder::fail(format_args!("it panics: {message}"));
    }
    ladder::check!(
        timers.jump(),
        "jump says false, and a timer was set while the last one was woken"
    );
    let now = timers.now();
    ladder::check!(
        now == secs(9),
        "the second jump should end at 9 s, and ends at {now:?}"
    );
}

fn cancelled() {
    ladder::tries("a timer at 7 s that is cancelled");
    let timers = Timers::new();
    let bell = Bell::new();
    let id = timers.set(secs(7), bell.waker());
    timers.cancel(id);
    ladder::check!(
        !timers.jump() && timers.now() == secs(0),
        "the clock jumps to {:?}, for nobody",
        timers.now()
    );
    ladder::check!(bell.rings() == 0, "it is woken all the same");
}

fn main() {
    in_order();
    shared();
    cancelled();
}
