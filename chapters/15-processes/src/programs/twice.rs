//! The first Ctrl-C asks the main coroutine to end, the second waits for nobody.
//!
//! rows: P09
//! twin: same
//! clock: virtual
//! needs: unix

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use processes::{Interrupted, SIGINT, raise};
use task_cell::{Cancelled, catch_cancel};
use timers::{call_later, now, sleep};
use trace::say;

// ANCHOR: main
fn press_at(second: u64) {
    let press = || {
        say!("{} s  ^C", now().as_secs());
        raise(SIGINT).unwrap_or_default();
    };
    call_later(Duration::from_secs(second), press);
}

/// Drives for an hour, and cleans the taxi for so long if it is asked to end.
async fn shift(cleaning: u64) -> &'static str {
    let driven = catch_cancel(sleep(Duration::from_secs(3600))).await;
    if driven.is_ok() {
        return "an hour's fares";
    }
    say!(
        "{} s  called off; {cleaning} s of cleaning",
        now().as_secs()
    );
    sleep(Duration::from_secs(cleaning)).await;
    say!("{} s  clean", now().as_secs());
    Cancelled::resume().await
}

async fn once() -> &'static str {
    press_at(2);
    shift(3).await
}

async fn twice() -> &'static str {
    press_at(2);
    press_at(4);
    shift(3).await
}

fn tell(ended: Result<&str, Interrupted>) {
    match ended {
        Ok(fares) => say!("it ended with {fares}"),
        Err(error) => say!("{error}"),
    }
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    let clock = || Clock::real_if(args.real());
    let failed = |error: std::io::Error| BadInput::new(error.to_string());
    tell(processes::run(clock(), once()).map_err(failed)?);
    tell(processes::run(clock(), twice()).map_err(failed)?);
    Ok(())
}
// ANCHOR_END: main
