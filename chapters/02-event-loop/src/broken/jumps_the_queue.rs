//! A loop that takes a moment in the past as it is: whoever asks for the past is always first.

use chapter::{Args, BadInput};
use event_loop::{Clock, Time, TimeHeap};
use trace::say;

// ANCHOR: main
/// Taxi A asks for 0 s again and again. B is due at 5 s, and never gets there.
pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut clock = Clock::virtual_time();
    let mut heap = TimeHeap::new();
    heap.push(Time::from_secs(5), 'A');
    heap.push(Time::from_secs(5), 'B');
    for _ in 0..4 {
        if let Some((deadline, name)) = heap.pop() {
            clock.wait_until(deadline);
            say!("{} s  {name}", clock.now().as_secs());
            heap.push(Time::ZERO, name);
        }
    }
    say!("we gave up: B has waited since 5 s");
    Ok(())
}
// ANCHOR_END: main
