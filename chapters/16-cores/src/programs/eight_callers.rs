//! Eight threads spawn on four cores at once: each core gets its turn as often as the others.
//!
//! twin: none, Python's threads have one interpreter lock

use std::cell::Cell;
use std::thread;

use chapter::{Args, BadInput};
use cores::Cores;
use trace::say;

// ANCHOR: main
thread_local! {
    static SERVED: Cell<u32> = const { Cell::new(0) };
}

fn call(cores: &Cores) {
    for _ in 0..5_000 {
        let served = cores.spawn(|| async { SERVED.set(SERVED.get() + 1) });
        drop(served);
    }
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let cores = Cores::new(4).map_err(|error| BadInput::new(error.to_string()))?;
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| call(&cores));
        }
    });
    // Behind them all.
    let counts = cores.each(|core| async move { (core, SERVED.get()) });
    for count in counts {
        if let Ok((core, served)) = count.wait() {
            say!("core {core}: {served} calls");
        }
    }
    Ok(())
}
// ANCHOR_END: main
