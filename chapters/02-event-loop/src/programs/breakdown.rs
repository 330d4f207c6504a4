//! A taxi breaks down: its next event is taken out of the middle of the heap.
//!
//! twin: same
//! clock: virtual

use chapter::{Args, BadInput};
use event_loop::{Clock, Time, TimeHeap};
use trace::say;

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    let mut clock = Clock::real_if(args.real());
    let mut events = TimeHeap::new();
    events.push(Time::from_secs(1), "taxi A picks up a passenger");
    let pick_up = events.push(Time::from_secs(3), "taxi B picks up a passenger");
    events.push(Time::from_secs(2), "taxi B breaks down");
    events.push(Time::from_secs(4), "taxi A drops off a passenger");

    while let Some((deadline, what)) = events.pop() {
        clock.wait_until(deadline);
        say!("{} s  {what}", clock.now().as_secs());
        if what == "taxi B breaks down" {
            let cancelled = events.cancel(pick_up);
            say!("     cancelled: {}", cancelled.unwrap_or("nothing"));
            let again = events.cancel(pick_up);
            say!("     cancelled again: {}", again.unwrap_or("nothing"));
        }
    }
    Ok(())
}
// ANCHOR_END: main
