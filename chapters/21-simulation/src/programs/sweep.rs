//! A garage that says yes before its disk does: found by a sweep of seeds, and shrunk to the fewest faults.
//!
//! twin: none, asyncio has no simulated network
//! flag: --seed N  run this seed alone, and say what happens
//! flag: --sync B  0: the garage does not wait for its disk, 1: it does; else both are tried
//! flag: --seeds N  how many seeds (200)
//! flag: --from N  with --seeds: try these here, one after the other, which the sweep asks its processes for

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use chapter::{Args, BadInput};
use futures::AsyncWriteExt;
use indicatif::{ProgressBar, ProgressStyle};
use simulation::{
    Listener, Outcome, Planned, Simulation, Stream, Sweep, World, faults, shrink,
    try_seeds,
};
use taxi::net::StreamReader;
use trace::say;

// ANCHOR: garage
/// Counts rides: each is a byte in a file.
async fn garage<W: World>(world: W, sync: bool) -> Outcome {
    let listener = world.bind(80).await?;
    loop {
        let (reads, mut writes) = listener.accept().await?.into_split();
        // Whoever has called may be gone, and nobody would tell.
        let mut lines = StreamReader::new(reads);
        let asked = world.timeout(Duration::from_secs(2), lines.read_line());
        if let Ok(Ok(Some(line))) = asked.await {
            if line == "ride" {
                world.append("rides", b".").await?;
                if sync {
                    world.sync("rides").await?;
                }
            }
            let rides = world.read("rides").await.unwrap_or_default().len();
            // Whoever asked may be gone.
            _ = writes.write_all(format!("{rides}\n").as_bytes()).await;
        }
    }
}
// ANCHOR_END: garage

// ANCHOR: office
/// Asks, and asks again, until there is an answer: how many rides there are.
async fn ask<W: World>(world: &W, what: &str) -> usize {
    loop {
        let answer = world.timeout(Duration::from_secs(2), async {
            let (reads, mut writes) = world.connect("garage", 80).await?.into_split();
            writes.write_all(what.as_bytes()).await?;
            let line = StreamReader::new(reads).read_line().await;
            line.map_err(std::io::Error::other)
        });
        if let Ok(Ok(Some(line))) = answer.await {
            return line.parse().unwrap_or_default();
        }
        world.sleep(Duration::from_millis(500)).await;
    }
}

/// Orders twenty rides, and then looks whether the garage knows of them.
async fn office<W: World>(world: W) -> Outcome {
    let answered = Rc::new(Cell::new(0));
    for _ in 0..20 {
        answered.set(ask(&world, "ride\n").await.max(answered.get()));
        world.sleep(Duration::from_secs(1)).await;
    }
    match ask(&world, "how many?\n").await {
        rides if rides < answered.get() => {
            Err(format!("{rides} rides are left of {}", answered.get()).into())
        }
        _ => Ok(()),
    }
}
// ANCHOR_END: office

// ANCHOR: night
fn night(seed: u64, sync: bool, plan: &[Planned]) -> Result<(), String> {
    let mut simulation = Simulation::new(seed);
    simulation.host("garage", move |world| garage(world, sync));
    simulation.client("office", office);
    simulation.plan(plan);
    simulation.run().map_err(|failure| failure.to_string())
}

fn plan(seed: u64) -> Vec<Planned> {
    faults(seed, &["garage", "office"], 8, Duration::from_secs(20))
        .into_iter()
        // The office does not forget what it was told.
        .filter(|it| !it.fault.to_string().starts_with("office"))
        .collect()
}

fn tell(seed: u64, sync: bool) {
    let plan = plan(seed);
    match night(seed, sync, &plan) {
        Ok(()) => say!("seed {seed}: ok, with {} faults", plan.len()),
        Err(why) => {
            say!("seed {seed}: {why}");
            say!("{} faults were planned; these are enough:", plan.len());
            for planned in shrink(&plan, |some| night(seed, sync, some).is_err()) {
                say!("  {planned}");
            }
        }
    }
}
// ANCHOR_END: night

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    let seed = args.number("seed", 0..=u64::MAX)?;
    let sync = args.number("sync", 0..=1_u8)?;
    let both = [0, 1]
        .into_iter()
        .filter(|it| sync.is_none_or(|only| only == *it));
    let seeds = args.number("seeds", 1..=100_000)?.unwrap_or(200);
    for sync in both.map(|it| it == 1) {
        if let Some(seed) = seed {
            tell(seed, sync);
        } else if let Some(from) = args.number("from", 0..=u64::MAX)? {
            try_seeds(from, seeds, |seed| night(seed, sync, &plan(seed)));
        } else {
            sweep(sync, seeds).map_err(|error| BadInput::new(error.to_string()))?;
        }
    }
    Ok(())
}

fn sweep(sync: bool, seeds: u64) -> std::io::Result<()> {
    let style = ProgressStyle::with_template("{bar:30} {pos} of {len} seeds, {elapsed}");
    let bar = ProgressBar::new(seeds).with_style(style.expect("it is well formed"));
    let flag = if sync { "1" } else { "0" };
    let swept = Sweep::new(&["sweep", "--sync", flag], 0..seeds)
        .run(|tried| bar.set_position(tried));
    bar.finish_and_clear();
    let swept = swept?;
    say!("{}", if sync { "with sync:" } else { "without sync:" });
    match swept.failed.first_key_value() {
        Some((&seed, _)) => tell(seed, sync),
        None if swept.late => {
            say!("the time is over after {} seeds: no failure", swept.tried)
        }
        None => say!("{} seeds: no failure", swept.tried),
    }
    Ok(())
}
// ANCHOR_END: main
