//! The night that the sweep has found, with the faults that are enough: a taxi is promised, and forgotten.
//!
//! twin: none, asyncio has no simulated network

use std::time::Duration;

use chapter::{Args, BadInput};
use simulation::dispatch::Night;
use simulation::{Fault, Planned};
use taxi::Time;
use trace::say;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let plan = vec![
        cut_off(753, 598, &["desk-1", "Ann", "Cora"]),
        cut_off(1_351, 609, &["desk-3", "Cora"]),
        cut_off(1_965, 494, &["desk-1", "Ann"]),
        cut_off(2_480, 711, &["desk-3", "Ben"]),
        cut_off(3_714, 366, &["desk-3", "Ann", "Cora"]),
        cut_off(4_080, 595, &["desk-2", "Ann", "Ben"]),
        cut_off(4_675, 320, &["desk-1", "Ben", "Cora"]),
    ];
    let night = Night {
        plan,
        ..Night::new(2).planted()
    };
    trace::network_between(4_050, 5_045);
    let morning = night.run();
    say!("{}", morning.problem().unwrap_or_default());
    Ok(())
}
// ANCHOR_END: main

/// From this millisecond on, for so many, this side hears nothing from the others.
fn cut_off(at: u64, lasts: u64, side: &[&str]) -> Planned {
    Planned {
        at: Time::ZERO.saturating_add(Duration::from_millis(at)),
        lasts: Duration::from_millis(lasts),
        fault: Fault::Partition(side.iter().map(ToString::to_string).collect()),
    }
}
