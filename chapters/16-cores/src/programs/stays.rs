//! What is sent to a core is a closure. The future that it makes there never leaves, so it may have an `Rc`.
//!
//! twin: none, a Python object belongs to no thread

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::thread;

use chapter::{Args, BadInput};
use cores::Cores;
use polling::yield_now;
use task_cell::spawn;
use trace::say;

// ANCHOR: main
/// Three tasks share a till without any lock, and each notes where it runs.
async fn shift() -> (u32, usize) {
    let till = Rc::new(Cell::new(0));
    let taxis: Vec<_> = (0..3)
        .map(|_| {
            let till = Rc::clone(&till);
            spawn(async move {
                let mut threads = BTreeSet::new();
                for _ in 0..10 {
                    till.set(till.get() + 1);
                    threads.insert(format!("{:?}", thread::current().id()));
                    yield_now().await;
                }
                threads
            })
        })
        .collect();
    let mut threads = BTreeSet::new();
    for taxi in taxis {
        threads.extend(taxi.await.unwrap_or_default());
    }
    (till.get(), threads.len())
}

// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    let cores = Cores::new(2).map_err(|error| BadInput::new(error.to_string()))?;
    for (core, shift) in cores.each(|_| shift()).into_iter().enumerate() {
        if let Ok((fares, threads)) = shift.wait() {
            say!("core {core}: {fares} fares, by tasks on {threads} thread");
        }
    }
    Ok(())
}
