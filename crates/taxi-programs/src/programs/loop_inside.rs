//! A loop inside a loop: the panic says what to do.
//!
//! rows: P32
//! twin: own, asyncio's message does not say what to do instead
//! exit: 101

use chapter::{Args, BadInput};
use trace::say;

// ANCHOR: main
/// Looks as if it could be called from anywhere.
fn fare() -> u32 {
    taxi::run(async { 12 }).expect("a descriptor")
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    say!("alone: {}", fare());
    let _ran = taxi::run(async {
        say!("in a task: {}", fare());
    });
    Ok(())
}
// ANCHOR_END: main
