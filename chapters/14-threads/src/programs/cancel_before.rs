//! A job can be cancelled as long as it waits for a thread. Once it has begun, nobody stops it.
//!
//! twin: same

use std::sync::mpsc;

use chapter::{Args, BadInput};
use event_loop::Clock;
use threads::Pool;
use trace::say;
use wakers::phone;

// ANCHOR: main
async fn office() {
    let archive = Pool::builder().name("archive").max_threads(1).build();
    let (begun, has_begun) = phone();
    let (go_on, told) = mpsc::channel::<()>();
    let first = archive.run(move || {
        begun.say(());
        // Until the office says so, or has gone.
        let _told = told.recv();
        "found"
    });
    let second = archive.run(|| say!("nobody will read this"));

    let _begun = has_begun.await;
    for (name, cancelled) in [("first", first.cancel()), ("second", second.cancel())] {
        match cancelled {
            true => say!("the {name} job: cancelled"),
            false => say!("the {name} job: too late"),
        }
    }
    drop(go_on);
    say!("the first job: {}", first.await.unwrap_or("lost"));
    match second.await {
        Ok(()) => say!("the second job: it ran"),
        Err(_) => say!("the second job: it did not run"),
    }
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    threads::run(Clock::real(), office())
        .map_err(|error| BadInput::new(error.to_string()))
}
