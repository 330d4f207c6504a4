//! A stream over a link that loses a third of its packets: all arrives, in order, some of it late.
//!
//! twin: none, asyncio has no simulated network
//! flag: --seed S  where all chance begins

use std::time::Duration;

use chapter::{Args, BadInput};
use futures::AsyncWriteExt;
use simulation::{Link, Listener, Outcome, Simulation, World};
use taxi::net::StreamReader;
use trace::say;

// ANCHOR: hosts
async fn garage<W: World>(world: W) -> Outcome {
    let stream = world.bind(80).await?.accept().await?;
    let mut lines = StreamReader::new(stream);
    while let Some(line) = lines.read_line().await? {
        say!("{:7.3} s  garage: {line}", seconds(&world));
    }
    Ok(())
}

async fn office<W: World>(world: W) -> Outcome {
    let mut stream = world.connect("garage", 80).await?;
    for number in 1..=6 {
        let line = format!("order {number}, sent at {:.3} s\n", seconds(&world));
        stream.write_all(line.as_bytes()).await?;
        world.sleep(Duration::from_millis(100)).await;
    }
    stream.close().await?;
    world.sleep(Duration::from_secs(60)).await;
    Ok(())
}
// ANCHOR_END: hosts

fn seconds(world: &impl World) -> f64 {
    world.now().as_nanos() as f64 / 1e9
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    let seed = args.number("seed", 0..=u64::MAX)?.unwrap_or(7);
    let mut simulation = Simulation::new(seed);
    simulation.links(Link::new(Duration::from_millis(10)).loss(0.33));
    simulation.host("garage", garage);
    simulation.client("office", office);
    if let Err(failure) = simulation.run() {
        say!("seed {seed}: {failure}");
    }
    Ok(())
}
