//! Three items, each a second after the one before.
//!
//! rows: P18
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use streams::{StreamExt, stream};
use timers::{now, sleep};
use trace::say;

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        let mut items = stream(async |mut yields| {
            for i in 0..3 {
                sleep(Duration::from_secs(1)).await;
                yields.send(i).await;
            }
        });
        while let Some(item) = items.next().await {
            say!("{} s  {item}", now().as_secs());
        }
        say!("{} s  over", now().as_secs());
    });
    Ok(())
}
// ANCHOR_END: main
