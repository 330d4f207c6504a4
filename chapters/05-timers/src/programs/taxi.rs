//! The taxi simulation on futures: chapter 2's night, line for line, or a million taxis.
//!
//! rows: P19
//! twin: same
//! clock: virtual
//! flag: --taxis N  how many taxis, instead of the three
//! flag: --seed S  where the random waits start (1)
//! flag: --trips T  how many trips each makes (A 4, B 3, C 2; in a fleet 1 to 4)
//! flag: --delay D  a fleet leaves within this many seconds (60)

use chapter::{Args, BadInput};
use event_loop::{Clock, Fleet};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use timers::{block_on, night, now};
use trace::say;

// ANCHOR: run
pub fn run(args: &Args) -> Result<(), BadInput> {
    let clock = Clock::real_if(args.real());
    let nights: FuturesUnordered<_> =
        Fleet::from_args(args)?.taxis().map(night).collect();
    let total = block_on(clock, async {
        nights.collect::<()>().await;
        now()
    });
    say!(
        "total: {} s, as long as the last taxi was out",
        total.as_secs()
    );
    Ok(())
}
// ANCHOR_END: run
