//! Who only reads never learns that the other side has lost its power.

use std::time::Duration;

use chapter::{Args, BadInput};
use futures::AsyncWriteExt;
use simulation::{Listener, Outcome, Simulation, World};
use taxi::net::StreamReader;
use trace::say;

// ANCHOR: main
async fn garage<W: World>(world: W) -> Outcome {
    let mut stream = world.bind(80).await?.accept().await?;
    stream.write_all(b"on its way\n").await?;
    world.sleep(Duration::from_secs(3600)).await;
    Ok(())
}

async fn office<W: World>(world: W) -> Outcome {
    let mut lines = StreamReader::new(world.connect("garage", 80).await?);
    while let Some(line) = lines.read_line().await? {
        say!("{} s  office: a taxi is {line}", world.now().as_secs());
    }
    Ok(())
}

pub fn run(_args: &Args) -> Result<(), BadInput> {
    let mut simulation = Simulation::new(1);
    simulation.host("garage", garage);
    simulation.client("office", office);
    simulation
        .run_for(Duration::from_secs(1))
        .expect("nothing has gone wrong yet");
    simulation.control().crash("garage");
    if let Err(failure) = simulation.run() {
        say!("{} s  {failure}", simulation.now().as_secs());
    }
    Ok(())
}
// ANCHOR_END: main
