//! Chance that is not from the seed: the order of a `HashMap`. The same seed is another run.

use std::collections::HashMap;
use std::time::Duration;

use chapter::{Args, BadInput};
use simulation::{Datagrams, Outcome, Simulation, World};
use trace::say;

// ANCHOR: main
async fn office<W: World>(world: W) -> Outcome {
    let socket = world.datagrams(0).await?;
    let garage = socket.peer("garage", 53).await?;
    // What std's map begins with is another number in each map.
    let rides: HashMap<u32, u32> = (0..50).map(|ride| (ride, ride % 7)).collect();
    for (ride, taxis) in rides {
        socket.send_to(&vec![0; taxis as usize], &garage).await?;
        world.sleep(Duration::from_millis(u64::from(ride))).await;
    }
    Ok(())
}

fn fingerprint(seed: u64) -> u64 {
    let mut simulation = Simulation::new(seed);
    simulation.host("garage", async |_| Ok(()));
    simulation.client("office", office);
    simulation.run().expect("nothing goes wrong");
    simulation.fingerprint()
}

pub fn run(_args: &Args) -> Result<(), BadInput> {
    let first = fingerprint(7);
    let same = (0..100).filter(|_| fingerprint(7) == first).count();
    say!("seed 7, a hundred times more: {same} the same");
    Ok(())
}
// ANCHOR_END: main
