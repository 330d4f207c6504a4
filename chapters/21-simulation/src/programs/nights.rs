//! Many nights, with the planted bug, until one shows it; then the fewest faults with which that one still does.
//!
//! twin: none, asyncio has no simulated network
//! flag: --planted B  0: without the bug
//! flag: --seeds N  so many nights, 20 unless it is said
//! flag: --from S  begin with that seed, in this process, and go on when one fails

use chapter::{Args, BadInput};
use indicatif::ProgressBar;
use simulation::dispatch::Night;
use simulation::{Sweep, shrink, try_seeds};
use trace::say;

/// The night of that seed, with the planted bug or without it.
fn night(seed: u64, planted: bool) -> Night {
    let night = Night::new(seed);
    if planted { night.planted() } else { night }
}

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    let planted = args.number("planted", 0..=1_u64)? != Some(0);
    let seeds = args.number("seeds", 1..=1_000_000_u64)?.unwrap_or(20);
    if let Some(from) = args.number("from", 0..=u64::MAX)? {
        try_seeds(from, seeds, |seed| {
            night(seed, planted).run().problem().map_or(Ok(()), Err)
        });
        return Ok(());
    }
    let bar = ProgressBar::new(seeds);
    let flag = u8::from(planted).to_string();
    let sweep = Sweep::new(&["nights", "--planted", &flag], 0..seeds);
    let swept = sweep.run(|tried| bar.set_position(tried));
    bar.finish_and_clear();
    let swept = swept.map_err(|error| BadInput::new(error.to_string()))?;
    match swept.failed.first_key_value() {
        Some((seed, why)) => explain(*seed, why, planted),
        None if swept.late => say!("{} nights, and no time for more", swept.tried),
        None => say!(
            "{} nights: one desk would have answered so in each",
            swept.tried
        ),
    }
    Ok(())
}
// ANCHOR_END: main

// ANCHOR: explain
fn explain(seed: u64, why: &str, planted: bool) {
    say!("seed {seed}: {why}");
    let whole = night(seed, planted);
    let fewest = shrink(&whole.plan, |plan| {
        let plan = plan.to_vec();
        Night {
            plan,
            ..whole.clone()
        }
        .run()
        .problem()
        .is_some()
    });
    say!("of {} faults, these are enough:", whole.plan.len());
    for planned in fewest {
        say!("  {planned}");
    }
}
// ANCHOR_END: explain
