//! A driver on another thread pays in at the office: each fare is a call that runs on the loop.
//!
//! twin: same

use std::cell::Cell;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::handle;
use threads::spawn_blocking;
use trace::say;
use wakers::phone;

// ANCHOR: main
thread_local! {
    /// Each thread has one of its own: this is the till of whoever looks.
    static TILL: Cell<u32> = const { Cell::new(0) };
}

fn pay_in(fare: u32) {
    TILL.set(TILL.get() + fare);
    say!("office: {fare} paid in, {} in the till", TILL.get());
}

async fn office() {
    let office = handle();
    let (done, is_done) = phone();
    let driver = spawn_blocking(move || {
        for fare in [20, 30, 40] {
            let _told = office.call_soon(move || pay_in(fare));
        }
        let _told = office.call_soon(move || done.say(()));
        TILL.get()
    });
    // The calls come in their order, and this one is the last.
    let _done = is_done.await;
    let in_the_taxi = driver.await.unwrap_or_default();
    say!("driver: {in_the_taxi} left in the taxi");
    say!("office: {} in the till", TILL.get());
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    threads::run(Clock::real(), office())
        .map_err(|error| BadInput::new(error.to_string()))
}
