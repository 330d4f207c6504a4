//! A place to begin.
//!
//! twin: none, it is taken out again

use chapter::{Args, BadInput};
use trace::say;

pub fn run(_: &Args) -> Result<(), BadInput> {
    say!("to come");
    Ok(())
}
