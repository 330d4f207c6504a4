//! Several contexts in one statement: entered in order, left in reverse, also if one cannot be entered.
//!
//! rows: P16
//! twin: same
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use streams::{Context, Ended, with};
use timers::{now, sleep};
use trace::say;

// ANCHOR: gate
struct Gate {
    name: &'static str,
    opens: bool,
}

impl Context<String> for Gate {
    type Value = &'static str;

    async fn enter(self) -> Result<&'static str, String> {
        sleep(Duration::from_secs(1)).await;
        if !self.opens {
            return Err(format!("the {} is stuck", self.name));
        }
        say!("{} s  the {} is open", now().as_secs(), self.name);
        Ok(self.name)
    }

    async fn exit(name: &'static str, _: Ended<'_, String>) -> Result<(), String> {
        sleep(Duration::from_secs(1)).await;
        say!("{} s  the {name} is shut", now().as_secs());
        Ok(())
    }
}

// ANCHOR_END: gate

// ANCHOR: main
async fn attempt(first: Gate, second: Gate) {
    let outcome = with((first, second), async |(one, other)| {
        say!("{} s  through {one} and {other}", now().as_secs());
        Ok(())
    });
    if let Err(error) = outcome.await {
        say!("{} s  {error}", now().as_secs());
    }
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    task_cell::run(Clock::real_if(args.real()), async {
        trace::name(format_args!("main"));
        for yard_opens in [true, false] {
            let garage = Gate {
                name: "garage",
                opens: true,
            };
            let yard = Gate {
                name: "yard",
                opens: yard_opens,
            };
            attempt(garage, yard).await;
        }
    });
    Ok(())
}
