//! Twelve rides on three cores, and what each core has earned.

use std::cell::Cell;

use chapter::{Args, BadInput};
use cores::Cores;
use trace::say;

// ANCHOR: main
thread_local! {
    /// A till a core.
    static TILL: Cell<u64> = const { Cell::new(0) };
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let cores = Cores::new(3).map_err(|error| BadInput::new(error.to_string()))?;
    let rides: Vec<_> = (1..=12)
        .map(|fare| cores.spawn(move || async move { TILL.set(TILL.get() + fare) }))
        .collect();
    for ride in rides {
        ride.wait()
            .map_err(|error| BadInput::new(error.to_string()))?;
    }
    for (core, till) in cores.each(|_| async { TILL.get() }).into_iter().enumerate() {
        say!("core {core}: {}", till.wait().unwrap_or_default());
    }
    Ok(())
}
// ANCHOR_END: main
