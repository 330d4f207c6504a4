//! Two jobs are left at the end of a loop, and whoever reports the first panics. The second is reported all the same.
//!
//! twin: none, asyncio.run waits without saying for what

use std::panic::resume_unwind;
use std::rc::Rc;
use std::sync::mpsc;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::Clock;
use threads::spawn_blocking;
use trace::say;
use wakers::{PanicReport, phone, set_panic_hook};

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    let layers = threads::layers(Clock::real());
    let mut layers = layers.map_err(|error| BadInput::new(error.to_string()))?;
    layers.set_limit(Duration::from_millis(50));
    layers.set_report(|job| {
        say!("office: left at work, on {}", job.thread);
        if job.thread == "blocking-1" {
            // A panic of which nothing else is written.
            resume_unwind(Box::new("the pen is empty"));
        }
    });

    let reported = |panic: &PanicReport<'_>| say!("reported: {panic}");
    let _hook = set_panic_hook(Rc::new(reported));

    // Kept to the end: nobody tells the jobs to go on.
    let mut kept = Vec::new();
    task_cell::run_with(layers, async {
        for _ in 0..2 {
            let (go_on, told) = mpsc::channel::<()>();
            kept.push(go_on);
            let (begun, has_begun) = phone();
            let _job = spawn_blocking(move || {
                begun.say(());
                told.recv().is_ok()
            });
            let _begun = has_begun.await;
        }
    });
    say!("main: the loop is over");
    Ok(())
}
// ANCHOR_END: main
