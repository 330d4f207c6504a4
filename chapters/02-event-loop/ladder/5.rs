//! A night in the city
//!
//! Nothing stops a coroutine from yielding a moment that has passed. The smallest moment always comes next, so it would
//! run again and again while the others wait, and the clock would go backwards. Treat a moment in the past as the
//! present one: then it goes behind those that are due already.
//!
//! When that works, three taxis start on your loop. Their night must be the one in the book, line by line.
//!
//!     impl<C: Coroutine<Duration, Yield = Duration>> EventLoop<C> {
//!         pub fn start(&mut self, coroutine: C)
//!         pub fn run(&mut self) -> Duration
//!     }
//!
//! hint: There is one place where a moment goes into the heap.
//!
//! hint: Which is right, the moment that was yielded or the present one? The later.
//!
//! hint: A `Duration` has an order, so it has `max`:
//!
//!     self.waiting.push(deadline.max(self.now), coroutine);
//!
//! done: This is the night from the first page of the book, on a heap and a loop that you wrote. The taxis know their
//! moments. Nobody knows when a telephone will ring, and that is what chapters 3 and 4 are about.

use mine::event_loop::EventLoop;
use mine::generators::{Coroutine, CoroutineState};
use std::cell::RefCell;
use std::time::Duration;

thread_local! {
    static SEEN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Yields these seconds whatever the time is, as a bus reads its timetable.
struct Bus {
    name: char,
    moments: &'static [u64],
    at: usize,
}

impl Coroutine<Duration> for Bus {
    type Yield = Duration;
    type Return = ();

    fn resume(&mut self, now: Duration) -> CoroutineState<Duration, ()> {
        let seen = format!("{}{}", self.name, now.as_secs());
        SEEN.with_borrow_mut(|all| all.push(seen));
        self.at += 1;
        match self.moments.get(self.at - 1) {
            Some(moment) => CoroutineState::Yielded(Duration::from_secs(*moment)),
            None => CoroutineState::Complete(()),
        }
    }
}

/// A taxi of the book, as a coroutine.
struct Taxi(ladder::Taxi);

impl Coroutine<Duration> for Taxi {
    type Yield = Duration;
    type Return = ();

    fn resume(&mut self, now: Duration) -> CoroutineState<Duration, ()> {
        match self.0.go_on(now) {
            Some(deadline) => CoroutineState::Yielded(deadline),
            None => CoroutineState::Complete(()),
        }
    }
}

fn main() {
    ladder::tries("A yields 5 s, then 2 s, which has passed; B yields 5 s");
    ladder::hangs("run does not return");
    let mut late = EventLoop::new();
    let bus = |name, moments| Bus {
        name,
        moments,
        at: 0,
    };
    late.start(bus('A', &[5, 2]));
    late.start(bus('B', &[5]));
    let end = late.run();
    let seen = SEEN.with_borrow_mut(|all| std::mem::take(all).join(" "));
    ladder::check!(
        !seen.contains("A2"),
        "the clock goes back from 5 s to 2 s: a moment in the past is the present one"
    );
    ladder::check!(
        seen != "A0 B0 A5 A5 B5",
        "A goes before B, which has waited for 5 s all the time: 2 s has become the present moment too late, when A \
         came out of the heap"
    );
    ladder::check!(
        seen != "A0 B0 A5 B5",
        "A is gone: a coroutine that names a moment in the past still wants to go on"
    );
    ladder::check!(
        seen == "A0 B0 A5 B5 A5",
        "they should be resumed at A0 B0 A5 B5 A5, and were at {seen}"
    );
    ladder::check!(
        end == Duration::from_secs(5),
        "it is 5 s at the end, and run returns {end:?}"
    );

    ladder::tries("the night of the three taxis");
    let mut night = EventLoop::new();
    for taxi in ladder::Taxi::three() {
        night.start(Taxi(taxi));
    }
    let total = night.run().as_secs();
    ladder::say(format_args!(
        "total: {total} s, as long as the last taxi was out"
    ));
    ladder::prints_as("02-event-loop", "taxi");
}
