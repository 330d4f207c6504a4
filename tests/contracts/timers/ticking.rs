//! Intervals.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use event_loop::{Clock, Time};
use timers::{MissedTickBehavior, block_on, call_later, interval, sleep, timeout};

use crate::{ByHand, SECOND, bounded, panic_of, run, seconds, secs};

/// When ticks were due and taken, in seconds, if `work` follows each.
fn ticks(missed: MissedTickBehavior, period: u64, work: &[u64]) -> Vec<(u64, u64)> {
    run(async {
        let mut interval = interval(secs(period));
        interval.set_missed_tick_behavior(missed);
        let mut ticks = Vec::new();
        for &seconds_of_work in work {
            let due = interval.tick().await;
            ticks.push((due.as_secs(), seconds()));
            sleep(secs(seconds_of_work)).await;
        }
        ticks
    })
}

#[test]
fn work_between_the_ticks_does_not_move_them() {
    for missed in [
        MissedTickBehavior::Burst,
        MissedTickBehavior::Delay,
        MissedTickBehavior::Skip,
    ] {
        let wanted = [(0, 0), (10, 10), (20, 20), (30, 30), (40, 40)];
        assert_eq!(ticks(missed, 10, &[9, 1, 10, 0, 3]), wanted, "{missed:?}");
    }
}

/// One that is late by less than a period is not missed: the grid stays under every policy.
#[test]
fn a_late_tick_does_not_move_the_next() {
    for missed in [
        MissedTickBehavior::Burst,
        MissedTickBehavior::Delay,
        MissedTickBehavior::Skip,
    ] {
        let wanted = [(0, 0), (10, 19), (20, 20), (30, 30)];
        assert_eq!(ticks(missed, 10, &[19, 0, 0, 0]), wanted, "{missed:?}");
    }
}

#[test]
fn missed_ticks_come_late_one_after_the_other() {
    assert_eq!(MissedTickBehavior::default(), MissedTickBehavior::Burst);
    let wanted = [(0, 0), (10, 35), (20, 35), (30, 35), (40, 40)];
    assert_eq!(
        ticks(MissedTickBehavior::Burst, 10, &[35, 0, 0, 0, 0]),
        wanted
    );
}

#[test]
fn or_the_grid_moves() {
    let wanted = [(0, 0), (10, 35), (45, 45), (55, 55)];
    assert_eq!(ticks(MissedTickBehavior::Delay, 10, &[35, 0, 0, 0]), wanted);
}

#[test]
fn or_they_are_left_out() {
    let wanted = [(0, 0), (10, 35), (40, 40), (50, 50)];
    assert_eq!(ticks(MissedTickBehavior::Skip, 10, &[35, 0, 0, 0]), wanted);
    // Taken exactly on the grid: the next is the one after.
    let wanted = [(0, 0), (10, 30), (40, 40)];
    assert_eq!(ticks(MissedTickBehavior::Skip, 10, &[30, 0, 0]), wanted);
}

#[test]
fn a_tick_that_is_dropped_while_it_waits_is_not_lost() {
    run(async {
        let mut interval = interval(secs(10));
        interval.tick().await;
        assert!(timeout(secs(4), interval.tick()).await.is_err());
        assert_eq!(interval.tick().await, Time::from_secs(10));
        assert_eq!(seconds(), 10);
        sleep(secs(15)).await;
        // Never polled: nothing has happened.
        drop(interval.tick());
        assert_eq!(interval.tick().await, Time::from_secs(20));
        assert_eq!(seconds(), 25);
    });
}

#[test]
fn the_grid_begins_with_the_first_tick() {
    run(async {
        let mut interval = interval(secs(10));
        sleep(secs(3)).await;
        assert_eq!(interval.tick().await, Time::from_secs(3));
        assert_eq!(interval.tick().await, Time::from_secs(13));
    });
}

#[test]
fn the_longest_period_ticks_once() {
    run(async {
        let mut interval = interval(Duration::MAX);
        interval.set_missed_tick_behavior(MissedTickBehavior::Skip);
        interval.tick().await;
        assert!(timeout(secs(1_000_000), interval.tick()).await.is_err());
    });
}

#[test]
fn a_period_of_zero_is_refused() {
    let text = panic_of(|| _ = interval(Duration::ZERO)).unwrap();
    assert_eq!(text, "an interval needs a period longer than zero");
}

#[test]
fn without_a_loop_it_says_where_it_was_made() {
    let line = line!() + 1;
    let mut interval = interval(SECOND);
    let mut tick = pin!(interval.tick());
    let mut context = Context::from_waker(Waker::noop());
    let text = panic_of(|| _ = tick.as_mut().poll(&mut context)).unwrap();
    assert!(text.contains(&format!("ticking.rs:{line}:")), "{text}");
}

/// Ticks that are late come one right after the other; but not more in one poll than its budget allows.
#[test]
fn late_ticks_give_way_to_others() {
    run(async {
        let mut interval = interval(SECOND);
        interval.tick().await;
        sleep(secs(1000)).await;
        let mut per_poll = Vec::new();
        let ticks = Cell::new(0);
        let mut all = pin!(async {
            for _ in 0..1000 {
                interval.tick().await;
                ticks.set(ticks.get() + 1);
            }
        });
        poll_fn(|context| {
            let polled = all.as_mut().poll(context);
            per_poll.push(ticks.take());
            polled
        })
        .await;
        assert_eq!(per_poll, [128, 128, 128, 128, 128, 128, 128, 104]);
        assert_eq!(seconds(), 1000);
    });
}

/// On the wall clock a period that is shorter than the work it begins is over each time.
#[test]
fn an_interval_that_is_always_late_lets_a_timer_go_off() {
    bounded(|| {
        block_on(Clock::real(), async {
            let mut interval = interval(Duration::from_nanos(1));
            let mut limit = pin!(sleep(Duration::from_millis(1)));
            let mut ticks = pin!(async {
                loop {
                    interval.tick().await;
                }
            });
            poll_fn(|context| {
                assert!(ticks.as_mut().poll(context).is_pending());
                limit.as_mut().poll(context)
            })
            .await;
        });
    });
}

#[test]
fn a_task_that_gives_way_says_that_it_is_a_tick() {
    let (by_hand, _current) = ByHand::enter();
    let mut interval = interval(SECOND);
    let line = line!() - 1;
    let mut context = Context::from_waker(Waker::noop());
    _ = pin!(interval.tick()).poll(&mut context);
    call_later(secs(1000), || ());
    by_hand.jump();
    let mut ticks = pin!(async {
        loop {
            interval.tick().await;
        }
    });
    let budget = polling::begin_poll();
    assert!(ticks.as_mut().poll(&mut context).is_pending());
    drop(budget);
    let said = polling::take_suspension().unwrap();
    assert_eq!((said.why, said.location.line()), ("tick", line));
}
