//! The loop
//!
//! A coroutine is sent the present moment, and yields the moment at which it wants to go on. The loop keeps the waiting
//! coroutines in your heap. `start` resumes one for the first time. `run` takes the earliest, sets the clock to its
//! moment, resumes it, and puts it back if it yields another moment. When none is left, `run` returns the time. Nobody
//! sleeps here: the clock is a number that starts at zero and jumps to the next moment.
//!
//!     pub struct EventLoop<C> { /* … */ }
//!
//!     impl<C: Coroutine<Duration, Yield = Duration>> EventLoop<C> {
//!         pub fn new() -> EventLoop<C>
//!         pub fn start(&mut self, coroutine: C)
//!         pub fn run(&mut self) -> Duration
//!     }
//!
//! needs: 1.1
//!
//! hint: `start` and `run` do the same thing with a coroutine: resume it with the present moment, and if it yields one,
//! push it for that moment.
//!
//! hint: Make that a method of its own. Then `run` is a `while let` around it.
//!
//! hint: The clock moves in one place only, before the resume:
//!
//!     while let Some((deadline, coroutine)) = self.waiting.pop() {
//!         self.now = deadline;
//!         self.resume(coroutine);
//!     }
//!     self.now
//!
//! done: A queue of those that wait, and a way to let time pass: that is an event loop. It does not know what a taxi
//! is. One thing can still go wrong on it. Then comes the night.

use mine::event_loop::EventLoop;
use mine::generators::{Coroutine, CoroutineState};
use std::cell::RefCell;
use std::time::Duration;

thread_local! {
    static SEEN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Goes on at these seconds, one after another, and notes what it was sent.
struct Timetable {
    name: char,
    moments: &'static [u64],
    at: usize,
}

impl Coroutine<Duration> for Timetable {
    type Yield = Duration;
    type Return = ();

    fn resume(&mut self, now: Duration) -> CoroutineState<Duration, ()> {
        let seen = format!("{}{}", self.name, now.as_secs());
        SEEN.with_borrow_mut(|all| all.push(seen));
        self.at += 1;
        ladder::check!(
            self.at <= self.moments.len() + 1,
            "{} is resumed after its end",
            self.name
        );
        match self.moments.get(self.at - 1) {
            Some(moment) => CoroutineState::Yielded(Duration::from_secs(*moment)),
            None => CoroutineState::Complete(()),
        }
    }
}

fn timetable(name: char, moments: &'static [u64]) -> Timetable {
    let at = 0;
    Timetable { name, moments, at }
}

fn seen() -> String {
    SEEN.with_borrow_mut(|all| std::mem::take(all).join(" "))
}

fn main() {
    ladder::tries("a loop that nobody has started on");
    ladder::hangs("run does not return");
    let mut empty: EventLoop<Timetable> = EventLoop::new();
    let end = empty.run();
    ladder::check!(end.is_zero(), "no time has passed, and run returns {end:?}");

    ladder::tries("start, of a coroutine that yields 3 s, then 5 s");
    let mut one = EventLoop::new();
    one.start(timetable('A', &[3, 5]));
    let first = seen();
    ladder::check!(
        !first.is_empty(),
        "start has not resumed it: it has not yet been asked when it wants to go on"
    );
    ladder::check!(
        first == "A0",
        "start resumes it once, at 0 s, and it was resumed at {first}"
    );
    ladder::tries("run, of a coroutine that yields 3 s, then 5 s");
    ladder::hangs("run does not return: a coroutine that is over must not be put back");
    let end = one.run();
    let rest = seen();
    ladder::check!(
        rest != "A3",
        "it is resumed at 3 s and never again: one that yields goes back into the heap"
    );
    ladder::check!(
        rest != "A0 A0",
        "it is sent 0 s twice: the clock does not move to the moment that was waited for"
    );
    ladder::check!(
        rest != "A0 A3",
        "it is sent the moment before: the clock moves before the resume, not after it"
    );
    ladder::check!(
        rest == "A3 A5",
        "it should be resumed at A3 A5, and was at {rest}"
    );
    ladder::check!(
        end == Duration::from_secs(5),
        "the last of them went on at 5 s, and run returns {end:?}"
    );

    ladder::tries("two at once: A yields 4 s and 6 s, B yields 1 s, 4 s and 5 s");
    ladder::hangs("run does not return: a coroutine that is over must not be put back");
    let mut two = EventLoop::new();
    two.start(timetable('A', &[4, 6]));
    two.start(timetable('B', &[1, 4, 5]));
    two.run();
    let all = seen();
    ladder::check!(
        all == "A0 B0 B1 A4 B4 B5 A6",
        "they should be resumed at A0 B0 B1 A4 B4 B5 A6, and were at {all}"
    );

    ladder::tries("start, after a run");
    two.start(timetable('C', &[8]));
    let end = two.run();
    let all = seen();
    ladder::check!(
        all == "C6 C8" && end == Duration::from_secs(8),
        "the clock stands at 6 s, so C is resumed at C6 C8, and it was at {all}"
    );
}
