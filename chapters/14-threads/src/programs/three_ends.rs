//! Three ends that a thread may hear of: no coroutine was made, one has panicked, one was cancelled.
//!
//! twin: none, there is no maker to panic in Python, and the other two end as here

use std::future::{Ready, pending};
use std::panic::resume_unwind;
use std::thread;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::{JoinError, handle, spawn};
use threads::{HandleExt, RemoteTask};
use trace::say;
use wakers::phone;

// ANCHOR: main
fn say_end(what: &str, task: RemoteTask<()>) {
    match task.wait() {
        Ok(()) => say!("{what}: a value"),
        Err(JoinError::Cancelled) => say!("{what}: cancelled"),
        Err(JoinError::Panicked(panic)) => {
            say!("{what}: {}", panic.message().unwrap_or_default())
        }
    }
}

async fn office() {
    let office = handle();
    let (caller, phone) = phone();
    let customer = thread::spawn(move || {
        say_end("no such street", office.spawn(no_such_street));
        say_end("lost", office.spawn(|| async { fail("lost") }));
        let waits = office.spawn(pending);
        say!("it is asked to end: {}", waits.cancel());
        say_end("it waits", waits);
        caller.say(());
    });
    let _word = spawn(phone).await;
    let _ended = customer.join();
}

fn no_such_street() -> Ready<()> {
    fail("nobody knows it")
}

/// Panics, and nothing is written of it.
fn fail(why: &'static str) -> ! {
    resume_unwind(Box::new(why))
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    threads::run(Clock::real(), office())
        .map_err(|error| BadInput::new(error.to_string()))
}
