//! A call that blocks stops the tasks of its core, and of no other.
//!
//! twin: none, Python's threads have one interpreter lock

use std::sync::mpsc::channel;

use chapter::{Args, BadInput};
use cores::Cores;
use polling::yield_now;
use task_cell::spawn;
use trace::say;

// ANCHOR: main
/// Drives on, in turns with whoever else is here.
async fn taxi(core: usize) -> u32 {
    for mile in 1..=3 {
        say!("core {core}: mile {mile}");
        yield_now().await;
    }
    3
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let failed = |error: std::io::Error| BadInput::new(error.to_string());
    let cores = Cores::new(2).map_err(failed)?;
    let (go_on, told) = channel::<()>();
    let blocked = cores.spawn_on(0, move || async move {
        let taxi = spawn(taxi(0));
        let _go_on = told.recv(); // std's: it blocks
        taxi.await
    });
    let miles = cores.spawn_on(1, || taxi(1)).wait();
    say!("core 1 has driven {} miles", miles.unwrap_or_default());
    drop(go_on);
    let miles = blocked.wait().and_then(|taxi| taxi);
    say!("core 0 has driven {} miles", miles.unwrap_or_default());
    Ok(())
}
// ANCHOR_END: main
