//! One line of a stream is lost on its way, and is sent again.
//!
//! twin: none, asyncio has no simulated network
//! flag: --seed S  where all chance begins

use std::time::Duration;

use chapter::{Args, BadInput};
use futures::AsyncWriteExt;
use simulation::{Link, Listener, Outcome, Simulation, Stream, World};
use taxi::net::StreamReader;
use trace::say;

// ANCHOR: hosts
async fn garage<W: World>(world: W) -> Outcome {
    let (reads, mut writes) = world.bind(80).await?.accept().await?.into_split();
    let mut lines = StreamReader::new(reads);
    while let Some(line) = lines.read_line().await? {
        say!("{line}");
        writes.write_all(b"on its way\n").await?;
    }
    Ok(())
}

async fn office<W: World>(world: W) -> Outcome {
    let (reads, mut writes) = world.connect("garage", 80).await?.into_split();
    let mut lines = StreamReader::new(reads);
    for who in ["Ann", "Ben"] {
        writes
            .write_all(format!("a taxi for {who}\n").as_bytes())
            .await?;
        let answer = lines.read_line().await?.unwrap_or_default();
        say!("{who}: {answer}");
    }
    Ok(())
}
// ANCHOR_END: hosts

pub fn run(args: &Args) -> Result<(), BadInput> {
    let seed = args.number("seed", 0..=u64::MAX)?.unwrap_or(23);
    let mut simulation = Simulation::new(seed);
    simulation.links(Link::new(Duration::from_millis(20)).loss(0.2));
    simulation.host("garage", garage);
    simulation.client("office", office);
    if let Err(failure) = simulation.run() {
        say!("seed {seed}: {failure}");
    }
    Ok(())
}
