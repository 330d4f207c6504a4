//! Sleeps.

use std::future::pending;
use std::thread;
use std::time::{Duration, Instant};

use event_loop::{Clock, Time};
use timers::{
    Sleep, Timers, block_on, interval, is_virtual, now, sleep, sleep_until, timeout,
};
use wakers::{Park, ThreadPark};
use workbook_tests::blame;

use crate::{ByHand, SECOND, all, bounded, panic_of, poll, run, seconds, secs};

/// What hyper's timer asks for. It compiles, so it holds.
const _: fn() = || {
    fn send_and_sync<T: Send + Sync + Unpin>() {}
    send_and_sync::<Sleep>();
};

#[test]
fn a_sleep_takes_its_time_exactly_on_the_virtual_clock() {
    let wait = Duration::new(3600, 123_456_789);
    let end = run(async {
        sleep(wait).await;
        now()
    });
    assert_eq!(end - Time::ZERO, wait);
}

#[test]
fn no_sleep_is_early_on_the_wall_clock() {
    let naps = async {
        for micros in [1, 10, 300, 999, 1000, 1001, 2500] {
            let (start, wait) = (Instant::now(), Duration::from_micros(micros));
            sleep(wait).await;
            assert!(start.elapsed() >= wait, "{micros} us");
        }
    };
    bounded(|| block_on(Clock::real(), naps));
}

#[test]
fn a_deadline_counts_from_the_first_poll() {
    run(async {
        let mut nap = sleep(secs(3));
        assert_eq!(nap.deadline(), None);
        sleep(secs(2)).await;
        assert!(poll(&mut nap).is_pending());
        assert_eq!(nap.deadline(), Some(Time::from_secs(5)));
        nap.await;
        assert_eq!(seconds(), 5);
    });
}

/// After long work in one poll, the time at which that poll began would make a sleep end early.
#[test]
fn the_clock_is_read_when_a_sleep_is_registered() {
    block_on(Clock::real(), async {
        let begin = now();
        while now() - begin < Duration::from_millis(5) {
            std::hint::spin_loop();
        }
        let mut nap = sleep(Duration::from_millis(1));
        let before = now();
        assert!(poll(&mut nap).is_pending());
        let deadline = nap.deadline().unwrap();
        assert!(deadline - before >= Duration::from_millis(1));
    });
}

#[test]
fn what_never_ends_never_enters_the_heap() {
    let (by_hand, _current) = ByHand::enter();
    let mut sleeps = [sleep(Duration::MAX), sleep_until(Time::MAX)];
    for never in &mut sleeps {
        assert!(poll(never).is_pending());
        assert!(poll(never).is_pending());
    }
    assert_eq!(by_hand.pending(), 0);
    let mut longest = sleep_until(Time::from_nanos(u64::MAX - 1));
    assert!(poll(&mut longest).is_pending());
    assert_eq!(by_hand.jump(), Some(Time::from_nanos(u64::MAX - 1)));
    assert!(poll(&mut longest).is_ready());
    assert!(poll(&mut sleeps[0]).is_pending());
    let mut past_the_end = sleep(SECOND);
    assert!(poll(&mut past_the_end).is_pending());
    assert_eq!(by_hand.jump(), None);
}

#[test]
fn a_sleep_of_zero_lets_the_others_have_their_turn() {
    let order = std::cell::RefCell::new(Vec::new());
    run(futures::future::join(
        async {
            order.borrow_mut().push("A");
            sleep(secs(0)).await;
            sleep_until(Time::ZERO).await;
            order.borrow_mut().push("A again");
            assert_eq!(now(), Time::ZERO);
        },
        async { order.borrow_mut().push("B") },
    ));
    assert_eq!(order.take(), ["A", "B", "A again"]);
}

/// On the wall clock it is the next park that finds it.
#[test]
fn a_moment_that_has_passed_takes_a_turn_on_either_clock() {
    for clock in [Clock::virtual_time(), Clock::real()] {
        let order = std::cell::RefCell::new(Vec::new());
        let late = async {
            let passed = now();
            order.borrow_mut().push("A");
            sleep_until(passed).await;
            order.borrow_mut().push("A again");
        };
        let other = async { order.borrow_mut().push("B") };
        block_on(clock, futures::future::join(late, other));
        assert_eq!(order.take(), ["A", "B", "A again"]);
    }
}

#[test]
fn ties_are_first_come_first_woken() {
    let order = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let sleeper = |name, waits: &'static [u64]| {
        let order = std::rc::Rc::clone(&order);
        Box::pin(async move {
            for &wait in waits {
                sleep(secs(wait)).await;
            }
            order.borrow_mut().push(name);
        }) as _
    };
    run(all(vec![
        sleeper("asked at 2", &[1, 1, 1]),
        sleeper("asked at 1", &[1, 2]),
        sleeper("asked at 0", &[3]),
        sleeper("asked at 0, too", &[3]),
    ]));
    let wanted = ["asked at 0", "asked at 0, too", "asked at 1", "asked at 2"];
    assert_eq!(order.take(), wanted);
}

#[test]
fn a_dropped_sleep_is_gone_and_time_does_not_stop_for_it() {
    let (by_hand, _current) = ByHand::enter();
    let (mut early, mut late) = (sleep(secs(1)), sleep(secs(2)));
    assert!(poll(&mut early).is_pending());
    assert!(poll(&mut late).is_pending());
    assert_eq!(by_hand.pending(), 2);
    drop(early);
    assert_eq!(by_hand.pending(), 1);
    assert_eq!(by_hand.jump(), Some(Time::from_secs(2)));
}

#[test]
fn a_sleep_that_is_over_stays_over() {
    let (by_hand, _current) = ByHand::enter();
    let mut nap = sleep(SECOND);
    assert!(poll(&mut nap).is_pending());
    by_hand.jump();
    // Another entry has its slot now.
    let mut next = sleep(SECOND);
    assert!(poll(&mut next).is_pending());
    assert!(poll(&mut nap).is_ready());
    assert!(poll(&mut nap).is_ready());
    drop(nap);
    assert!(poll(&mut next).is_pending());
    assert_eq!(by_hand.pending(), 1);
}

#[test]
fn dropped_on_another_thread_it_expires_unused() {
    let (by_hand, _current) = ByHand::enter();
    let mut nap = sleep(SECOND);
    assert!(poll(&mut nap).is_pending());
    thread::spawn(move || drop(nap)).join().unwrap();
    assert_eq!(by_hand.pending(), 1);
    assert_eq!(by_hand.jump(), Some(Time::from_secs(1)));
    assert_eq!(by_hand.pending(), 0);
}

#[test]
fn dropped_on_another_loop_it_hits_no_entry_there() {
    let (_by_hand, current) = ByHand::enter();
    let mut nap = sleep(SECOND);
    assert!(poll(&mut nap).is_pending());
    drop(current);
    let (other, _current) = ByHand::enter();
    let mut theirs = sleep(SECOND);
    assert!(poll(&mut theirs).is_pending());
    drop(nap);
    assert_eq!(other.pending(), 1);
}

#[test]
fn polled_on_another_loop_it_says_what_to_do() {
    let mut nap = sleep(SECOND);
    run(async { assert!(poll(&mut nap).is_pending()) });
    let text = panic_of(|| run(async { _ = poll(&mut nap) })).unwrap();
    assert!(text.contains("first awaited on another loop"), "{text}");
    assert!(text.contains("call sleep anew here"), "{text}");
}

#[test]
fn without_a_loop_it_says_where_and_what_to_do() {
    let line = line!() + 1;
    let mut nap = sleep(SECOND);
    let text = panic_of(|| _ = poll(&mut nap)).unwrap();
    assert!(text.contains(&format!("sleeping.rs:{line}:")), "{text}");
    assert!(
        text.contains("run the future with timers::block_on"),
        "{text}"
    );
    assert!(panic_of(|| assert!(now() == now())).is_some());
    assert!(!is_virtual());
}

#[test]
fn what_was_current_is_so_again_after_a_panic_too() {
    let other = Timers::new(ThreadPark::new(), Clock::real());
    run(async {
        sleep(secs(7)).await;
        {
            let _current = other.enter();
            assert!(!is_virtual());
        }
        assert_eq!(seconds(), 7);
        let text = panic_of(|| {
            let _current = other.enter();
            panic!("within");
        });
        assert_eq!(text.as_deref(), Some("within"));
        assert_eq!(seconds(), 7);
        assert!(is_virtual());
    });
    assert!(panic_of(|| assert!(now() == now())).is_some());
}

#[test]
fn a_loop_inside_a_loop_panics_and_the_outer_one_goes_on() {
    run(async {
        sleep(secs(7)).await;
        for inner in [
            || run(async { sleep(SECOND).await }),
            || wakers::block_on(async {}),
        ] {
            let text = panic_of(inner).unwrap();
            assert!(text.contains("await the future instead"), "{text}");
        }
        sleep(SECOND).await;
        assert_eq!(seconds(), 8);
    });
}

#[test]
fn without_a_loop_the_line_that_awaits_is_blamed() {
    let slept = blame::panic_of(|| poll(&mut Box::pin(async { sleep(SECOND).await })));
    assert!(slept.starts_with("sleep (called at "), "{slept}");
    let mut ticks = interval(SECOND);
    let ticked = blame::panic_of(|| poll(&mut Box::pin(async { ticks.tick().await })));
    assert!(ticked.starts_with("interval (called at "), "{ticked}");
    let limited = timeout(SECOND, pending::<()>());
    let limited = blame::panic_of(|| poll(&mut Box::pin(async { _ = limited.await })));
    assert!(limited.starts_with("sleep (called at "), "{limited}");
}

#[test]
fn on_another_loop_the_line_that_awaits_is_blamed() {
    let mut nap = sleep(SECOND);
    run(async { assert!(poll(&mut nap).is_pending()) });
    let said = blame::panic_of(|| {
        run(async {
            nap.await;
        })
    });
    assert!(said.contains("first awaited on another loop"), "{said}");
}

/// The entry is dropped with the layer: nobody is woken, and nothing is left to hang.
#[test]
fn a_sleep_outlives_its_loop() {
    let mut timers = Timers::new(ThreadPark::new(), Clock::virtual_time());
    let mut nap = {
        let _current = timers.enter();
        let mut nap = sleep(SECOND);
        assert!(poll(&mut nap).is_pending());
        nap
    };
    timers.park(Some(Duration::ZERO)).unwrap();
    drop(timers);
    assert!(panic_of(|| _ = poll(&mut nap)).is_some());
}
