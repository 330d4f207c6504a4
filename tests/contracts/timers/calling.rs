//! Timer callbacks.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use event_loop::{Clock, Time};
use timers::{TimerHandle, Timers, call_at, call_later, now, sleep, sleep_until};
use wakers::{
    Callback, PanicReport, Park, ThreadPark, set_callback_sink, set_panic_hook,
};

use crate::{ByHand, SECOND, all, panic_of, poll, run, seconds, secs};

type Log = Rc<RefCell<Vec<&'static str>>>;

fn note(log: &Log, what: &'static str) -> impl FnOnce() + 'static {
    let log = Rc::clone(log);
    move || log.borrow_mut().push(what)
}

#[test]
fn a_callback_is_called_once_at_its_moment() {
    run(async {
        let calls = Rc::new(RefCell::new(Vec::new()));
        let log = Rc::clone(&calls);
        let handle = call_later(secs(3), move || log.borrow_mut().push(seconds()));
        assert_eq!(handle.when(), Time::from_secs(3));
        sleep(secs(10)).await;
        assert_eq!(calls.take(), [3]);
    });
}

#[test]
fn callbacks_come_before_sleepers_and_each_kind_in_its_order() {
    let log = Log::default();
    let sleeper = |name: &'static str, asks: u64| {
        let log = Rc::clone(&log);
        Box::pin(async move {
            sleep_until(Time::from_secs(asks)).await;
            sleep_until(Time::from_secs(5)).await;
            log.borrow_mut().push(name);
        }) as _
    };
    let log_of_calls = Rc::clone(&log);
    let calls = Box::pin(async move {
        call_at(Time::from_secs(5), note(&log_of_calls, "first call"));
        sleep(secs(4)).await;
        call_later(SECOND, note(&log_of_calls, "last call"));
    }) as _;
    run(all(vec![
        sleeper("asked at 3", 3),
        calls,
        sleeper("asked at 1", 1),
        sleeper("asked at 2", 2),
    ]));
    let wanted = [
        "first call",
        "last call",
        "asked at 1",
        "asked at 2",
        "asked at 3",
    ];
    assert_eq!(log.take(), wanted);
}

#[test]
fn a_callback_can_be_cancelled_until_it_is_called() {
    run(async {
        let log = Log::default();
        let early = call_later(secs(1), note(&log, "early"));
        let late = call_later(secs(3), note(&log, "late"));
        sleep(secs(2)).await;
        assert!(!early.cancel());
        assert!(late.cancel());
        assert!(!late.cancel());
        sleep(secs(2)).await;
        assert_eq!(log.take(), ["early"]);
    });
}

#[test]
fn a_callback_that_is_not_called_is_dropped_with_care() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("in a callback");
        }
    }
    fn holding(bomb: Bomb) -> impl FnOnce() + 'static {
        move || drop(bomb)
    }
    let said = Rc::new(RefCell::new(Vec::new()));
    let ours = Rc::clone(&said);
    let report =
        move |report: &PanicReport<'_>| ours.borrow_mut().push(report.to_string());
    let _hook = set_panic_hook(Rc::new(report));
    let message = panic_of(|| {
        run(async {
            // It is never due.
            let never = call_later(Duration::MAX, holding(Bomb));
            assert!(!never.cancel());
            assert!(call_later(secs(1), holding(Bomb)).cancel());
            // Whoever holds a handle may cancel on unwind, too.
            struct Cancels(TimerHandle);
            impl Drop for Cancels {
                fn drop(&mut self) {
                    assert!(self.0.cancel());
                }
            }
            let _cancels = Cancels(call_later(secs(1), holding(Bomb)));
            panic!("the first");
        });
    });
    assert_eq!(message.as_deref(), Some("the first"));
    let each = "a callback's destructor panicked: in a callback";
    assert_eq!(said.take(), [each; 3]);
}

#[test]
fn a_callback_of_the_same_instant_can_not_be_cancelled_by_another() {
    run(async {
        let second = Rc::new(Cell::new(None));
        let (cancels, log) = (Rc::clone(&second), Log::default());
        let result = Rc::new(Cell::new(None));
        let outcome = Rc::clone(&result);
        call_later(SECOND, move || {
            let handle: timers::TimerHandle = cancels.get().unwrap();
            outcome.set(Some(handle.cancel()));
        });
        second.set(Some(call_later(SECOND, note(&log, "called"))));
        sleep(secs(2)).await;
        // They left the heap together, and the answer says so.
        assert_eq!(result.get(), Some(false));
        assert_eq!(log.take(), ["called"]);
    });
}

#[test]
fn a_handle_means_nothing_to_another_loop() {
    let (by_hand, current) = ByHand::enter();
    let handle = call_later(SECOND, || ());
    drop(current);
    assert!(!handle.cancel());
    let (other, _current) = ByHand::enter();
    call_later(SECOND, || ());
    assert!(!handle.cancel());
    assert_eq!((by_hand.pending(), other.pending()), (1, 1));
}

#[test]
fn a_callback_may_set_others_and_they_wait_for_the_next_look() {
    run(async {
        let log = Log::default();
        let (outer, inner) = (note(&log, "outer"), note(&log, "inner"));
        call_later(SECOND, move || {
            outer();
            call_later(Duration::ZERO, inner);
        });
        sleep(SECOND).await;
        assert_eq!(*log.borrow(), ["outer"]);
        sleep(Duration::ZERO).await;
        assert_eq!(log.take(), ["outer", "inner"]);
        assert_eq!(seconds(), 1);
    });
}

#[test]
fn a_callback_that_sets_itself_again_starves_nobody() {
    fn again(calls: Rc<Cell<u32>>) {
        calls.set(calls.get() + 1);
        // Not for ever, so that a loop that is wrong here ends too.
        if calls.get() < 1000 {
            call_later(Duration::ZERO, move || again(calls));
        }
    }
    run(async {
        let calls = Rc::default();
        let counted = Rc::clone(&calls);
        call_later(SECOND, move || again(counted));
        sleep(SECOND).await;
        assert_eq!(calls.get(), 1);
    });
}

#[test]
fn what_is_never_due_never_enters_the_heap() {
    let (by_hand, _current) = ByHand::enter();
    let kept = Rc::new(());
    let held = Rc::clone(&kept);
    let never = call_later(Duration::MAX, move || drop(held));
    assert_eq!(Rc::strong_count(&kept), 1);
    assert_eq!(by_hand.pending(), 0);
    assert_eq!(never.when(), Time::MAX);
    assert!(!never.cancel());
    assert!(!call_at(Time::MAX, || ()).cancel());
    assert_eq!(by_hand.jump(), None);
}

#[test]
fn an_executor_may_have_them_delivered() {
    let (by_hand, _current) = ByHand::enter();
    let (queue, log) = (
        Rc::new(RefCell::new(Vec::<Callback>::new())),
        Log::default(),
    );
    let sink = Rc::clone(&queue);
    let delivery = set_callback_sink(Rc::new(move |call| sink.borrow_mut().push(call)));
    call_later(SECOND, note(&log, "A"));
    call_later(SECOND, note(&log, "B"));
    by_hand.jump();
    assert!(log.borrow().is_empty());
    queue.take().into_iter().for_each(|call| call());
    assert_eq!(log.take(), ["A", "B"]);
    drop(delivery);
    call_later(SECOND, note(&log, "C"));
    by_hand.jump();
    assert_eq!(log.take(), ["C"]);
    assert!(queue.borrow().is_empty());
}

#[test]
fn a_sink_ends_with_its_guard_whatever_timers_are_current_then() {
    let (by_hand, current) = ByHand::enter();
    let delivery = set_callback_sink(Rc::new(|_| panic!("delivered")));
    let log = Log::default();
    call_later(SECOND, note(&log, "A"));
    let other = Timers::new(ThreadPark::new(), Clock::virtual_time());
    let inner = other.enter();
    drop(delivery);
    drop(inner);
    by_hand.jump();
    assert_eq!(log.take(), ["A"]);
    drop(current);
    drop(set_callback_sink(Rc::new(|_| ())));
}

#[test]
fn without_a_loop_they_say_where_and_what_to_do() {
    let calls: [(&str, fn()); 2] = [
        ("call_later", || _ = call_later(SECOND, || ())),
        ("call_at", || _ = call_at(Time::ZERO, || ())),
    ];
    for (name, call) in calls {
        let text = panic_of(call).unwrap();
        assert!(text.starts_with(&format!("{name} (called at ")), "{text}");
        assert!(text.contains("calling.rs"), "{text}");
    }
}

#[test]
fn a_sleeper_is_not_woken_before_the_callbacks_have_run() {
    let (by_hand, _current) = ByHand::enter();
    let mut nap = sleep(SECOND);
    assert!(poll(&mut nap).is_pending());
    let called = Rc::new(Cell::new(None));
    let log = Rc::clone(&called);
    call_later(SECOND, move || log.set(Some(now())));
    by_hand.jump();
    assert_eq!(called.get(), Some(Time::from_secs(1)));
    assert!(poll(&mut nap).is_ready());
}
