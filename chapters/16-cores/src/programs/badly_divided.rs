//! Nobody takes a task from another core: one queued behind a long one waits, while the other core has nothing to do.
//!
//! twin: none, Python's threads have one interpreter lock

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chapter::{Args, BadInput};
use cores::Cores;
use trace::say;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let cores = Cores::new(2).map_err(|error| BadInput::new(error.to_string()))?;
    // Core 0 computes, and computes, until we have seen enough.
    let enough = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&enough);
    let first = cores.spawn_on(0, move || async move {
        let mut sum: u64 = 0;
        loop {
            sum = sum.wrapping_add(1);
            if told.load(Ordering::Relaxed) {
                break sum > 0;
            }
        }
    });
    let second = cores.spawn_on(0, || async { "done" });
    // Core 1 has been idle all the time.
    let other = cores.spawn_on(1, || async { "I could do that" }).wait();
    say!("core 1: {}", other.unwrap_or("?"));
    say!("the second sum of core 0 is done: {}", second.is_finished());
    enough.store(true, Ordering::Relaxed);
    say!("the first sum is done: {}", first.wait().unwrap_or(false));
    say!("the second: {}", second.wait().unwrap_or("?"));
    Ok(())
}
// ANCHOR_END: main
