//! A short line behind a long file, on a link with room for so many bytes a second.
//!
//! twin: none, asyncio has no simulated network

use std::time::Duration;

use chapter::{Args, BadInput};
use futures::{AsyncReadExt, AsyncWriteExt};
use simulation::{Link, Listener, Outcome, Simulation, World};
use trace::say;

// ANCHOR: hosts
async fn garage<W: World>(world: W) -> Outcome {
    let listener = world.bind(80).await?;
    loop {
        let (mut stream, world) = (listener.accept().await?, world.clone());
        let _read = taxi::spawn(async move {
            let mut bytes = Vec::new();
            stream.read_to_end(&mut bytes).await?;
            let seconds = world.now().as_nanos() as f64 / 1e9;
            say!("{seconds:.3} s  {} bytes are here", bytes.len());
            std::io::Result::Ok(())
        });
    }
}

async fn office<W: World>(world: W) -> Outcome {
    let mut map = world.connect("garage", 80).await?;
    let mut note = world.connect("garage", 80).await?;
    let _map = taxi::spawn(async move {
        map.write_all(&[0; 100_000]).await?;
        map.close().await
    });
    world.sleep(Duration::from_millis(1)).await;
    note.write_all(b"where are you?\n").await?;
    note.close().await?;
    world.sleep(Duration::from_secs(60)).await;
    Ok(())
}
// ANCHOR_END: hosts

// ANCHOR: main
pub fn run(_args: &Args) -> Result<(), BadInput> {
    let fast = Link::new(Duration::from_millis(5));
    for (name, link) in [("any number", fast), ("50,000", fast.bandwidth(50_000))] {
        say!("{name} bytes a second:");
        let mut simulation = Simulation::new(1);
        simulation.links(link);
        simulation.host("garage", garage);
        simulation.client("office", office);
        if let Err(failure) = simulation.run() {
            say!("{failure}");
        }
    }
    Ok(())
}
// ANCHOR_END: main
