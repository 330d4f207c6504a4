//! When a turn on the wall clock ends.

use std::cell::Cell;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use tasks::RoundLimit;

thread_local! {
    static NOW: Cell<Duration> = const { Cell::new(Duration::ZERO) };
    static LOOKS: Cell<u32> = const { Cell::new(0) };
}

fn now() -> Instant {
    static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
    LOOKS.set(LOOKS.get() + 1);
    *BEGIN + NOW.get()
}

/// How many entries a turn has, if each takes so long.
fn turn(limit: &mut RoundLimit, waited: bool, each: Duration) -> u32 {
    limit.begin(waited);
    let mut entries = 0;
    loop {
        NOW.set(NOW.get() + each);
        entries += 1;
        if limit.is_reached() {
            return entries;
        }
        assert!(entries < 1000, "no end");
    }
}

#[test]
fn after_128_quick_entries() {
    let mut limit = RoundLimit::by(now);
    for waited in [false, true, true, false] {
        assert_eq!(turn(&mut limit, waited, Duration::from_nanos(10)), 128);
    }
}

#[test]
fn after_one_that_takes_longer_than_a_turn() {
    let mut limit = RoundLimit::by(now);
    for waited in [false, true, false] {
        assert_eq!(turn(&mut limit, waited, Duration::from_millis(2)), 1);
    }
}

#[test]
fn after_a_millisecond_whatever_each_takes() {
    for micros in [10, 50, 100, 200, 400, 900] {
        let each = Duration::from_micros(micros);
        let mut limit = RoundLimit::by(now);
        for waited in [true, false].repeat(10) {
            let took = each * turn(&mut limit, waited, each);
            // The last stretch between two looks is as long as a quarter of a turn, doubled, at most; after a wait
            // the first one is not known.
            assert!(took <= Duration::from_micros(1900), "{micros}: {took:?}");
        }
    }
}

#[test]
fn quick_ones_are_hardly_measured() {
    let mut limit = RoundLimit::by(now);
    turn(&mut limit, false, Duration::from_nanos(10));
    LOOKS.set(0);
    for _ in 0..100 {
        turn(&mut limit, false, Duration::from_nanos(10));
    }
    assert_eq!(LOOKS.get(), 400);
}

/// The first slow ones after many quick ones are found out at the second look, and from then on each is.
#[test]
fn slow_ones_after_quick_ones_are_found_out() {
    let mut limit = RoundLimit::by(now);
    for _ in 0..10 {
        turn(&mut limit, true, Duration::from_nanos(10));
    }
    let slow = Duration::from_millis(2);
    assert!(turn(&mut limit, true, slow) <= 64);
    assert_eq!(turn(&mut limit, true, slow), 1);
    assert_eq!(turn(&mut limit, false, slow), 1);
}
