//! The same seed is the same run; another seed is another one.
//!
//! twin: none, asyncio has no simulated network

use std::time::Duration;

use chapter::{Args, BadInput};
use futures::{AsyncReadExt, AsyncWriteExt};
use simulation::{Event, Link, Listener, Outcome, Simulation, World};
use trace::say;

async fn garage<W: World>(world: W) -> Outcome {
    let mut stream = world.bind(80).await?.accept().await?;
    stream.read_to_end(&mut Vec::new()).await?;
    Ok(())
}

async fn office<W: World>(world: W) -> Outcome {
    let mut stream = world.connect("garage", 80).await?;
    stream.write_all(b"a taxi").await?;
    stream.close().await?;
    world.sleep(Duration::from_secs(1)).await;
    Ok(())
}

// ANCHOR: main
fn events(seed: u64) -> Vec<Event> {
    let mut simulation = Simulation::new(seed);
    simulation.keep_events();
    simulation
        .links(Link::new(Duration::from_millis(20)).jitter(Duration::from_millis(9)));
    simulation.host("garage", garage);
    simulation.client("office", office);
    simulation.run().expect("nothing goes wrong");
    simulation.events()
}

pub fn run(_args: &Args) -> Result<(), BadInput> {
    let first = events(7);
    for event in &first {
        say!("{event}");
    }
    let same = |seed| (0..100).filter(|_| events(seed) == first).count();
    say!("seed 7, a hundred times more: {} the same", same(7));
    say!("seed 8, a hundred times: {} the same", same(8));
    Ok(())
}
// ANCHOR_END: main
