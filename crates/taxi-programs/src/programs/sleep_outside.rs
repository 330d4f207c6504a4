//! A sleep outside a runtime: the panic says what to do.
//!
//! rows: P32
//! twin: own, asyncio names what is missing, and not what to do
//! exit: 101

use std::panic::{PanicHookInfo, set_hook};
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use chapter::{Args, BadInput};
use taxi::time::sleep;
use trace::say;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    set_hook(Box::new(tell));
    let mut lights = pin!(async {
        say!("The lights are red.");
        sleep(Duration::from_secs(1)).await;
        say!("Now they are green.");
    });
    // Nobody here will call in a second.
    let mut context = Context::from_waker(Waker::noop());
    let _polled = lights.as_mut().poll(&mut context);
    Ok(())
}
// ANCHOR_END: main

/// Tells of a panic. The message names the line of the `sleep`, which is left out here: it moves with the file.
fn tell(panic: &PanicHookInfo<'_>) {
    let message = panic.payload_as_str().unwrap_or_default();
    let (before, rest) = message.split_once(" (called at ").unwrap_or((message, ")"));
    let (_line, after) = rest.split_once(')').unwrap_or_default();
    say!("panicked: {before}{after}");
}
