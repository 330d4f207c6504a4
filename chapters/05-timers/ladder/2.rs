//! Sleep
//!
//! Now a future that waits on that clock. A sleep of 3 s that is made at 0 s and first polled at 4 s ends at 7 s: it
//! begins to count when it is first polled, since nothing of a future runs before.
//!
//!     impl Timers {
//!         pub fn sleep(&self, wait: Duration) -> Sleep
//!     }
//!
//!     pub struct Sleep { /* … */ }
//!
//!     impl Future for Sleep {
//!         type Output = ();
//!         // …
//!     }
//!
//! Its first poll always says `Pending`, also for a wait of zero: the others get their turn first, as with
//! `asyncio.sleep(0)`. And a wait may be longer than any clock runs: `Duration::MAX` never ends, and is no error.
//!
//! hint: What does a first poll know that a second one does not need to find out again? That is a field, and it is
//! empty until then.
//!
//! hint: The first poll reads the clock, adds, sets a timer with the waker that it was given, and says `Pending`. Each
//! later poll compares the clock with the deadline, no matter who polls and why.
//!
//! hint: With `deadline: Option<Duration>`, in `poll(mut self: Pin<&mut Self>, …)`:
//!
//!     let now = self.timers.now();
//!     let Some(deadline) = self.deadline else {
//!         let deadline = now.saturating_add(self.wait);
//!         self.deadline = Some(deadline);
//!         self.timers.set(deadline, context.waker().clone());
//!         return Poll::Pending;
//!     };
//!
//! done: Nobody asks this future again and again: however long it sleeps, it is polled twice. But it trusts that the
//! second poll comes from the same task as the first, and that somebody waits until its end. Neither need be so: that
//! is next.

use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use ladder::Bell;
use mine::timers::Timers;

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A clock that stands at `seconds`.
fn clock_at(seconds: u64) -> Timers {
    let timers = Timers::new();
    timers.set(secs(seconds), Bell::new().waker());
    timers.jump();
    timers
}

fn to_its_end() {
    ladder::tries("a sleep of 3 s, polled once");
    let timers = clock_at(1);
    let bell = Bell::new();
    let mut sleep = pin!(timers.sleep(secs(3)));
    let first = ladder::poll(sleep.as_mut(), &bell);
    ladder::check!(first == Poll::Pending, "it is over at its first poll");
    ladder::check!(
        bell.wakers() > 0,
        "it says Pending and has kept no waker: who is to call, and whom?"
    );
    ladder::check!(
        bell.rings() == 0,
        "it wakes its task at once: that is a busy loop, not a sleep"
    );

    ladder::tries("a sleep of 3 s, polled again before its time");
    let early = ladder::poll(sleep.as_mut(), &bell);
    ladder::check!(
        early == Poll::Pending,
        "the clock has not moved, and it is over: a second poll is no reason, the clock is"
    );

    ladder::tries("a sleep of 3 s that began at 1 s, and a jump");
    ladder::check!(timers.jump(), "no timer was set");
    let now = timers.now();
    ladder::check!(
        now == secs(4),
        "it should be woken at 4 s, and is at {now:?}"
    );
    ladder::check!(
        bell.rings() == 1,
        "it should be woken once, and was {} times",
        bell.rings()
    );
    let last = ladder::poll(sleep.as_mut(), &bell);
    ladder::check!(
        last == Poll::Ready(()),
        "its deadline has come, and it still says Pending"
    );
    ladder::check!(
        !timers.jump(),
        "a timer is left: it was polled three times by one task, and set more than one timer"
    );
}

fn when_it_begins() {
    ladder::tries("a sleep that is made and not polled");
    let timers = Timers::new();
    let mut sleep = pin!(timers.sleep(secs(3)));
    ladder::check!(
        !timers.jump(),
        "it has set a timer: a future does nothing before it is polled"
    );

    ladder::tries("a sleep of 3 s, made at 0 s and first polled at 4 s");
    let bell = Bell::new();
    timers.set(secs(4), Bell::new().waker());
    timers.jump();
    let first = ladder::poll(sleep.as_mut(), &bell);
    ladder::check!(
        first == Poll::Pending,
        "it is over at its first poll: it counts from when it was made"
    );
    timers.jump();
    let now = timers.now();
    ladder::check!(
        now != secs(4) && now != secs(3),
        "it is woken at {now:?}: it counts from when it was made"
    );
    ladder::check!(
        now == secs(7),
        "it should be woken at 7 s, and is at {now:?}"
    );
}

fn edges() {
    ladder::tries("a sleep of zero");
    let timers = clock_at(2);
    let bell = Bell::new();
    let mut sleep = pin!(timers.sleep(secs(0)));
    let first = ladder::poll(sleep.as_mut(), &bell);
    ladder::check!(
        first == Poll::Pending,
        "it is over at once: the others should have their turn first"
    );
    timers.jump();
    let second = ladder::poll(sleep.as_mut(), &bell);
    ladder::check!(
        bell.rings() == 1 && second == Poll::Ready(()),
        "the first poll gave the others their turn, and the second should be its end"
    );

    ladder::tries("a sleep of Duration::MAX");
    let mut sleep = pin!(timers.sleep(Duration::MAX));
    let mut first = Poll::Pending;
    let panicked = ladder::panics(|| first = ladder::poll(sleep.as_mut(), &bell));
    if let Some(message) = panicked {
        ladder::check!(
            !message.contains("overflow"),
            "it overflows: now and the wait together are more than a Duration can be, and to wait without end is no mistake"
        );
        ladder::fail(format_args!("it panics: {message}"));
    }
    ladder::check!(first == Poll::Pending, "the longest wait is over at once");
}

fn main() {
    when_it_begins();
    to_its_end();
    edges();
}
