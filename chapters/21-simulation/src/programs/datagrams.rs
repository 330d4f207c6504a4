//! Datagrams over a bad link: one is lost, two come twice, one is overtaken.
//!
//! twin: none, asyncio has no simulated network
//! flag: --seed S  where all chance begins

use std::time::Duration;

use chapter::{Args, BadInput};
use simulation::{Datagrams, Link, Outcome, Simulation, World};
use trace::say;

// ANCHOR: hosts
async fn garage<W: World>(world: W) -> Outcome {
    let socket = world.datagrams(53).await?;
    let mut buffer = [0; 64];
    loop {
        let (count, _from) = socket.receive_from(&mut buffer).await?;
        let text = String::from_utf8_lossy(&buffer[..count]);
        say!("{:.3} s  {text}", world.now().as_nanos() as f64 / 1e9);
    }
}

async fn taxi<W: World>(world: W) -> Outcome {
    let socket = world.datagrams(0).await?;
    let garage = socket.peer("garage", 53).await?;
    for number in 1..=8 {
        let text = format!("here I am, {number}");
        socket.send_to(text.as_bytes(), &garage).await?;
        world.sleep(Duration::from_millis(100)).await;
    }
    world.sleep(Duration::from_secs(1)).await;
    Ok(())
}
// ANCHOR_END: hosts

pub fn run(args: &Args) -> Result<(), BadInput> {
    let seed = args.number("seed", 0..=u64::MAX)?.unwrap_or(10);
    let mut simulation = Simulation::new(seed);
    let bad = Link::new(Duration::from_millis(20)).loss(0.2);
    simulation.links(bad.duplication(0.15).reordering(0.2));
    simulation.host("garage", garage);
    simulation.client("taxi", taxi);
    if let Err(failure) = simulation.run() {
        say!("seed {seed}: {failure}");
    }
    Ok(())
}
