//! `read`: the book, served to a browser.

use anyhow::{Context, Result};
use catalogue::Workbook;
use std::io::{self, IsTerminal};
use std::process::{Command, ExitCode};

use super::run::become_it;
use super::{build, term};

/// The package that builds the book. It has many dependencies, and is built when it is first asked for.
const BOOK: &str = "pages";

/// Builds the book's builder, and runs it in place of this process.
///
/// # Errors
///
/// If it cannot be built or started.
pub(crate) fn read(workbook: &Workbook, port: u64, open: bool) -> Result<ExitCode> {
    if !io::stderr().is_terminal() {
        // Where no spinner shows that something is done: the first time, it takes a while.
        term::complain("building the book…\n");
    }
    let (_, executable) = build::executable(&workbook.root, BOOK)?;
    let Some(executable) = executable else {
        return Ok(ExitCode::FAILURE);
    };
    let mut command = Command::new(&executable);
    command.current_dir(&workbook.root);
    command.args(["serve", "--port", &port.to_string()]);
    command.args(open.then_some("--open"));
    become_it(&mut command).with_context(|| executable.display().to_string())
}
