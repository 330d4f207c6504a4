//! Ten taxis that are all due at the same moment: first come, first resumed.
//!
//! twin: own, asyncio's own timers compare by time alone, so ties come out as the heap happens to lie
//! clock: virtual

use chapter::{Args, BadInput};
use event_loop::{Clock, Time, TimeHeap};
use trace::say;

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    let mut clock = Clock::real_if(args.real());
    let mut heap = TimeHeap::new();
    for taxi in 0..10 {
        heap.push(Time::from_secs(1), taxi);
    }
    let mut order = Vec::new();
    while let Some((deadline, taxi)) = heap.pop() {
        clock.wait_until(deadline);
        order.push(taxi.to_string());
    }
    say!("due at 1 s, resumed in this order: {}", order.join(" "));
    Ok(())
}
// ANCHOR_END: main
