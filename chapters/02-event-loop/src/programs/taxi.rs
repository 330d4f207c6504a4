//! The taxi simulation: three taxis and one clock, or a million.
//!
//! Three taxis tell what they do; so do up to twenty. More of them only count.
//!
//! rows: P19
//! twin: same
//! clock: virtual
//! flag: --taxis N  how many taxis, instead of the three
//! flag: --seed S  where the random waits start (1)
//! flag: --trips T  how many trips each makes (A 4, B 3, C 2; in a fleet 1 to 4)
//! flag: --delay D  a fleet leaves within this many seconds (60)

use chapter::{Args, BadInput};
use event_loop::{Clock, EventLoop, Fleet};
use trace::say;

// ANCHOR: run
pub fn run(args: &Args) -> Result<(), BadInput> {
    let mut event_loop = EventLoop::new(Clock::real_if(args.real()));
    for taxi in Fleet::from_args(args)?.taxis() {
        event_loop.start(taxi);
    }
    let total = event_loop.run();
    say!(
        "total: {} s, as long as the last taxi was out",
        total.as_secs()
    );
    Ok(())
}
// ANCHOR_END: run
