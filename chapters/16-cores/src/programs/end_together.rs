//! Cores end side by side, and all of them: though a task of each waits for the others, and a clean-up panics.
//!
//! twin: none, Python's threads have one interpreter lock

use std::future::pending;
use std::panic;
use std::sync::{Arc, Barrier, mpsc};

use chapter::{Args, BadInput};
use cores::Cores;
use task_cell::catch_cancel;
use trace::say;

// ANCHOR: main
/// Each core has a task that, asked to end, waits for those of the others. The first one
/// then makes an end of its core's clean-up.
fn end(fails: bool) -> Result<(), BadInput> {
    let cores = Cores::new(3).map_err(|error| BadInput::new(error.to_string()))?;
    let (all, (over, ended)) = (Arc::new(Barrier::new(3)), mpsc::channel());
    let begun = cores.each(move |core| {
        async move {
            let _task = task_cell::spawn(async move {
                let _asked = catch_cancel(pending::<()>()).await;
                all.wait();
                let _heard = over.send(core);
                if fails && core == 0 {
                    task_cell::stop();
                    pending::<()>().await;
                }
            });
            // Until that waits.
            polling::yield_now().await;
        }
    });
    for it in begun {
        let _begun = it.wait();
    }
    let joined = cores.join();
    say!(
        "join: {}",
        if joined.is_ok() {
            "all is well"
        } else {
            "one has panicked"
        }
    );
    say!("{} of 3 have cleaned up", ended.try_iter().count());
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    end(false)?;
    // What is written of a panic would come from its thread, at any time.
    panic::set_hook(Box::new(|_| ()));
    end(true)
}
