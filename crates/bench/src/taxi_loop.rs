//! Chapter 2's event loop beside a bare `BinaryHeap`: the same taxis, the same events.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use event_loop::{Clock, EventLoop, Fleet, Taxi, Time};
use generators::{Coroutine, CoroutineState};

use crate::row::{Side, Work};

/// The rows of this file.
pub fn works() -> Vec<Work> {
    let work = |name, taxis, counted| Work {
        counted,
        events,
        ..Work::new(
            name,
            taxis,
            vec![Side::new("ours", our_loop), Side::new("bare heap", bare)],
        )
    };
    vec![
        work("taxi-loop-10k", 10_000, 2_000),
        work("taxi-loop-1M", 1_000_000, 0),
    ]
}

/// How many events the night of so many taxis has. Known without driving: no row is prepared that nobody wants.
pub fn events(taxis: u64) -> u64 {
    // Out, a drive to each of one to four fares and with it, and home.
    let of_taxi = |number| 1 + 2 * (1 + number % 4) + 1;
    (0..taxis).map(of_taxi).sum()
}

fn fleet(taxis: u64) -> impl Iterator<Item = Taxi> {
    Fleet::of(taxis as u32, 0).taxis()
}

fn our_loop(taxis: u64) -> u64 {
    let mut event_loop = EventLoop::new(Clock::virtual_time());
    for taxi in fleet(taxis) {
        event_loop.start(taxi);
    }
    event_loop.run().as_nanos()
}

/// No slots, no cancelling, no clock: the least that keeps time order and ties.
fn bare(count: u64) -> u64 {
    let mut taxis: Vec<Taxi> = fleet(count).collect();
    let mut heap = BinaryHeap::new();
    let mut sequence = 0_u64;
    for (index, taxi) in taxis.iter_mut().enumerate() {
        if let CoroutineState::Yielded(deadline) = taxi.resume(Time::ZERO) {
            heap.push(Reverse((deadline, sequence, index as u32)));
            sequence += 1;
        }
    }
    let (mut end, mut handled) = (0, 0);
    while let Some(Reverse((now, _, index))) = heap.pop() {
        handled += 1;
        end = now.as_nanos();
        if let CoroutineState::Yielded(deadline) = taxis[index as usize].resume(now) {
            heap.push(Reverse((deadline, sequence, index)));
            sequence += 1;
        }
    }
    assert_eq!(handled, events(count), "as many as are counted on");
    end
}
