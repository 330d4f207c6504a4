//! Chapter 1.

use generators::{
    Coroutine, CoroutineExt, CoroutineState, Countdown, FromIter, Meter, Receipt,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// All that a coroutine yields, and what it returns.
fn life<C: Coroutine>(mut coroutine: C) -> (Vec<C::Yield>, C::Return) {
    let mut yields = Vec::new();
    for _ in 0..10_000 {
        match coroutine.resume(()) {
            CoroutineState::Yielded(value) => yields.push(value),
            CoroutineState::Complete(result) => return (yields, result),
        }
    }
    panic!("it does not end");
}

#[test]
fn making_a_coroutine_runs_nothing() {
    let never =
        FromIter::new(std::iter::repeat_with(|| panic!("asked for an item")).take(1));
    let _outer: generators::AndThen<_, _, FromIter<std::option::IntoIter<()>>> =
        never.and_then(|()| panic!("asked for the next"));
}

#[test]
#[should_panic(expected = "countdown resumed after completion")]
fn a_countdown_cannot_be_resumed_after_its_end() {
    let mut countdown = Countdown::from(0);
    assert_eq!(countdown.resume(()), CoroutineState::Complete("lift-off"));
    countdown.resume(());
}

#[test]
#[should_panic(expected = "meter resumed after completion")]
fn a_meter_cannot_be_resumed_after_its_end() {
    let mut meter = Meter::new();
    for _ in 0..3 {
        meter.resume(None);
    }
}

#[test]
fn priming_drops_what_is_sent() {
    let mut meter = Meter::new();
    assert_eq!(meter.resume(Some(12)), CoroutineState::Yielded(0));
}

#[test]
fn an_iterator_may_be_asked_again_after_the_end() {
    let mut items = Countdown::from(1).into_items();
    assert_eq!(items.next(), Some(1));
    assert_eq!(items.next(), None);
    assert_eq!(items.next(), None);
}

#[test]
fn a_boxed_or_borrowed_coroutine_is_one() {
    let mut boxed: Box<dyn Coroutine<Yield = u32, Return = &str>> =
        Box::new(Countdown::from(2));
    let borrowed: &mut dyn Coroutine<Yield = u32, Return = &str> = &mut boxed;
    assert_eq!(borrowed.resume(()), CoroutineState::Yielded(2));
    assert_eq!(life(boxed), (vec![1], "lift-off"));
}

proptest! {
    #![proptest_config(crate::cases(256))]

    #[test]
    fn a_countdown_is_the_python_generator(n in 0_u32..200) {
        let (yields, result) = life(Countdown::from(n));
        prop_assert_eq!(yields, (1..=n).rev().collect::<Vec<_>>());
        prop_assert_eq!(result, "lift-off");
    }

    #[test]
    fn a_meter_adds_up(fares in vec(any::<u32>(), 0..50)) {
        let mut meter = Meter::new();
        meter.resume(None);
        let mut total = 0;
        for &fare in &fares {
            total += u64::from(fare);
            prop_assert_eq!(meter.resume(Some(fare)), CoroutineState::Yielded(total));
        }
        let receipt = Receipt { rides: fares.len() as u32, total };
        prop_assert_eq!(meter.resume(None), CoroutineState::Complete(receipt));
    }

    #[test]
    fn delegation_is_one_after_the_other(lists in vec(vec(any::<u8>(), 0..5), 3)) {
        let [a, b, c] = <[Vec<u8>; 3]>::try_from(lists.clone()).unwrap();
        let chain = FromIter::new(a)
            .and_then(|()| FromIter::new(b))
            .and_then(|()| FromIter::new(c));
        prop_assert_eq!(life(chain), (lists.concat(), ()));
    }

    #[test]
    fn the_first_result_makes_the_second(n in 0_u32..20) {
        let chain = Countdown::from(n).and_then(|word| Countdown::from(word.len() as u32));
        let expected: Vec<u32> = (1..=n).rev().chain((1..=8).rev()).collect();
        prop_assert_eq!(life(chain), (expected, "lift-off"));
    }

    #[test]
    fn what_is_sent_reaches_the_inner_one(fares in vec(1_u32..100, 1..20)) {
        let mut shifts = Meter::new().and_then(|_| Meter::new());
        shifts.resume(None);
        for &fare in &fares {
            shifts.resume(Some(fare));
        }
        // The first shift ends, and the same `None` primes the second.
        prop_assert_eq!(shifts.resume(None), CoroutineState::Yielded(0));
        prop_assert_eq!(shifts.resume(Some(5)), CoroutineState::Yielded(5));
        let receipt = Receipt { rides: 1, total: 5 };
        prop_assert_eq!(shifts.resume(None), CoroutineState::Complete(receipt));
    }
}
