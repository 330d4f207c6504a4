//! Chapter 2's loop and clock.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use event_loop::{Clock, EventLoop, Time};
use generators::{Coroutine, CoroutineState};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::sleeper::{Log, Sleeper, run};

/// The same night without a heap: look at everybody, take the earliest, of equals the one that asked first.
fn model(nights: &[Vec<u64>]) -> Vec<(u64, usize, usize)> {
    let mut log: Vec<_> = (0..nights.len()).map(|number| (0, number, 0)).collect();
    // Who is due when, in the order they asked.
    let mut asked: Vec<_> = (0..nights.len())
        .filter(|&number| !nights[number].is_empty())
        .map(|number| (nights[number][0], number, 1))
        .collect();
    while let Some(next) = (0..asked.len()).min_by_key(|&i| asked[i].0) {
        let (now, number, resumes) = asked.remove(next);
        log.push((now, number, resumes));
        if let Some(wait) = nights[number].get(resumes) {
            asked.push((now + wait, number, resumes + 1));
        }
    }
    log
}

proptest! {
    #![proptest_config(crate::cases(1000))]

    #[test]
    fn the_order_is_a_sort_of_all_events(nights in vec(vec(0_u64..1_000_000, 0..8), 0..12)) {
        let mut events: Vec<(u64, usize, usize)> = Vec::new();
        for (number, waits) in nights.iter().enumerate() {
            let moments = waits.iter().scan(0, |now, wait| { *now += wait; Some(*now) });
            events.push((0, number, 0));
            events.extend(moments.enumerate().map(|(i, now)| (now, number, i + 1)));
        }
        let (log, end) = run(&nights);
        let by_time = |event: &(u64, usize, usize)| event.0;
        prop_assert!(log.is_sorted_by_key(by_time));
        prop_assert_eq!(end.as_nanos(), events.iter().map(by_time).max().unwrap_or(0));
        let mut sorted = log;
        sorted.sort();
        events.sort();
        prop_assert_eq!(sorted, events);
    }

    #[test]
    fn ties_are_first_come_first_resumed(nights in vec(vec(0_u64..3, 0..8), 0..12)) {
        let (log, _) = run(&nights);
        prop_assert_eq!(log, model(&nights));
    }
}

/// Asks for moments from a list, whatever the time is.
struct Timetable {
    name: char,
    moments: std::vec::IntoIter<u64>,
    log: Rc<RefCell<String>>,
}

impl Coroutine<Time> for Timetable {
    type Yield = Time;
    type Return = ();

    fn resume(&mut self, now: Time) -> CoroutineState<Time, ()> {
        *self.log.borrow_mut() += &format!("{}{} ", self.name, now.as_secs());
        match self.moments.next() {
            Some(second) => CoroutineState::Yielded(Time::from_secs(second)),
            None => CoroutineState::Complete(()),
        }
    }
}

#[test]
fn a_moment_in_the_past_waits_its_turn_in_the_present() {
    let log = Rc::default();
    let mut event_loop = EventLoop::new(Clock::virtual_time());
    for (name, moments) in [('A', vec![5, 2, 1]), ('B', vec![5, 5])] {
        let (moments, log) = (moments.into_iter(), Rc::clone(&log));
        event_loop.start(Timetable { name, moments, log });
    }
    assert_eq!(event_loop.run(), Time::from_secs(5));
    assert_eq!(*log.borrow(), "A0 B0 A5 B5 A5 B5 A5 ");
}

#[test]
fn a_moment_in_the_past_waits_its_turn_also_at_the_start() {
    let log = Rc::default();
    let mut clock = Clock::virtual_time();
    clock.wait_until(Time::from_secs(10));
    let mut event_loop = EventLoop::new(clock);
    for (name, moment) in [('A', 10), ('B', 5)] {
        let (moments, log) = (vec![moment].into_iter(), Rc::clone(&log));
        event_loop.start(Timetable { name, moments, log });
    }
    event_loop.run();
    assert_eq!(*log.borrow(), "A10 B10 A10 B10 ");
}

#[test]
fn a_coroutine_that_ends_while_it_is_primed_gives_its_result() {
    let mut event_loop = EventLoop::new(Clock::virtual_time());
    let sleeper = Sleeper {
        number: 7,
        waits: vec![],
        resumes: 0,
        log: Log::default(),
    };
    assert_eq!(event_loop.start(sleeper), Some(7));
    assert_eq!(event_loop.run(), Time::ZERO);
}

#[test]
fn a_wait_past_the_end_of_the_clock_ends_there() {
    let (log, end) = run(&[vec![u64::MAX, 5]]);
    assert_eq!(log, [(0, 0, 0), (u64::MAX, 0, 1), (u64::MAX, 0, 2)]);
    assert_eq!(end, Time::MAX);
}

#[test]
fn the_virtual_clock_never_goes_back() {
    let mut clock = Clock::virtual_time();
    clock.wait_until(Time::from_secs(5));
    clock.wait_until(Time::from_secs(2));
    assert_eq!(clock.now(), Time::from_secs(5));
}

#[test]
fn the_wall_clock_is_never_early() {
    let mut clock = Clock::real();
    for _ in 0..20 {
        let deadline = clock.now().saturating_add(Duration::from_micros(300));
        clock.wait_until(deadline);
        assert!(clock.now() >= deadline);
    }
}
