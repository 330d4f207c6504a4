//! Two ways to go down: by a power failure, which nobody hears of, and by the end of the program.
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
    say!("{} garage: open", at(&world));
    let listener = world.bind(80).await?;
    loop {
        let mut stream = listener.accept().await?;
        let mut byte = [0];
        while let Ok(1) = stream.read(&mut byte).await {
            stream.write_all(&byte).await?;
        }
    }
}

async fn office<W: World>(world: W) -> Outcome {
    let mut stream = world.connect("garage", 80).await?;
    let mut byte = [0];
    for number in 1..=9 {
        let sent = stream.write_all(&[number]).await;
        let answer = match sent {
            Ok(()) => stream.read_exact(&mut byte).await,
            Err(error) => Err(error),
        };
        if let Err(error) = answer {
            say!("{} office: {number}: {error}", at(&world));
            return Ok(());
        }
        say!("{} office: {number}", at(&world));
        world.sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}
// ANCHOR_END: hosts

fn at(world: &impl World) -> String {
    format!("{:6.3} s ", world.now().as_nanos() as f64 / 1e9)
}

// ANCHOR: main
pub fn run(_args: &Args) -> Result<(), BadInput> {
    let garage_is = |fault: fn(String) -> Fault| Planned {
        at: Time::ZERO.saturating_add(Duration::from_millis(1500)),
        lasts: Duration::from_secs(4),
        fault: fault("garage".to_string()),
    };
    for planned in [garage_is(Fault::Crash), garage_is(Fault::Kill)] {
        say!("{planned}");
        let mut simulation = Simulation::new(1);
        simulation.host("garage", garage);
        simulation.client("office", office);
        simulation.plan(&[planned]);
        if let Err(failure) = simulation.run() {
            say!("{failure}");
        }
    }
    Ok(())
}
// ANCHOR_END: main
