//! The taxi simulation on tasks: chapter 2's night, line for line, or a fleet.
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
use timers::{night, now};
use trace::say;

pub fn run(args: &Args) -> Result<(), BadInput> {
    let clock = Clock::real_if(args.real());
    // ANCHOR: run
    let fleet = Fleet::from_args(args)?;
    let total = tasks::run(clock, async {
        let start = |taxi| tasks::spawn(night(taxi));
        let taxis: Vec<_> = fleet.taxis().map(start).collect();
        for taxi in taxis {
            taxi.await;
        }
        now()
    });
    // ANCHOR_END: run
    say!(
        "total: {} s, as long as the last taxi was out",
        total.as_secs()
    );
    Ok(())
}
