//! A wait in whole milliseconds, rounded down: the loop spins through the last one.

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::{Clock, Time};
use trace::say;

// ANCHOR: selector
/// Waits as an operating system does that counts in milliseconds. Each call takes ten
/// microseconds by itself, so that the count below is the same on every machine.
struct Selector {
    clock: Clock,
    calls: u32,
}

impl Selector {
    fn wait(&mut self, millis: u128) {
        self.calls += 1;
        let wait = Duration::from_millis(millis as u64) + Duration::from_micros(10);
        let later = self.clock.now().saturating_add(wait);
        self.clock.wait_until(later);
    }
}
// ANCHOR_END: selector

// ANCHOR: main
/// Waits until `deadline`, in waits that `round` makes of what is left.
fn wait_until(deadline: Time, round: fn(Duration) -> u128) -> Selector {
    let clock = Clock::virtual_time();
    let mut selector = Selector { clock, calls: 0 };
    while selector.clock.now() < deadline {
        let left = deadline - selector.clock.now();
        selector.wait(round(left));
    }
    selector
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let deadline = Time::from_nanos(2_900_000);
    let down = wait_until(deadline, |left| left.as_millis());
    say!("2.9 ms, rounded down: {:2} calls", down.calls);
    let up = wait_until(deadline, |left| left.as_nanos().div_ceil(1_000_000));
    let late = up.clock.now() - deadline;
    say!("2.9 ms, rounded up:   {:2} call, {late:?} late", up.calls);
    Ok(())
}
// ANCHOR_END: main
