//! One program in two worlds: a simulated one, and this one.
//!
//! twin: none, asyncio has no simulated network

use std::error::Error;
use std::net::TcpListener as Probe;
use std::time::Duration;

use chapter::{Args, BadInput};
use futures::AsyncWriteExt;
use simulation::{Listener, Outcome, Real, Simulation, Stream, World};
use taxi::net::StreamReader;
use trace::say;

// ANCHOR: garage
async fn garage<W: World>(world: W) -> Outcome {
    let listener = world.bind(80).await?;
    let mut rides = 0;
    loop {
        let (reads, mut writes) = listener.accept().await?.into_split();
        if let Some(line) = StreamReader::new(reads).read_line().await? {
            rides += 1;
            world
                .append("rides", format!("{line}\n").as_bytes())
                .await?;
            world.sync("rides").await?;
            writes
                .write_all(format!("{line}: ride {rides}\n").as_bytes())
                .await?;
        }
    }
}
// ANCHOR_END: garage

// ANCHOR: office
async fn office<W: World>(world: W) -> Outcome {
    for customer in ["Ann", "Ben"] {
        let (reads, mut writes) = world.connect("garage", 80).await?.into_split();
        writes.write_all(format!("{customer}\n").as_bytes()).await?;
        let answer = StreamReader::new(reads).read_line().await?;
        say!("  {}", answer.unwrap_or_default());
    }
    Ok(())
}
// ANCHOR_END: office

// ANCHOR: worlds
fn simulated() -> Result<(), Box<dyn Error>> {
    let mut simulation = Simulation::new(7);
    simulation.host("garage", garage);
    simulation.client("office", office);
    Ok(simulation.run()?)
}

fn real() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    // A port that is free now.
    let address = Probe::bind("127.0.0.1:0")?.local_addr()?;
    let world = |name| Real::new(name, folder.path()).with("garage", 80, address);
    let (there, here) = (world("garage"), world("office"));
    taxi::run(async {
        let garage = taxi::spawn(garage(there));
        taxi::yield_now().await;
        let office = office(here);
        taxi::time::timeout(Duration::from_secs(60), office).await??;
        garage.cancel();
        Ok(())
    })?
}
// ANCHOR_END: worlds

pub fn run(_args: &Args) -> Result<(), BadInput> {
    for (name, world) in [("simulated:", simulated as fn() -> _), ("real:", real)] {
        say!("{name}");
        if let Err(error) = world() {
            say!("  {error}");
        }
    }
    Ok(())
}
