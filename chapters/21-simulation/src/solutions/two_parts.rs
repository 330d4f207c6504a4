//! Solves an exercise: the partition is over before the stream has been given up, and then it is not.

use std::time::Duration;

use chapter::{Args, BadInput};
use futures::{AsyncReadExt, AsyncWriteExt};
use simulation::{Listener, Outcome, Simulation, World};
use trace::say;

async fn garage<W: World>(world: W) -> Outcome {
    let mut stream = world.bind(80).await?.accept().await?;
    let mut byte = [0];
    while stream.read(&mut byte).await? > 0 {
        say!("  {:3} s  garage: a ride", world.now().as_secs());
        stream.write_all(&byte).await?;
    }
    Ok(())
}

async fn office<W: World>(world: W) -> Outcome {
    let mut stream = world.connect("garage", 80).await?;
    world.sleep(Duration::from_secs(1)).await;
    stream.write_all(b"!").await?;
    let answer = match stream.read(&mut [0]).await {
        Ok(_) => "yes".to_string(),
        Err(error) => error.to_string(),
    };
    say!("  {:3} s  office: {answer}", world.now().as_secs());
    Ok(())
}

pub fn run(_args: &Args) -> Result<(), BadInput> {
    for minutes in [10, 20] {
        say!("{minutes} minutes:");
        let mut simulation = Simulation::new(1);
        simulation.host("garage", garage);
        simulation.client("office", office);
        let run = |simulation: &mut Simulation, time| simulation.run_for(time);
        let halves = [500, minutes * 60_000].map(Duration::from_millis);
        let mut done = run(&mut simulation, halves[0]);
        simulation.control().partition(&["garage"]);
        done = done.and_then(|_| run(&mut simulation, halves[1]));
        simulation.control().heal();
        done = done.and_then(|_| run(&mut simulation, Duration::from_secs(600)));
        say!("  done: {}", done.is_ok_and(|done| done));
    }
    Ok(())
}
