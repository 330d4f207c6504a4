//! Timeouts.

use std::cell::Cell;
use std::future::{pending, ready};
use std::thread;

use event_loop::Time;
use timers::{
    Deadline, Elapsed, Timeout, call_later, now, outside, sleep, sleep_until, timeout,
    timeout_at,
};
use wakers::phone;

use crate::{ByHand, SECOND, bounded, poll, run, seconds, secs};

const _: fn() = || {
    fn send_and_sync<T: Send + Sync>() {}
    send_and_sync::<Timeout<std::future::Ready<()>>>();
    send_and_sync::<Deadline>();
};

#[test]
fn a_value_in_the_same_instant_wins_whoever_asked_first() {
    run(async {
        assert_eq!(timeout(SECOND, sleep(SECOND)).await, Ok(()));
        // Here the inner timer is set after that of the limit.
        let twice = async {
            sleep(SECOND).await;
            sleep(SECOND).await;
        };
        assert_eq!(timeout(secs(2), twice).await, Ok(()));
        let (limit, value) = (Time::from_secs(5), sleep_until(Time::from_secs(5)));
        assert_eq!(timeout_at(limit, value).await, Ok(()));
        assert_eq!(seconds(), 5);
    });
}

#[test]
fn a_limit_of_zero_gives_a_value_that_is_ready() {
    run(async {
        assert_eq!(timeout(secs(0), ready(7)).await, Ok(7));
        assert_eq!(timeout_at(Time::ZERO, ready(7)).await, Ok(7));
        assert_eq!(timeout(secs(0), pending::<()>()).await, Err(Elapsed));
        assert_eq!(now(), Time::ZERO);
    });
}

/// Notes when it is dropped.
struct Seat<'a>(&'a Cell<Option<Time>>);

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.0.set(Some(now()));
    }
}

#[test]
fn the_inner_future_is_dropped_before_the_report() {
    run(async {
        let left = Cell::new(None);
        let trip = async {
            let _seat = Seat(&left);
            pending::<()>().await;
        };
        let mut limited = std::pin::pin!(timeout(SECOND, trip));
        assert_eq!(limited.as_mut().await, Err(Elapsed));
        assert_eq!(left.get(), Some(Time::from_secs(1)));
    });
}

#[test]
fn limits_nest() {
    run(async {
        let inner = timeout(secs(1), pending::<()>());
        assert_eq!(timeout(secs(2), inner).await, Ok(Err(Elapsed)));
        assert_eq!(seconds(), 1);
        let inner = timeout(secs(2), pending::<()>());
        assert_eq!(timeout(secs(1), inner).await, Err(Elapsed));
        assert_eq!(seconds(), 2);
        // At the same instant, the inner limit's report is the outer one's value.
        let inner = timeout(secs(1), pending::<()>());
        assert_eq!(timeout(secs(1), inner).await, Ok(Err(Elapsed)));
    });
}

#[test]
fn a_limit_may_be_moved_while_it_runs() {
    run(async {
        for (moved_to, ends) in [(2, 2), (9, 9), (1, 1), (0, 1)] {
            let start = now();
            let at = move |second| start.saturating_add(secs(second));
            let mut limited = timeout(secs(5), pending::<()>());
            let limit = limited.deadline();
            call_later(SECOND, move || limit.move_to(at(moved_to)));
            assert_eq!(limited.await, Err(Elapsed));
            assert_eq!(now(), at(ends), "moved to {moved_to}");
        }
    });
}

#[test]
fn a_limit_may_be_moved_before_it_is_awaited_and_again() {
    run(async {
        let mut limited = timeout(SECOND, pending::<()>());
        let (limit, other) = (limited.deadline(), limited.deadline());
        limit.move_to(Time::from_secs(8));
        limit.move_to(Time::from_secs(3));
        call_later(secs(2), move || {
            limit.move_to(Time::from_secs(9));
            other.move_to(Time::from_secs(4));
        });
        assert_eq!(limited.await, Err(Elapsed));
        assert_eq!(seconds(), 4);
    });
}

#[test]
fn a_limit_that_is_moved_for_ever_away_is_none() {
    run(async {
        let mut limited = timeout(SECOND, sleep(secs(100)));
        limited.deadline().move_to(Time::MAX);
        assert_eq!(limited.await, Ok(()));
    });
}

#[test]
fn moved_after_the_end_nothing_happens() {
    let (by_hand, _current) = ByHand::enter();
    let mut limited = timeout(SECOND, ready(7));
    let limit = limited.deadline();
    assert!(poll(&mut limited).is_ready());
    limit.move_to(Time::from_secs(5));
    drop(limited);
    limit.move_to(Time::from_secs(6));
    assert_eq!(by_hand.pending(), 0);
}

#[test]
fn another_thread_may_move_a_limit() {
    let moved = async {
        let mut limited = timeout(secs(3600), pending::<()>());
        let (limit, promise) = (limited.deadline(), outside());
        let mover = thread::spawn(move || {
            limit.move_to(Time::from_secs(1));
            drop(promise);
        });
        assert_eq!(limited.await, Err(Elapsed));
        assert_eq!(seconds(), 1);
        mover.join().unwrap();
    };
    bounded(|| run(moved));
}

#[test]
fn a_timeout_that_is_dropped_takes_its_timer_with_it() {
    let (by_hand, _current) = ByHand::enter();
    let (_caller, phone) = phone::<()>();
    let mut limited = timeout(SECOND, phone);
    assert!(poll(&mut limited).is_pending());
    assert_eq!(by_hand.pending(), 1);
    drop(limited);
    assert_eq!(by_hand.pending(), 0);
}

#[test]
fn elapsed_is_an_error_that_says_so() {
    let error: Box<dyn std::error::Error + Send + Sync> = Box::new(Elapsed);
    assert_eq!(error.to_string(), "the time was up");
}
