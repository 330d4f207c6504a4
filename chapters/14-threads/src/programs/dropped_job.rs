//! A task that waits for a job is cancelled. The job does not hear of it, and goes on to its end.
//!
//! twin: same

use std::sync::mpsc;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::spawn;
use threads::spawn_blocking;
use trace::say;
use wakers::phone;

// ANCHOR: main
struct Receipt;

impl Drop for Receipt {
    fn drop(&mut self) {
        say!("archive: nobody has come for the receipt");
    }
}

async fn office() {
    let (begun, has_begun) = phone();
    let (go_on, told) = mpsc::channel::<()>();
    let clerk = spawn(async {
        let written = spawn_blocking(move || {
            begun.say(());
            let _told = told.recv();
            say!("archive: the fare is written down");
            Receipt
        });
        written.await.is_ok()
    });
    let _begun = has_begun.await;
    clerk.cancel();
    say!("office: the clerk is gone: {}", clerk.await.is_err());
    drop(go_on);
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    threads::run(Clock::real(), office())
        .map_err(|error| BadInput::new(error.to_string()))
}
