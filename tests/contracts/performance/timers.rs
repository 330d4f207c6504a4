//! The wheel and the packed heap, beside chapter 2's heap.

use std::iter::from_fn;
use std::time::Duration;

use event_loop::{Dice, Time, TimeHeap};
use performance::{PackedHeap, Wheel};
use workbook_tests::limits::quick_or_full;

/// A nanosecond is the clock's own tick: then the wheel may lose nothing of the order.
const TICK: Duration = Duration::from_nanos(1);

fn fired(wheel: &mut Wheel<u64>, now: Time) -> Vec<u64> {
    let mut fired = Vec::new();
    wheel.advance(now, |value| fired.push(value));
    fired
}

#[test]
fn both_fire_what_the_heap_fires_and_in_its_order() {
    for seed in 0..quick_or_full(200, 2000) {
        let mut dice = Dice::new(seed);
        let (mut heap, mut packed) = (TimeHeap::new(), PackedHeap::new());
        let mut wheel = Wheel::new(TICK);
        let mut now = 0;
        // Near and far, so that all hands are used, and many that tie.
        let span = 1 << dice.up_to(40);
        for number in 0..200 {
            let deadline = Time::from_nanos(now + dice.up_to(span));
            heap.push(deadline, number);
            packed.push(deadline, number);
            wheel.push(deadline, number);
            if dice.up_to(3) == 0 {
                now += dice.up_to(span);
                let time = Time::from_nanos(now);
                let due: Vec<u64> = from_fn(|| heap.pop_due(time))
                    .map(|(_, value)| value)
                    .collect();
                assert_eq!(fired(&mut wheel, time), due, "seed {seed}, at {now}");
                for value in due {
                    assert_eq!(packed.pop().map(|it| it.1), Some(value));
                }
                assert_eq!(wheel.len(), heap.len());
            }
        }
        let left: Vec<u64> = from_fn(|| heap.pop()).map(|it| it.1).collect();
        assert_eq!(fired(&mut wheel, Time::MAX), left, "seed {seed}");
        assert!(from_fn(|| packed.pop()).map(|it| it.1).eq(left));
        assert!(wheel.is_empty());
    }
}

#[test]
fn a_wheel_is_never_early_and_at_most_a_tick_late() {
    let mut wheel = Wheel::new(Duration::from_millis(1));
    let mut dice = Dice::new(1);
    for _ in 0..10_000 {
        let deadline = dice.up_to(100_000_000_000);
        wheel.push(Time::from_nanos(deadline), deadline);
    }
    let mut fired = 0;
    while let Some(now) = wheel.next_look() {
        wheel.advance(now, |deadline| {
            let late = now.as_nanos().checked_sub(deadline).expect("never early");
            assert!(late < 1_000_000, "{late} ns late");
            fired += 1;
        });
    }
    assert_eq!(fired, 10_000);
}

#[test]
fn nothing_is_too_far_away_and_nothing_is_too_late() {
    let mut wheel = Wheel::new(TICK);
    wheel.advance(Time::from_secs(10), |value: u64| {
        panic!("{value} was never set")
    });
    wheel.push(Time::from_secs(1), 1);
    wheel.push(Time::MAX, 2);
    // What is overdue is due at once.
    assert_eq!(wheel.next_look(), Some(Time::from_secs(10)));
    assert_eq!(fired(&mut wheel, Time::from_secs(10)), [1]);
    assert_eq!(fired(&mut wheel, Time::MAX), [2]);
    assert_eq!(wheel.next_look(), None);
}
