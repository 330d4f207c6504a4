//! A cut in one direction: the question arrives, the answer does not.
//!
//! twin: none, asyncio has no simulated network

use std::time::Duration;

use chapter::{Args, BadInput};
use simulation::{Datagrams, Outcome, Simulation, World};
use trace::say;

// ANCHOR: hosts
async fn garage<W: World>(world: W) -> Outcome {
    let socket = world.datagrams(53).await?;
    let (mut buffer, mut sent) = ([0; 16], 0);
    loop {
        let (_count, from) = socket.receive_from(&mut buffer).await?;
        sent += 1;
        say!("{} s  garage: taxi {sent} is sent", world.now().as_secs());
        socket.send_to(b"it comes", &from).await?;
    }
}

async fn office<W: World>(world: W) -> Outcome {
    let socket = world.datagrams(0).await?;
    let garage = socket.peer("garage", 53).await?;
    let mut buffer = [0; 16];
    for _ in 0..3 {
        socket.send_to(b"a taxi", &garage).await?;
        let answer = socket.receive_from(&mut buffer);
        match world.timeout(Duration::from_secs(2), answer).await {
            Ok(_) => say!("{} s  office: it comes", world.now().as_secs()),
            Err(_) => say!("{} s  office: nobody answers", world.now().as_secs()),
        }
    }
    Ok(())
}
// ANCHOR_END: hosts

// ANCHOR: main
pub fn run(_args: &Args) -> Result<(), BadInput> {
    let mut simulation = Simulation::new(1);
    simulation.host("garage", garage);
    simulation.client("office", office);
    simulation.control().cut("garage", "office");
    if let Err(failure) = simulation.run() {
        say!("{failure}");
    }
    Ok(())
}
// ANCHOR_END: main
