//! Two taxis as ordinary functions: the second waits until the first is home.
//!
//! twin: same

use chapter::{Args, BadInput};
use trace::say;

// ANCHOR: main
fn drive(taxi: char) {
    say!("taxi {taxi} leaves the garage");
    say!("taxi {taxi} picks up a passenger");
    say!("taxi {taxi} is home");
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    drive('A');
    drive('B');
    Ok(())
}
// ANCHOR_END: main
