//! An echo between two hosts, of a program that does not know where it runs.
//!
//! twin: none, asyncio has no simulated network
//! flag: --seed S  where all chance begins

use chapter::{Args, BadInput};
use futures::{AsyncReadExt, AsyncWriteExt};
use simulation::{Link, Listener, Outcome, Simulation, Stream, World};
use std::time::Duration;
use taxi::net::StreamReader;
use trace::say;

// ANCHOR: server
async fn server<W: World>(world: W) -> Outcome {
    let listener = world.bind(7).await?;
    loop {
        let (mut reads, mut writes) = listener.accept().await?.into_split();
        let _echo = taxi::spawn(async move {
            let mut buffer = [0; 1024];
            loop {
                match reads.read(&mut buffer).await? {
                    0 => return std::io::Result::Ok(()),
                    count => writes.write_all(&buffer[..count]).await?,
                }
            }
        });
    }
}
// ANCHOR_END: server

// ANCHOR: client
async fn client<W: World>(world: W) -> Outcome {
    let at = || world.now().as_nanos() as f64 / 1e9;
    let (reads, mut writes) = world.connect("server", 7).await?.into_split();
    let mut lines = StreamReader::new(reads);
    say!("{:.6} s  connected", at());
    for line in ["a taxi, please", "to the station"] {
        writes.write_all(format!("{line}\n").as_bytes()).await?;
        let answer = lines.read_line().await?.unwrap_or_default();
        say!("{:.6} s  {answer}", at());
        world.sleep(Duration::from_secs(60)).await;
    }
    Ok(())
}
// ANCHOR_END: client

// ANCHOR: main
pub fn run(args: &Args) -> Result<(), BadInput> {
    let seed = args.number("seed", 0..=u64::MAX)?.unwrap_or(7);
    let mut simulation = Simulation::new(seed);
    simulation
        .links(Link::new(Duration::from_millis(20)).jitter(Duration::from_millis(10)));
    simulation.host("server", server);
    simulation.client("client", client);
    match simulation.run() {
        Ok(()) => say!("{} s have passed", simulation.now().as_secs()),
        Err(failure) => say!("seed {seed}: {failure}"),
    }
    Ok(())
}
// ANCHOR_END: main
