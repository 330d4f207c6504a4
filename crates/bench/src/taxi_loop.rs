//! Chapter 2's event loop beside a bare `BinaryHeap`: the same taxis, the same events.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use event_loop::{Clock, EventLoop, Fleet, Taxi, Time};
use generators::{Coroutine, CoroutineState};

use crate::rounds::Row;

/// The rows of this file.
pub fn rows() -> Vec<Row> {
    let row = |name, taxis| Row {
        name,
        beside: "a bare BinaryHeap loop",
        events: events(taxis),
        goal: Some(1.3),
        ours: Box::new(move || our_loop(taxis)),
        theirs: Box::new(move || {
            let night = bare(taxis);
            assert_eq!(night.events, events(taxis), "as many as are counted on");
            night.end
        }),
    };
    vec![
        row("taxi loop, 10k taxis", 10_000),
        row("taxi loop, 1M taxis", 1_000_000),
    ]
}

/// How many events the night of so many taxis has. Known without driving: no row is prepared that nobody wants.
pub fn events(taxis: u32) -> u64 {
    // Out, a drive to each of one to four fares and with it, and home.
    let of_taxi = |number| 1 + 2 * u64::from(1 + number % 4) + 1;
    (0..taxis).map(of_taxi).sum()
}

fn fleet(taxis: u32) -> impl Iterator<Item = Taxi> {
    Fleet::of(taxis, 0).taxis()
}

fn our_loop(taxis: u32) -> u64 {
    let mut event_loop = EventLoop::new(Clock::virtual_time());
    for taxi in fleet(taxis) {
        event_loop.start(taxi);
    }
    event_loop.run().as_nanos()
}

struct Night {
    end: u64,
    events: u64,
}

/// No slots, no cancelling, no clock: the least that keeps time order and ties.
fn bare(taxis: u32) -> Night {
    let mut taxis: Vec<Taxi> = fleet(taxis).collect();
    let mut heap = BinaryHeap::new();
    let mut sequence = 0_u64;
    for (index, taxi) in taxis.iter_mut().enumerate() {
        if let CoroutineState::Yielded(deadline) = taxi.resume(Time::ZERO) {
            heap.push(Reverse((deadline, sequence, index as u32)));
            sequence += 1;
        }
    }
    let mut night = Night { end: 0, events: 0 };
    while let Some(Reverse((now, _, index))) = heap.pop() {
        night.events += 1;
        night.end = now.as_nanos();
        if let CoroutineState::Yielded(deadline) = taxis[index as usize].resume(now) {
            heap.push(Reverse((deadline, sequence, index)));
            sequence += 1;
        }
    }
    night
}
