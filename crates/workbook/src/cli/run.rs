//! `run`: a program of a chapter, as if it had been started by hand.

use anyhow::{Context, Result};
use catalogue::{Chapter, Kind, Program, Workbook, children};
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus};

use super::refuse::show_refusal;
use super::term::{self, BOLD, CYAN, styled};
use super::{build, find, refused};

/// Builds a chapter and runs one of its programs, or all of them in order.
///
/// # Errors
///
/// If there is no such chapter or program, or the program cannot be started.
pub(crate) fn run(
    workbook: &Workbook,
    chapter: &str,
    program: Option<&str>,
    real: bool,
    mut flags: Vec<OsString>,
) -> Result<ExitCode> {
    let chapter = find::chapter(workbook, chapter)?;
    let number = chapter.typed();
    flags.retain(|flag| flag != "--");
    if real {
        flags.push("--real".into());
    }
    match program {
        Some(flag) if flag.starts_with('-') => Err(refused(format!(
            "{flag} is for one program: name it before, as in \
             `cargo run -- run {number} PROGRAM {flag}`"
        ))),
        Some(name) => {
            let program = find::runnable(workbook, chapter, name)?;
            one(workbook, chapter, program, flags)
        }
        None => all(workbook, chapter, real),
    }
}

fn one(
    workbook: &Workbook,
    chapter: &Chapter,
    program: &Program,
    flags: Vec<OsString>,
) -> Result<ExitCode> {
    if program.kind == Kind::WontCompile {
        if let Some(flag) = flags.first() {
            return Err(refused(format!(
                "'{}' is there to be refused by the compiler, so it does not take '{}'",
                program.name,
                flag.display()
            )));
        }
        return show_refusal(workbook, chapter, program);
    }
    let (_, executable) = build::executable_of_chapter(&workbook.root, chapter)?;
    let Some(executable) = executable else {
        return Ok(ExitCode::FAILURE);
    };
    let mut command = Command::new(&executable);
    command.arg(&program.name).args(flags);
    become_it(&mut command).with_context(|| executable.display().to_string())
}

/// Runs `command` in place of this process, so that its signals and its exit status are its own.
///
/// # Errors
///
/// If it cannot be started.
#[cfg(unix)]
pub(crate) fn become_it(command: &mut Command) -> std::io::Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(command.exec())
}

/// Runs `command` and ends as it does.
///
/// # Errors
///
/// If it cannot be started.
#[cfg(not(unix))]
pub fn become_it(command: &mut Command) -> std::io::Result<ExitCode> {
    // Exit statuses are 32 bits here: an `ExitCode` would lose three quarters of them.
    std::process::exit(command.status()?.code().unwrap_or(1))
}

/// All programs of a chapter in order; with `real`, those that keep a clock.
fn all(workbook: &Workbook, chapter: &Chapter, real: bool) -> Result<ExitCode> {
    let programs = chapter
        .programs
        .iter()
        .filter(|it| it.kind == Kind::Program && it.lacks().is_none());
    let (programs, left_out): (Vec<&Program>, Vec<&Program>) =
        programs.partition(|it| !real || it.header.clock);
    if let Some(system) = chapter.lacks() {
        return Err(refused(format!(
            "{} needs {system}, which this system is not",
            chapter.called()
        )));
    }
    if programs.is_empty() {
        return Err(refused(format!(
            "no program of {} keeps a clock, so --real means nothing to them",
            chapter.called()
        )));
    }
    let (_, executable) = build::executable_of_chapter(&workbook.root, chapter)?;
    let Some(executable) = executable else {
        return Ok(ExitCode::FAILURE);
    };
    let mut as_expected = true;
    for (index, program) in programs.iter().enumerate() {
        term::print(&heading(chapter, program, real, index))?;
        let status = start(&executable, program, real)?;
        as_expected &= status.code() == Some(program.header.exit);
    }
    if !left_out.is_empty() {
        let names: Vec<&str> = left_out.iter().map(|it| &*it.name).collect();
        let names = names.join(", ");
        let note = format!("left out, since they keep no clock: {names}");
        term::print(&format!("\n{}", term::hang("", &note, term::width())))?;
    }
    Ok(if as_expected {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn heading(chapter: &Chapter, program: &Program, real: bool, index: usize) -> String {
    let space = if index == 0 { "" } else { "\n" };
    let real = if real { " --real" } else { "" };
    let command = format!(
        "cargo run -- run {} {}{real}",
        chapter.typed(),
        program.name
    );
    let about = styled(BOLD, &program.header.about);
    format!(
        "{space}{about}\n{}\n\n",
        styled(CYAN, format!("$ {command}"))
    )
}

fn start(executable: &Path, program: &Program, real: bool) -> Result<ExitStatus> {
    let mut command = Command::new(executable);
    command.arg(&program.name).args(real.then_some("--real"));
    let child = children::start_beside_us(&mut command);
    let status = child.and_then(|mut child| child.wait());
    status.with_context(|| executable.display().to_string())
}
