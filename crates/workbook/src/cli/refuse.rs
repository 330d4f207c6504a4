//! Code that the compiler must refuse, shown being refused.

use anyhow::{Context, Result, bail};
use catalogue::process::{self, End};
use catalogue::{Chapter, Program, Workbook, refused};
use std::io::{self, IsTerminal};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use super::build;
use super::term::{self, DIM, styled};

/// Compiles one file as if it used the chapter's library, and shows what the compiler says.
///
/// # Errors
///
/// If the compiler cannot be asked, or accepts the file.
pub(crate) fn show_refusal(
    workbook: &Workbook,
    chapter: &Chapter,
    program: &Program,
) -> Result<ExitCode> {
    let (built, executable) = build::executable_of_chapter(&workbook.root, chapter)?;
    if executable.is_none() {
        return Ok(ExitCode::FAILURE);
    }
    let file = term::below(&workbook.root, &program.file);
    // Of what it would write there is nothing, since it is refused; but the name of a file is asked for.
    let nowhere = workbook.root.join(".workbook/refused.rmeta");
    let mut rustc = refused::command(chapter, Path::new(&file), &built);
    rustc.current_dir(&workbook.root);
    rustc.args(["--color", colour(), "-o"]).arg(&nowhere);
    let ended = process::run(&mut rustc, Duration::from_secs(60));
    let ended = ended.context("cannot start the compiler (rustc)")?;
    match ended.end {
        End::Status(status) if !status.success() => {}
        _ => bail!("{file} must be refused by the compiler, and is not"),
    }
    let note = format!("{file} is there to be refused. The compiler says:");
    term::print(&format!("{}\n\n{}", styled(DIM, note), ended.stderr))?;
    Ok(ExitCode::SUCCESS)
}

fn colour() -> &'static str {
    let choice = anstream::AutoStream::choice(&io::stdout());
    match choice {
        anstream::ColorChoice::Never => "never",
        anstream::ColorChoice::Always | anstream::ColorChoice::AlwaysAnsi => "always",
        anstream::ColorChoice::Auto if io::stdout().is_terminal() => "always",
        anstream::ColorChoice::Auto => "never",
    }
}
