//! Timers on a heap and on a wheel: what does each do for one of them?
//!
//! twin: none, Python does not say how often its heap compares
//! flag: --timers N  how many at a time

use std::cell::Cell;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::{Dice, Time};
use performance::Wheel;
use trace::say;

// ANCHOR: counted
thread_local! {
    static COMPARED: Cell<u64> = const { Cell::new(0) };
}

/// Chapter 2's key, which counts how often it is compared.
#[derive(PartialEq, Eq)]
struct Key(Time, u32);

impl Ord for Key {
    fn cmp(&self, other: &Key) -> Ordering {
        COMPARED.set(COMPARED.get() + 1);
        (self.0, self.1).cmp(&(other.0, other.1))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Key) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
// ANCHOR_END: counted

const TICK: Duration = Duration::from_millis(1);

// ANCHOR: crowd
/// All are set, then all fire. Comparisons and places for each, and how late the
/// latest was.
fn crowd(deadlines: &[Time]) -> (f64, f64, Duration) {
    let timers = deadlines.len() as f64;
    COMPARED.set(0);
    let mut heap = BinaryHeap::new();
    for (deadline, order) in deadlines.iter().zip(0..) {
        heap.push(Reverse(Key(*deadline, order)));
    }
    while heap.pop().is_some() {}
    let mut wheel = Wheel::new(TICK);
    for deadline in deadlines {
        wheel.push(*deadline, *deadline);
    }
    let mut late = Duration::ZERO;
    while let Some(now) = wheel.next_look() {
        wheel.advance(now, |deadline| late = late.max(now - deadline));
    }
    (
        COMPARED.get() as f64 / timers,
        wheel.put_down() as f64 / timers,
        late,
    )
}
// ANCHOR_END: crowd

// ANCHOR: limits
/// Each is set for 30 s from now, a millisecond after the one before: a limit for a
/// request. None fires.
fn limits(count: u32) -> (f64, f64) {
    COMPARED.set(0);
    let mut heap = BinaryHeap::new();
    let mut wheel = Wheel::new(TICK);
    for number in 0..count {
        let now = Time::ZERO.saturating_add(number * TICK);
        let deadline = now.saturating_add(Duration::from_secs(30));
        heap.push(Reverse(Key(deadline, number)));
        wheel.push(deadline, number);
    }
    let each = f64::from(count);
    (COMPARED.get() as f64 / each, wheel.put_down() as f64 / each)
}
// ANCHOR_END: limits

pub fn run(args: &Args) -> Result<(), BadInput> {
    let most = args.number("timers", 1..=1_000_000_u32)?.unwrap_or(100_000);
    say!("                         heap: comparisons  wheel: places");
    for count in [1000, most] {
        let mut dice = Dice::new(7);
        let hour = 3_600_000_000_000;
        let own: Vec<Time> = (0..count)
            .map(|_| Time::from_nanos(dice.up_to(hour)))
            .collect();
        let (heap, wheel, late) = crowd(&own);
        say!("{count:6} at any instant    {heap:17.1}  {wheel:13.1}");
        say!("       (on the wheel up to {late:.1?} late)");
        let (heap, wheel) = limits(count);
        say!("{count:6} limits, none fires{heap:17.1}  {wheel:13.1}");
    }
    Ok(())
}
