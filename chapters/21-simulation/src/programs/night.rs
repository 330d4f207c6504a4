//! One night of the dispatch: three replicas, three customers, and whatever goes wrong by that seed.
//!
//! twin: none, asyncio has no simulated network
//! flag: --seed S  where all chance begins
//! flag: --planted B  1: replicas vote for whose log is longer, not for whose is later

use chapter::{Args, BadInput};
use simulation::dispatch::Night;
use trace::say;

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    let seed = args.number("seed", 0..=u64::MAX)?.unwrap_or(7);
    let mut night = Night::new(seed);
    if args.number("planted", 0..=1_u64)? == Some(1) {
        night = night.planted();
    }
    for planned in &night.plan {
        say!("{planned}");
    }
    let morning = night.run();
    for call in &morning.history {
        say!("{call}");
    }
    match morning.problem() {
        None => say!("seed {seed}: one desk would have answered so"),
        Some(problem) => say!("seed {seed}: {problem}"),
    }
    Ok(())
}
// ANCHOR_END: main
