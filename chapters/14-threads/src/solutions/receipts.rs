//! Chapter 14, exercise 2: the driver waits after each payment until the office has said what is in the till.

use std::cell::Cell;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::handle;
use threads::{HandleExt, spawn_blocking};
use trace::say;

// ANCHOR: main
thread_local! {
    static TILL: Cell<u32> = const { Cell::new(0) };
}

fn pay_in(fare: u32) -> u32 {
    TILL.set(TILL.get() + fare);
    say!("office: {fare} paid in, {} in the till", TILL.get());
    TILL.get()
}

async fn office() {
    let office = handle();
    let driver = spawn_blocking(move || {
        for fare in [20, 30, 40] {
            let receipt = office.spawn(move || async move { pay_in(fare) });
            say!(
                "driver: a receipt for {}",
                receipt.wait().unwrap_or_default()
            );
        }
    });
    let _ended = driver.await;
    say!("office: {} in the till", TILL.get());
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    let ended = threads::run(Clock::real(), office());
    ended.map_err(|error| BadInput::new(error.to_string()))
}
