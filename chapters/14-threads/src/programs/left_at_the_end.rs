//! A loop ends while a job is still at work. It waits for a set time, says which job is left, and goes.
//!
//! twin: none, asyncio.run waits without saying for what

use std::sync::mpsc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use threads::spawn_blocking;
use trace::say;
use wakers::phone;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let layers = threads::layers(Clock::real());
    let mut layers = layers.map_err(|error| BadInput::new(error.to_string()))?;
    layers.set_limit(Duration::from_millis(50));
    layers.set_report(|job| say!("office: left at work, on {}", job.thread));

    // Kept to the end: nobody tells the job to go on.
    let (_go_on, told) = mpsc::channel::<()>();
    task_cell::run_with(layers, async {
        let (begun, has_begun) = phone();
        let _job = spawn_blocking(move || {
            begun.say(());
            told.recv().is_ok()
        });
        let _begun = has_begun.await;
        say!("office: the job has begun, and we close");
    });
    say!("main: the loop is over");
    Ok(())
}
// ANCHOR_END: main
