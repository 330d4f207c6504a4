//! Never early, and late only by the selector's millisecond: how long the layer below is asked to wait.
//!
//! Nothing here measures how long anything takes. The layer reads its clock somewhere between the two moments that
//! a test reads it, and what it asks for must be right for a moment between those two, however far they are apart.

use std::cell::RefCell;
use std::hint;
use std::io;
use std::rc::Rc;
use std::task::Waker;
use std::time::Duration;

use event_loop::{Clock, Time};
use timers::{Timers, now, sleep};
use wakers::Park;

use crate::{SECOND, bounded, poll};

/// As much as a wait may be rounded up.
const MILLISECOND: Duration = Duration::from_millis(1);

/// A request to wait: when it came, and for how long.
type Request = (Time, Option<Duration>);

/// An operating system that notes what it is asked for.
struct Selector {
    clock: Clock,
    requests: Rc<RefCell<Vec<Request>>>,
    /// Whether it waits as long as it is asked to, on the processor. Otherwise it returns at once.
    patient: bool,
}

impl Park for Selector {
    fn park(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        let came = self.clock.now();
        self.requests.borrow_mut().push((came, timeout));
        let over = came.saturating_add(timeout.expect("a deadline is set"));
        while self.patient && self.clock.now() < over {
            hint::spin_loop();
        }
        Ok(false)
    }

    fn unparker(&self) -> Waker {
        Waker::noop().clone()
    }

    fn enter(&self) -> impl Sized + 'static {}

    fn expects_wake(&self) -> bool {
        false
    }
}

/// Timers on the wall clock, and what they ask for.
fn timers(patient: bool) -> (Timers<Selector>, Rc<RefCell<Vec<Request>>>) {
    let (clock, requests) = (Clock::real(), Rc::default());
    let selector = Selector {
        // A clone of a wall clock has the same start, so it tells the same time.
        clock: clock.clone(),
        requests: Rc::clone(&requests),
        patient,
    };
    (Timers::new(selector, clock), requests)
}

/// From a nanosecond to a fortnight, most of them no whole number of milliseconds.
fn waits() -> impl Iterator<Item = Duration> {
    let powers = (0..50).map(|power| 1_u64 << power);
    let nanos = powers.flat_map(|power| [power, power + 1, power + power / 3]);
    nanos.map(Duration::from_nanos)
}

#[test]
fn the_wait_below_ends_at_the_deadline_or_within_a_millisecond_after_it() {
    let (mut timers, requests) = timers(false);
    let _current = timers.enter();
    for wait in waits() {
        let mut nap = sleep(wait);
        assert!(poll(&mut nap).is_pending());
        let deadline = nap.deadline().expect("it was polled");
        // Who is due later changes nothing.
        let mut later = sleep(wait + SECOND);
        assert!(poll(&mut later).is_pending());
        let before = now();
        let fired = timers.park(None).unwrap();
        let requests = requests.take();
        let [(after, Some(asked))] = requests[..] else {
            panic!("one request with a limit, not {requests:?}");
        };
        assert!(
            asked >= deadline - after,
            "a sleep of {wait:?}, {:?} before its deadline: a wait of {asked:?} is too short",
            deadline - after
        );
        assert!(
            asked <= (deadline - before) + MILLISECOND,
            "a sleep of {wait:?}, {:?} before its deadline: a wait of {asked:?} is too long",
            deadline - before
        );
        // The selector came back at once. Whoever goes on all the same has reached his deadline.
        if fired || poll(&mut nap).is_ready() {
            assert!(now() >= deadline, "a sleep of {wait:?} was over too early");
        }
    }
}

/// A wait that was a little too short would take a second one, or many.
#[test]
fn one_wait_below_brings_the_sleeper_to_its_deadline() {
    bounded(|| {
        let (mut timers, requests) = timers(true);
        let _current = timers.enter();
        for wait in waits().filter(|&wait| wait < 5 * MILLISECOND) {
            let mut nap = sleep(wait);
            assert!(poll(&mut nap).is_pending());
            let fired = timers.park(None).unwrap();
            let asked = requests.take();
            assert!(fired, "a sleep of {wait:?} after {asked:?}");
            assert!(poll(&mut nap).is_ready());
            assert_eq!(asked.len(), 1);
        }
    });
}
