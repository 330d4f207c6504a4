//! Three taxis on one loop: one waits for a call, one lets the others go first, one calls and is over.
//!
//! twin: same

use chapter::{Args, BadInput};
use event_loop::Clock;
use polling::yield_now;
use tasks::spawn;
use trace::say;
use wakers::phone;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    tasks::run(Clock::virtual_time(), async {
        trace::name(format_args!("main"));
        let (caller, phone) = phone();
        let a = spawn(async move {
            trace::name(format_args!("taxi A"));
            say!("taxi A waits for a call");
            let address = phone.await.unwrap_or("nowhere");
            say!("taxi A drives to {address}");
        });
        let b = spawn(async {
            trace::name(format_args!("taxi B"));
            say!("taxi B lets the others go first");
            yield_now().await;
            say!("taxi B drives off");
        });
        let c = spawn(async move {
            trace::name(format_args!("taxi C"));
            say!("taxi C has no time, and calls A");
            caller.say("Main Street");
        });
        for taxi in [a, b, c] {
            taxi.await;
        }
    });
    Ok(())
}
// ANCHOR_END: main
