//! Solves an exercise: an office that asks every second, and knows after two more that the garage is gone.

use std::time::Duration;

use chapter::{Args, BadInput};
use simulation::{Datagrams, Fault, Outcome, Planned, Simulation, World};
use taxi::Time;
use trace::say;

async fn garage<W: World>(world: W) -> Outcome {
    let socket = world.datagrams(53).await?;
    let mut buffer = [0; 1];
    loop {
        let (_count, from) = socket.receive_from(&mut buffer).await?;
        socket.send_to(b"!", &from).await?;
    }
}

async fn office<W: World>(world: W) -> Outcome {
    let socket = world.datagrams(0).await?;
    let garage = socket.peer("garage", 53).await?;
    let (mut buffer, mut was_there) = ([0; 1], false);
    while world.now().as_secs() < 20 {
        socket.send_to(b"?", &garage).await?;
        let answer = socket.receive_from(&mut buffer);
        let is_there = world.timeout(Duration::from_secs(2), answer).await.is_ok();
        if is_there != was_there {
            let now = if is_there { "there" } else { "gone" };
            say!("{:2} s  the garage is {now}", world.now().as_secs());
        }
        was_there = is_there;
        world.sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}

pub fn run(_args: &Args) -> Result<(), BadInput> {
    let mut simulation = Simulation::new(1);
    simulation.host("garage", garage);
    simulation.client("office", office);
    let fault = Fault::Crash("garage".to_string());
    let (at, lasts) = (Time::from_secs(5), Duration::from_secs(7));
    simulation.plan(&[Planned { at, lasts, fault }]);
    if let Err(failure) = simulation.run() {
        say!("{failure}");
    }
    Ok(())
}
