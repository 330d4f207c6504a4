//! The contract that every hand-written future is run through.

use std::future::pending;

use timers::{Elapsed, interval, now, sleep, sleep_until, timeout};
use wakers::phone;
use workbook_tests::harness::Contract;

use crate::{ByHand, SECOND, secs};

#[test]
fn a_sleep_keeps_the_contract_of_futures() {
    let (by_hand, _current) = ByHand::enter();
    Contract::new(move || {
        let by_hand = by_hand.clone();
        (sleep(SECOND), move || _ = by_hand.jump())
    })
    .from_first_poll()
    .gives(())
    .check();
}

#[test]
fn a_sleep_until_a_moment_keeps_the_contract_of_futures() {
    let (by_hand, _current) = ByHand::enter();
    Contract::new(move || {
        let by_hand = by_hand.clone();
        let deadline = now().saturating_add(SECOND);
        (sleep_until(deadline), move || _ = by_hand.jump())
    })
    .from_first_poll()
    .check();
}

#[test]
fn a_sleep_of_zero_keeps_the_contract_of_futures() {
    let (_by_hand, _current) = ByHand::enter();
    Contract::new(|| (sleep(secs(0)), || ())).gives(()).check();
}

#[test]
fn a_timeout_that_elapses_keeps_the_contract_of_futures() {
    let (by_hand, _current) = ByHand::enter();
    Contract::new(move || {
        let by_hand = by_hand.clone();
        let never = pending::<()>();
        (timeout(SECOND, never), move || _ = by_hand.jump())
    })
    .from_first_poll()
    .gives(Err(Elapsed))
    .check();
}

#[test]
fn a_timeout_whose_value_comes_keeps_the_contract_of_futures() {
    let (_by_hand, _current) = ByHand::enter();
    Contract::new(|| {
        let (caller, phone) = phone();
        (timeout(SECOND, phone), move || caller.say(7))
    })
    .gives(Ok(Some(7)))
    .check();
}

#[test]
fn a_timeout_whose_value_comes_in_time_keeps_the_contract_of_futures() {
    let (by_hand, _current) = ByHand::enter();
    Contract::new(move || {
        let by_hand = by_hand.clone();
        let inner = sleep(SECOND);
        (timeout(SECOND, inner), move || _ = by_hand.jump())
    })
    .from_first_poll()
    .gives(Ok(()))
    .check();
}

#[test]
fn a_timeout_that_is_moved_keeps_the_contract_of_futures() {
    let (_by_hand, _current) = ByHand::enter();
    Contract::new(|| {
        let mut late = timeout(SECOND, pending::<()>());
        let limit = late.deadline();
        (late, move || limit.move_to(now()))
    })
    .gives(Err(Elapsed))
    .check();
}

#[test]
fn a_tick_keeps_the_contract_of_futures() {
    let (by_hand, _current) = ByHand::enter();
    Contract::new(move || {
        let by_hand = by_hand.clone();
        let second_tick = async {
            let mut every_second = interval(SECOND);
            let first = every_second.tick().await;
            every_second.tick().await - first
        };
        (second_tick, move || _ = by_hand.jump())
    })
    .from_first_poll()
    .gives(SECOND)
    .check();
}
