//! What chapter 22 promises.

#[path = "performance/atomics.rs"]
mod atomics;
#[path = "performance/timers.rs"]
mod timers;

use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread;

use event_loop::Time;
use performance::{Locked, Shared, Side, compare};

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}

/// Time that only work moves on.
fn worked(now: &Cell<u64>, nanos: u64) -> String {
    now.set(now.get() + nanos);
    "done".into()
}

#[test]
fn the_first_round_does_not_count() {
    let (now, calls) = (Cell::new(0), Cell::new(0));
    let mut sides = [
        Side::new("ours", || worked(&now, 10)),
        Side::new("theirs", || {
            calls.set(calls.get() + 1);
            // What is there for the second time is faster.
            worked(&now, if calls.get() == 1 { 1000 } else { 20 })
        }),
    ];
    let rounds = compare(&|| Time::from_nanos(now.get()), 4, &mut sides).unwrap();
    drop(sides);
    assert_eq!(calls.get(), 5);
    let ratio = rounds.ratio("theirs", "ours");
    assert_eq!((ratio.low, ratio.median, ratio.high), (2.0, 2.0, 2.0));
    assert_eq!(rounds.ratio("ours", "theirs").median, 0.5);
}

#[test]
fn sides_work_by_turns() {
    let order = Mutex::new(String::new());
    let told = |letter| {
        order.lock().unwrap().push(letter);
        "same".to_string()
    };
    let mut sides = [Side::new("a", || told('a')), Side::new("b", || told('b'))];
    compare(&|| Time::ZERO, 2, &mut sides).unwrap();
    drop(sides);
    assert_eq!(order.into_inner().unwrap(), "ababab");
}

#[test]
fn a_spread_is_of_the_middle_half() {
    let (now, round) = (Cell::new(0), Cell::new(0));
    let mut sides = [
        Side::new("ours", || worked(&now, 10)),
        Side::new("theirs", || {
            round.set(round.get() + 1);
            // Of five rounds: 3, 1, 9, 2, 4 times as long.
            worked(&now, [0, 30, 10, 90, 20, 40][round.get() - 1])
        }),
    ];
    let rounds = compare(&|| Time::from_nanos(now.get()), 5, &mut sides).unwrap();
    let ratio = rounds.ratio("theirs", "ours");
    assert_eq!((ratio.low, ratio.median, ratio.high), (2.0, 3.0, 4.0));
}

#[test]
fn sides_that_differ_in_any_round_are_not_compared() {
    let round = Cell::new(0);
    let mut sides = [
        Side::new("ours", || "5".into()),
        Side::new("theirs", || {
            round.set(round.get() + 1);
            if round.get() == 3 { "6" } else { "5" }.into()
        }),
    ];
    let refused = compare(&|| Time::ZERO, 9, &mut sides).unwrap_err();
    assert_eq!(refused.to_string(), "ours came to 5, theirs to 6");
}

#[test]
fn a_locked_task_is_woken_from_another_thread() {
    let executor = Locked::new();
    let kept: Arc<Mutex<Option<Waker>>> = Arc::default();
    let keeps = Arc::clone(&kept);
    let mut called = false;
    let task = executor.spawn(poll_fn(move |context| {
        *keeps.lock().unwrap() = Some(context.waker().clone());
        match std::mem::replace(&mut called, true) {
            false => Poll::Pending,
            true => Poll::Ready(7),
        }
    }));
    executor.run();
    let waker = kept.lock().unwrap().take().unwrap();
    thread::spawn(move || waker.wake()).join().unwrap();
    executor.run();
    assert_eq!(task.into_value(), Some(7));
}

#[test]
fn tasks_take_turns_in_the_order_of_their_wakes() {
    let said = Arc::new(Mutex::new(Vec::new()));
    let turns = |name: char| {
        let said = Arc::clone(&said);
        async move {
            for turn in 1..=2 {
                said.lock().unwrap().push(format!("{name}{turn}"));
                taxi::yield_now().await;
            }
        }
    };
    let locked = Locked::new();
    let _both = [locked.spawn(turns('a')), locked.spawn(turns('b'))];
    locked.run();
    assert_eq!(said.lock().unwrap().join(" "), "a1 b1 a2 b2");
    said.lock().unwrap().clear();
    let shared = Shared::new();
    let _both = [shared.spawn(turns('a')), shared.spawn(turns('b'))];
    shared.run();
    assert_eq!(said.lock().unwrap().join(" "), "a1 b1 a2 b2");
}

/// Says when it is dropped.
struct Meter(Arc<Mutex<u32>>);

impl Drop for Meter {
    fn drop(&mut self) {
        *self.0.lock().unwrap() += 1;
    }
}

#[test]
fn a_future_is_dropped_when_it_is_over_and_when_its_executor_is() {
    let dropped = Arc::new(Mutex::new(0));
    let meter = || Meter(Arc::clone(&dropped));
    let (over, left) = (meter(), meter());
    let locked = Locked::new();
    let _over = locked.spawn(async move { drop(over) });
    locked.run();
    assert_eq!(*dropped.lock().unwrap(), 1);
    let _left = locked.spawn(async move { drop(left) });
    drop(locked);
    assert_eq!(*dropped.lock().unwrap(), 2);
    let shared = Shared::new();
    let left = meter();
    shared
        .spawn(async move {
            pending::<()>().await;
            drop(left);
        })
        .detach();
    drop(shared);
    assert_eq!(*dropped.lock().unwrap(), 3);
}

#[test]
fn a_task_with_a_shared_header_need_not_be_send() {
    let (note, shared) = (Rc::new(Cell::new(0)), Shared::new());
    let slip = Rc::clone(&note);
    shared.spawn(async move { slip.set(3) }).detach();
    shared.run();
    assert_eq!(note.get(), 3);
}
