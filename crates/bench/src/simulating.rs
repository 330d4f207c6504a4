//! Chapter 21's simulated network beside turmoil's: an echo between a hundred hosts.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use simulation::{Link, Listener, Outcome, Simulation, World};
use smol::io::{AsyncReadExt, AsyncWriteExt};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::row::{Side, Work};

/// Half of the hosts: each calls one of the other half.
const CALLERS: u64 = 50;
/// Of all callers together.
const ROUND_TRIPS: u64 = 100_000;
const MESSAGE: [u8; 64] = [7; 64];
const PORT: u16 = 7;
/// How long every message is on its way. turmoil looks at all hosts once in so long: it is its finest clock, too.
const LATENCY: Duration = Duration::from_millis(1);
const SEED: u64 = 7;

/// The row of this file.
pub fn works() -> Vec<Work> {
    let sides = vec![Side::new("ours", ours), Side::new("turmoil", turmoil)];
    vec![Work {
        // In so many, what the hosts take to begin is little, and an instruction counter still comes to the end.
        counted: 500,
        ..Work::new("simulated-echo", ROUND_TRIPS, sides)
    }]
}

fn each(round_trips: u64) -> u64 {
    round_trips.div_ceil(CALLERS)
}

/// More than the round trips take, of simulated time.
fn enough(round_trips: u64) -> Duration {
    LATENCY * 4 * (each(round_trips) as u32 + 10)
}

fn ours(round_trips: u64) -> u64 {
    let mut simulation = Simulation::new(SEED);
    simulation.links(Link::new(LATENCY));
    simulation.limit(enough(round_trips));
    let bytes = Rc::new(Cell::new(0));
    for number in 0..CALLERS {
        simulation.host(&format!("echo-{number}"), echo);
        let bytes = bytes.clone();
        simulation.client(&format!("caller-{number}"), move |world| {
            call(world, number, each(round_trips), bytes.clone())
        });
    }
    simulation.run().expect("nothing fails");
    bytes.get()
}

async fn echo<W: World>(world: W) -> Outcome {
    let listener = world.bind(PORT).await?;
    let mut stream = listener.accept().await?;
    let mut buffer = MESSAGE;
    while stream.read_exact(&mut buffer).await.is_ok() {
        stream.write_all(&buffer).await?;
    }
    Ok(())
}

async fn call<W: World>(
    world: W,
    number: u64,
    count: u64,
    bytes: Rc<Cell<u64>>,
) -> Outcome {
    let mut stream = world.connect(&format!("echo-{number}"), PORT).await?;
    let mut answer = MESSAGE;
    for _ in 0..count {
        stream.write_all(&MESSAGE).await?;
        stream.read_exact(&mut answer).await?;
        bytes.set(bytes.get() + answer.len() as u64);
    }
    Ok(())
}

fn turmoil(round_trips: u64) -> u64 {
    let mut simulation = turmoil::Builder::new()
        .rng_seed(SEED)
        .tick_duration(LATENCY)
        .min_message_latency(LATENCY)
        .max_message_latency(LATENCY)
        .simulation_duration(enough(round_trips))
        .build();
    let bytes = Rc::new(Cell::new(0));
    for number in 0..CALLERS {
        simulation.host(format!("echo-{number}"), async || {
            let listener = turmoil::net::TcpListener::bind(("0.0.0.0", PORT)).await?;
            let (mut stream, _) = listener.accept().await?;
            let mut buffer = MESSAGE;
            while stream.read_exact(&mut buffer).await.is_ok() {
                stream.write_all(&buffer).await?;
            }
            Ok(())
        });
        let bytes = bytes.clone();
        simulation.client(format!("caller-{number}"), async move {
            let host = format!("echo-{number}");
            let mut stream = turmoil::net::TcpStream::connect((host, PORT)).await?;
            let mut answer = MESSAGE;
            for _ in 0..each(round_trips) {
                stream.write_all(&MESSAGE).await?;
                stream.read_exact(&mut answer).await?;
                bytes.set(bytes.get() + answer.len() as u64);
            }
            Ok(())
        });
    }
    simulation.run().expect("nothing fails");
    bytes.get()
}
