//! Every call gets a limit of thirty seconds and is answered before: what is left of the limits?
//!
//! twin: same
//! clock: virtual
//! flag: --calls N  how many calls, one after another (1000)

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use polling::yield_now;
use timers::{Timers, call_later, timeout};
use trace::say;
use wakers::{ThreadPark, block_on_with};

// ANCHOR: main
/// Each call sets a timer, is answered in its second poll, and drops the timer.
async fn calls(count: u64) -> u64 {
    // Due before all of theirs, so none of those ever comes to the top of the heap.
    let closing_time = call_later(Duration::from_secs(20), || say!("closed"));
    let mut answered = 0;
    for _ in 0..count {
        let call = timeout(Duration::from_secs(30), yield_now());
        answered += u64::from(call.await.is_ok());
    }
    closing_time.cancel();
    answered
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    let count = args.number("calls", 0..=10_000_000)?.unwrap_or(1000);
    let clock = Clock::real_if(args.real());
    let mut timers = Timers::new(ThreadPark::new(), clock);
    let answered = block_on_with(&mut timers, calls(count));
    say!("{answered} calls answered, {} timers left", timers.pending());
    Ok(())
}
// ANCHOR_END: main
