//! The layer itself, on a layer below that does what the test says.

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::io;
use std::rc::Rc;
use std::task::Waker;
use std::thread;
use std::time::Duration;

use event_loop::{Clock, Time};
use timers::{Outside, Timers, call_at, call_later, now, outside, sleep, timeout};
use wakers::{Park, phone, set_panic_hook};

use crate::{SECOND, bounded, panic_of, poll, run, seconds, secs};

type OnPark = Box<dyn FnMut(Option<Duration>) -> bool>;

/// Notes how long it was asked to wait, never waits, and says what `on_park` says.
#[derive(Default)]
struct Below {
    asked: Rc<RefCell<Vec<Option<Duration>>>>,
    on_park: Option<OnPark>,
    expects_wake: bool,
}

impl Park for Below {
    fn park(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        self.asked.borrow_mut().push(timeout);
        Ok(self
            .on_park
            .as_mut()
            .is_some_and(|on_park| on_park(timeout)))
    }

    fn unparker(&self) -> Waker {
        Waker::noop().clone()
    }

    fn enter(&self) -> impl Sized + 'static {}

    fn expects_wake(&self) -> bool {
        self.expects_wake
    }
}

const LOOK: Option<Duration> = Some(Duration::ZERO);

#[test]
fn on_the_wall_clock_it_waits_below_until_the_next_deadline() {
    let below = Below::default();
    let asked = Rc::clone(&below.asked);
    let mut timers = Timers::new(below, Clock::real());
    let _current = timers.enter();
    timers.park(None).unwrap();
    timers.park(Some(SECOND)).unwrap();
    assert_eq!(asked.take(), [None, Some(SECOND)]);

    let (mut hour, mut day) = (sleep(secs(3600)), sleep(secs(86_400)));
    assert!(poll(&mut day).is_pending());
    assert!(poll(&mut hour).is_pending());
    timers.park(None).unwrap();
    let wait = asked.take()[0].unwrap();
    assert!(wait <= secs(3600) && wait > secs(1800), "{wait:?}");
    timers.park(Some(SECOND)).unwrap();
    timers.park(LOOK).unwrap();
    assert_eq!(asked.take(), [Some(SECOND), LOOK]);
    drop(hour);
    timers.park(None).unwrap();
    assert!(asked.take()[0].unwrap() > secs(3600));
}

#[test]
fn a_callback_that_panics_is_reported_and_the_others_that_are_due_are_called() {
    for clock in [Clock::virtual_time(), Clock::real()] {
        let mut timers = Timers::new(Below::default(), clock);
        let reports = Rc::new(RefCell::new(Vec::new()));
        let list = Rc::clone(&reports);
        let _hook = set_panic_hook(Rc::new(move |report| {
            list.borrow_mut().push(report.to_string());
        }));
        let _current = timers.enter();
        let called = Rc::new(Cell::new(false));
        let ours = Rc::clone(&called);
        call_at(Time::ZERO, || panic!("a flat tyre"));
        call_at(Time::ZERO, move || ours.set(true));
        timers.park(None).unwrap();
        assert!(called.get());
        assert_eq!(reports.take(), ["a callback panicked: a flat tyre"]);
    }
}

#[test]
fn on_the_wall_clock_it_never_claims_a_deadlock() {
    let mut timers = Timers::new(Below::default(), Clock::real());
    assert!(!timers.park(None).unwrap());
    assert!(!timers.park(LOOK).unwrap());
}

#[test]
fn what_is_due_on_the_wall_clock_fires_and_says_so() {
    let below = Below::default();
    let asked = Rc::clone(&below.asked);
    let mut timers = Timers::new(below, Clock::real());
    let _current = timers.enter();
    let called = Rc::new(Cell::new(false));
    let flag = Rc::clone(&called);
    call_later(Duration::ZERO, move || flag.set(true));
    assert!(timers.park(None).unwrap());
    assert_eq!(asked.take(), [LOOK]);
    assert!(called.get());
}

#[test]
fn a_look_never_moves_the_virtual_clock() {
    let mut timers = Timers::new(Below::default(), Clock::virtual_time());
    let _current = timers.enter();
    let mut nap = sleep(SECOND);
    assert!(poll(&mut nap).is_pending());
    for _ in 0..3 {
        assert!(!timers.park(LOOK).unwrap());
        assert_eq!(now(), Time::ZERO);
    }
    assert!(timers.park(None).unwrap());
    assert_eq!(seconds(), 1);
}

#[test]
fn the_virtual_clock_stops_at_the_limit_of_a_park() {
    let mut timers = Timers::new(Below::default(), Clock::virtual_time());
    let _current = timers.enter();
    let mut nap = sleep(secs(5));
    assert!(poll(&mut nap).is_pending());
    assert!(!timers.park(Some(secs(2))).unwrap());
    assert_eq!(seconds(), 2);
    assert!(timers.park(Some(secs(100))).unwrap());
    assert_eq!(seconds(), 5);
    // Nothing is set: then the limit alone.
    assert!(!timers.park(Some(secs(2))).unwrap());
    assert_eq!(seconds(), 7);
}

#[test]
fn the_virtual_clock_does_not_move_when_somebody_was_woken_below() {
    let below = Below {
        on_park: Some(Box::new(|_| true)),
        ..Below::default()
    };
    let asked = Rc::clone(&below.asked);
    let mut timers = Timers::new(below, Clock::virtual_time());
    let _current = timers.enter();
    let mut nap = sleep(SECOND);
    assert!(poll(&mut nap).is_pending());
    assert!(timers.park(None).unwrap());
    assert_eq!(now(), Time::ZERO);
    assert_eq!(asked.take(), [LOOK]);
}

#[test]
fn the_virtual_clock_does_not_move_while_the_layer_below_may_wake_somebody() {
    let below = Below {
        expects_wake: true,
        ..Below::default()
    };
    let asked = Rc::clone(&below.asked);
    let mut timers = Timers::new(below, Clock::virtual_time());
    let _current = timers.enter();
    let mut nap = sleep(SECOND);
    assert!(poll(&mut nap).is_pending());
    assert!(!timers.park(None).unwrap());
    assert_eq!(now(), Time::ZERO);
    assert_eq!(asked.take(), [LOOK, None]);
}

#[test]
fn the_virtual_clock_does_not_move_while_somebody_outside_will_call() {
    let below = Below::default();
    let asked = Rc::clone(&below.asked);
    let mut timers = Timers::new(below, Clock::virtual_time());
    let _current = timers.enter();
    let mut nap = sleep(SECOND);
    assert!(poll(&mut nap).is_pending());
    let promise = outside();
    let promises = [promise.clone(), promise];
    for promise in promises {
        timers.park(None).unwrap();
        assert_eq!(now(), Time::ZERO);
        assert_eq!(asked.take(), [LOOK, None]);
        drop(promise);
    }
    timers.park(None).unwrap();
    assert_eq!(seconds(), 1);
}

/// The last guard goes just after we have looked for a call: the call that came before it must not be missed.
#[test]
fn a_call_between_the_look_and_the_jump_is_not_missed() {
    let promise: Rc<RefCell<Option<Outside>>> = Rc::default();
    let leaves = Rc::clone(&promise);
    let below = Below {
        on_park: Some(Box::new(move |timeout| {
            drop(leaves.take());
            // The look has found nothing. Whoever waits after it finds the call.
            timeout != LOOK
        })),
        ..Below::default()
    };
    let mut timers = Timers::new(below, Clock::virtual_time());
    let _current = timers.enter();
    promise.replace(Some(outside()));
    let mut hour = sleep(secs(3600));
    assert!(poll(&mut hour).is_pending());
    assert!(timers.park(None).unwrap());
    assert_eq!(now(), Time::ZERO);
}

#[test]
fn a_call_from_a_thread_comes_before_any_timer() {
    for _ in 0..50 {
        let call = async {
            let ((caller, phone), promise) = (phone(), outside());
            let there = thread::spawn(move || {
                thread::yield_now();
                caller.say(7);
                drop(promise);
            });
            assert_eq!(timeout(SECOND, phone).await, Ok(Some(7)));
            assert_eq!(now(), Time::ZERO);
            there.join().unwrap();
        };
        bounded(|| run(call));
    }
}

#[test]
fn a_promise_that_is_not_kept_is_no_reason_to_wait_for_ever() {
    let not_kept = async {
        let promise = outside();
        let there = thread::spawn(move || drop(promise));
        assert!(timeout(SECOND, pending::<()>()).await.is_err());
        assert_eq!(seconds(), 1);
        there.join().unwrap();
    };
    bounded(|| run(not_kept));
}

#[test]
fn on_the_virtual_clock_a_deadlock_is_named() {
    let wanted =
        "cannot wait: deadlock: no timer is set, and nobody outside is expected to call";
    let never = panic_of(|| run(pending()));
    assert_eq!(never.as_deref(), Some(wanted));
    let later = panic_of(|| {
        run(async {
            sleep(SECOND).await;
            assert_eq!(seconds(), 1);
            pending().await
        })
    });
    assert_eq!(later.as_deref(), Some(wanted));
    let not_kept = panic_of(|| {
        run(async {
            let promise = outside();
            let there = thread::spawn(move || drop(promise));
            there.join().unwrap();
            pending().await
        })
    });
    assert_eq!(not_kept.as_deref(), Some(wanted));

    let mut timers = Timers::new(Below::default(), Clock::virtual_time());
    let error = timers.park(None).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::Deadlock);
    assert!(!timers.park(LOOK).unwrap(), "a look claims nothing");
}

#[test]
fn it_expects_a_wake_while_a_timer_is_set_somebody_outside_will_call_or_the_layer_below_does()
 {
    let timers = Timers::new(Below::default(), Clock::virtual_time());
    let _current = timers.enter();
    assert!(!timers.expects_wake());
    let handle = call_later(SECOND, || ());
    assert!(timers.expects_wake());
    handle.cancel();
    assert!(!timers.expects_wake());
    let promise = outside();
    assert!(timers.expects_wake());
    drop(promise);
    assert!(!timers.expects_wake());
    let below = Below {
        expects_wake: true,
        ..Below::default()
    };
    assert!(Timers::new(below, Clock::virtual_time()).expects_wake());
}

#[test]
fn an_error_below_is_passed_on() {
    struct Broken;
    impl Park for Broken {
        fn park(&mut self, _: Option<Duration>) -> io::Result<bool> {
            Err(io::ErrorKind::Unsupported.into())
        }
        fn unparker(&self) -> Waker {
            Waker::noop().clone()
        }
        fn enter(&self) -> impl Sized + 'static {}
        fn expects_wake(&self) -> bool {
            false
        }
    }
    for clock in [Clock::real(), Clock::virtual_time()] {
        let error = Timers::new(Broken, clock).park(None).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::Unsupported);
    }
}
