//! A thread that is no loop has a coroutine run on the loop, and waits for its value.
//!
//! twin: same

use std::thread;

use chapter::{Args, BadInput};
use event_loop::Clock;
use polling::yield_now;
use task_cell::{handle, spawn};
use threads::HandleExt;
use trace::say;
use wakers::phone;

// ANCHOR: main
async fn quote(miles: u32) -> u32 {
    say!("office: {miles} miles?");
    yield_now().await;
    3 + 2 * miles
}

async fn office() {
    let office = handle();
    let (caller, phone) = phone();
    let customer = thread::spawn(move || {
        let fare = office.spawn(|| quote(4)).wait();
        say!("customer: {}", fare.unwrap_or_default());
        caller.say("thank you");
    });
    // The loop must go on while the customer waits for it.
    let word = spawn(phone).await.unwrap_or_default();
    say!("office: they say {}", word.unwrap_or("nothing"));
    let _ended = customer.join();
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    threads::run(Clock::real(), office())
        .map_err(|error| BadInput::new(error.to_string()))
}
