//! The reader's command line: `cargo run` from the root of the workspace.
//!
//! It links no chapter. It reads their files through the crate `catalogue`, and builds and runs them
//! through cargo, each program in a process of its own: so it works while a chapter does not compile.
#![forbid(unsafe_code)]

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::start()
}
