//! A baton goes round three cores, twice.

use std::thread;

use chapter::{Args, BadInput};
use cores::Cores;
use task_cell::Handle;
use threads::HandleExt;
use trace::say;

// ANCHOR: main
fn here() -> String {
    thread::current().name().unwrap_or("?").to_string()
}

async fn relay(cores: Vec<Handle>) -> u32 {
    let mut rounds = 0;
    for _ in 0..2 {
        for core in &cores {
            let who = core.spawn(|| async { here() }).await;
            say!("{} has the baton", who.unwrap_or_default());
        }
        rounds += 1;
    }
    rounds
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let cores = Cores::new(3).map_err(|error| BadInput::new(error.to_string()))?;
    let all: Vec<Handle> = (0..cores.len()).map(|core| cores.handle(core)).collect();
    let rounds = cores.spawn_on(0, move || relay(all)).wait();
    say!("{} rounds", rounds.unwrap_or_default());
    Ok(())
}
// ANCHOR_END: main
