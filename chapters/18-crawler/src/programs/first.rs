//! The finished runtime, asked for by a user of it.
//!
//! twin: none, it is there to be replaced

use chapter::{Args, BadInput};
use trace::say;

/// Runs a future that is ready.
///
/// # Errors
///
/// Never: there is nothing to say to it.
pub fn run(_: &Args) -> Result<(), BadInput> {
    say!("{}", taxi::test::run(async { "on taxi" }));
    Ok(())
}
