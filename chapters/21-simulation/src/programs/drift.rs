//! Three clocks that do not agree about ten seconds.
//!
//! twin: none, asyncio has no simulated network

use std::time::Duration;

use chapter::{Args, BadInput};
use simulation::{Outcome, Simulation, World};
use trace::say;

// ANCHOR: main
async fn wait<W: World>(world: W) -> Outcome {
    world.sleep(Duration::from_secs(10)).await;
    let shown = world.now().as_nanos() as f64 / 1e9;
    // taxi's clock is that of the simulation, which no real host can see.
    let really = taxi::time::now().as_nanos() as f64 / 1e9;
    say!(
        "{:5}  shows {shown:.2} s when it is {really:.2} s",
        world.name()
    );
    Ok(())
}

pub fn run(_args: &Args) -> Result<(), BadInput> {
    let mut simulation = Simulation::new(1);
    for (name, ppm) in [("slow", -50_000), ("right", 0), ("fast", 50_000)] {
        simulation.client(name, wait);
        simulation.control().drift(name, ppm);
    }
    if let Err(failure) = simulation.run() {
        say!("{failure}");
    }
    Ok(())
}
// ANCHOR_END: main
