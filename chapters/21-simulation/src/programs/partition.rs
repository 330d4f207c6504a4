//! A network in two parts: what each side sees of it.
//!
//! twin: none, asyncio has no simulated network

use std::time::Duration;

use chapter::{Args, BadInput};
use futures::{AsyncReadExt, AsyncWriteExt};
use simulation::{Fault, Listener, Outcome, Planned, Simulation, World};
use taxi::Time;
use trace::say;

// ANCHOR: hosts
async fn garage<W: World>(world: W) -> Outcome {
    let mut stream = world.bind(80).await?.accept().await?;
    let mut byte = [0];
    while stream.read(&mut byte).await? > 0 {
        say!("{:6.3} s  garage: {}", seconds(&world), byte[0]);
    }
    Ok(())
}

async fn office<W: World>(world: W) -> Outcome {
    let mut stream = world.connect("garage", 80).await?;
    for number in 1..=6 {
        stream.write_all(&[number]).await?;
        say!("{:6.3} s  office: {number} is on its way", seconds(&world));
        world.sleep(Duration::from_secs(1)).await;
    }
    world.sleep(Duration::from_secs(60)).await;
    Ok(())
}
// ANCHOR_END: hosts

fn seconds(world: &impl World) -> f64 {
    world.now().as_nanos() as f64 / 1e9
}

// ANCHOR: main
pub fn run(_args: &Args) -> Result<(), BadInput> {
    let mut simulation = Simulation::new(1);
    simulation.host("garage", garage);
    simulation.client("office", office);
    let cut_off = Planned {
        at: Time::from_secs(2),
        lasts: Duration::from_secs(3),
        fault: Fault::Partition(vec!["garage".to_string()]),
    };
    say!("{cut_off}");
    simulation.plan(&[cut_off]);
    if let Err(failure) = simulation.run() {
        say!("{failure}");
    }
    Ok(())
}
// ANCHOR_END: main
