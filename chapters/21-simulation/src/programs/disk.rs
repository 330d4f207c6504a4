//! What a disk has after a power failure.
//!
//! twin: none, asyncio has no simulated network

use std::time::Duration;

use chapter::{Args, BadInput};
use simulation::{Fault, Outcome, Planned, Simulation, World};
use taxi::Time;
use trace::say;

// ANCHOR: garage
async fn garage<W: World>(world: W) -> Outcome {
    if let Ok(rides) = world.read("rides").await {
        say!("  found: {}", String::from_utf8_lossy(&rides));
        return Ok(());
    }
    world.append("rides", b"Ann;").await?;
    world.sync("rides").await?;
    for customer in ["Ben;", "Cleo;", "Dora;"] {
        world.append("rides", customer.as_bytes()).await?;
    }
    let rides = world.read("rides").await?;
    say!("  written: {}", String::from_utf8_lossy(&rides));
    std::future::pending().await
}
// ANCHOR_END: garage

// ANCHOR: main
pub fn run(_args: &Args) -> Result<(), BadInput> {
    for seed in [1, 2, 4] {
        say!("seed {seed}");
        let mut simulation = Simulation::new(seed);
        simulation.client("garage", garage);
        simulation.plan(&[Planned {
            at: Time::from_secs(1),
            lasts: Duration::from_secs(1),
            fault: Fault::Crash("garage".to_string()),
        }]);
        if let Err(failure) = simulation.run() {
            say!("{failure}");
        }
    }
    Ok(())
}
// ANCHOR_END: main
