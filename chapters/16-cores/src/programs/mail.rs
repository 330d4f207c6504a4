//! A task of one core asks a task of another, and awaits the answer: both ways it goes by mail.
//!
//! twin: none, it has no loops that speak to one another

use std::thread;

use chapter::{Args, BadInput};
use cores::Cores;
use threads::HandleExt;
use trace::say;

// ANCHOR: main
fn here() -> String {
    thread::current().name().unwrap_or("?").to_string()
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let cores = Cores::new(2).map_err(|error| BadInput::new(error.to_string()))?;
    let archive = cores.handle(1);
    let office = cores.spawn_on(0, move || async move {
        say!("{}: what is the fare for 4 miles?", here());
        // A `Handle` is `Send`, and so is what is asked by it.
        let fare = archive.spawn(|| async {
            say!("{}: 11", here());
            11
        });
        let fare = fare.await.unwrap_or_default();
        say!("{}: so it is {fare}", here());
    });
    office
        .wait()
        .map_err(|error| BadInput::new(error.to_string()))
}
// ANCHOR_END: main
