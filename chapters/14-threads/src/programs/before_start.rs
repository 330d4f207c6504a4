//! Work handed to a loop before it runs is done when it runs. Work that comes after its end is refused.
//!
//! twin: same

use std::thread;

use chapter::{Args, BadInput};
use event_loop::Clock;
use polling::yield_now;
use task_cell::{Executor, stop};
use threads::HandleExt;
use trace::say;

async fn quote(miles: u32) -> u32 {
    say!("office: {miles} miles?");
    yield_now().await;
    3 + 2 * miles
}

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let layers = readiness::layers(Clock::real());
    let layers = layers.map_err(|error| BadInput::new(error.to_string()))?;
    let mut executor = Executor::new(layers);
    let office = executor.handle();
    let fare = office.spawn(|| quote(4));
    say!("main: the office opens");

    let customer = {
        let office = office.clone();
        thread::spawn(move || {
            let fare = fare.wait();
            say!("customer: {}", fare.unwrap_or_default());
            office.call_soon(stop)
        })
    };
    executor.run_forever();
    let _ended = customer.join();
    drop(executor);

    let late = office.spawn(|| quote(9)).wait();
    say!(
        "main: after its end, {}",
        if late.is_ok() { "done" } else { "refused" }
    );
    Ok(())
}
// ANCHOR_END: main
