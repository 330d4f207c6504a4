//! Nobody takes a task from another core: one that is queued behind a long one waits there, while the other core has
//! nothing to do.
//!
//! twin: none, Python's threads have one interpreter lock

use std::sync::mpsc::channel;

use chapter::{Args, BadInput};
use cores::Cores;
use trace::say;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let cores = Cores::new(2).map_err(|error| BadInput::new(error.to_string()))?;
    let (go_on, told) = channel::<()>();
    // Core 0 computes for as long as we like.
    let first = cores.spawn_on(0, move || async move { told.recv().is_err() });
    let second = cores.spawn_on(0, || async { "done" });
    // Core 1 has been idle all the time.
    let other = cores.spawn_on(1, || async { "I could do that" }).wait();
    say!("core 1: {}", other.unwrap_or("?"));
    say!("the second sum of core 0 is done: {}", second.is_finished());
    drop(go_on);
    say!("the first sum is done: {}", first.wait().unwrap_or(false));
    say!("the second: {}", second.wait().unwrap_or("?"));
    Ok(())
}
// ANCHOR_END: main
