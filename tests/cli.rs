//! The reader's command line: what it prints, what it refuses, and that it loses nothing.

use std::fs;
use std::io;
use std::net::TcpListener;
use std::process::{ExitCode, Stdio};

use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::Completion;
use tempfile::TempDir;
use wait_timeout::ChildExt;
use workbook_tests::process::{BUILD_LIMIT, LIMIT, run_limited};
use workbook_tests::reader::{Reader, shown, with_built_copy};
use workbook_tests::snapshot::snapshot;
use workbook_tests::{run, skip, trial};

#[path = "cli/faults.rs"]
mod faults;
#[path = "cli/mine.rs"]
mod mine;
#[path = "cli/own.rs"]
mod own;
#[path = "cli/practice.rs"]
mod practice;
#[cfg(unix)]
#[path = "cli/reading.rs"]
mod reading;
#[path = "cli/tracing.rs"]
mod tracing;

fn main() -> ExitCode {
    let done = |test: fn() -> Result<()>| move || test().map(|()| Completion::Completed);
    run(Ok(vec![
        trial("help", done(help)),
        trial("refusals", done(refusals)),
        trial("outside_the_workbook", done(outside_the_workbook)),
        trial("lists", done(lists)),
        trial("names_and_numbers", done(names_and_numbers)),
        trial("overview", done(overview)),
        trial("reader_that_goes_away", done(reader_that_goes_away)),
        trial("colours", done(colours)),
        trial("broken_chapter", done(faults::broken_chapter)),
        trial("broken_shared_crate", done(faults::broken_shared_crate)),
        trial("cargo_that_fails", done(faults::cargo_that_fails)),
        trial("faulty_chapter", done(faults::faulty_chapter)),
        trial("milestones", done(faults::milestones)),
        trial("other_system", done(faults::other_system)),
        trial("damaged_markers", done(faults::damaged_markers)),
        trial("full_disk", faults::full_disk),
        trial("ended", faults::ended),
        trial("night_first", done(faults::night_first)),
        trial("heavy_on_request", done(faults::heavy_on_request)),
        trial("what_next", done(own::what_next)),
        trial("the_book_was_read", done(own::the_book_was_read)),
        trial("open_hole", done(own::open_hole)),
        trial("progress", done(own::progress)),
        trial(
            "what_no_transcript_sees",
            done(own::what_no_transcript_sees),
        ),
        trial("kept_originals", kept_originals),
        trial("cut_and_formatted", cut_and_formatted),
        trial("programs_run", done(programs_run)),
        trial("differences", done(differences)),
        trial("readers_own_programs", done(own::readers_own_programs)),
        trial("practice_without_git", done(practice_without_git)),
        trial("practice_with_git", practice_with_git),
        trial("every_hole_comes_back", done(every_hole_comes_back)),
        trial("original_lost", original_lost),
        trial("changed_file", changed_file),
        trial("trace_refusals", done(tracing::refusals)),
        trial("traces", done(tracing::runs)),
        trial("traces_of_filled_holes", done(tracing::filled_holes)),
        trial("traces_of_own_programs", done(tracing::own_programs)),
        trial("mine_from_nothing", done(mine::from_nothing)),
        trial("mine_whatever_it_does", done(mine::whatever_it_does)),
        trial("mine_nothing_is_lost", done(mine::nothing_is_lost)),
        trial("port_in_use", done(port_in_use)),
        #[cfg(unix)]
        trial("read_with_a_broken_chapter", done(reading::broken_chapter)),
    ]))
}

/// Compares what a reader sees with `tests/snapshots/cli/<name>.snap`.
fn sees(name: &str, seen: &str) -> Result<()> {
    snapshot("cli", name, seen)
}

/// A reader with a copy of their own, in which nothing is built.
fn with_files() -> Result<(TempDir, Reader)> {
    let folder = tempfile::tempdir()?;
    let reader = Reader::with_copy(folder.path())?;
    Ok((folder, reader))
}

fn help() -> Result<()> {
    sees(
        "help",
        &Reader::here().session(&["--help", "run --help", "trace --help"])?,
    )
}

fn refusals() -> Result<()> {
    let (_folder, reader) = with_files()?;
    let lines = [
        "run 9",
        "check 23",
        "list 0",
        "run 2 tax",
        "run 2 kitchen",
        "run 2 by-turns",
        "run 2 push",
        "run taxi",
        "run tax",
        "run push",
        "run combinators",
        "run 2 1",
        "run 1 moved-out --loud",
        "run 2 --seed 7",
        "run 1 --real",
        "check 2 taxis",
        "check 2 float-deadline",
        "practice 2 psuh",
        "practice 2 9.9",
        "solve 3",
        "run two",
        "walk",
        "chek",
        "taxi",
        "2",
        "read --port 70000",
        "read --port seven",
        "read --port 1 --port 2",
        "check 2 --limit 0",
        "bench --rounds many",
        // Before anything is built: what measures is not even there.
        "bench spwan",
        "bench kitchen",
        "bench spawn",
    ];
    let mut seen = String::new();
    for line in lines {
        let finished = reader.types(line)?;
        ensure!(finished.status.code() == Some(2), "{line}: {finished:?}");
        ensure!(finished.stdout.is_empty(), "{line}: {finished:?}");
        seen += &shown(line, &finished);
    }
    sees("refusals", &seen)
}

fn outside_the_workbook() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut command = Reader::here().command("list")?;
    let finished = run_limited(command.current_dir(folder.path()), LIMIT)?;
    sees("outside", &shown("list", &finished))
}

fn lists() -> Result<()> {
    let (_folder, reader) = with_files()?;
    sees(
        "list",
        &reader.session(&["list", "list 1", "list 2", "bench ping --list"])?,
    )?;
    for line in ["list 2", "bench --list"] {
        let finished = run_limited(reader.command(line)?.env("COLUMNS", "80"), LIMIT)?;
        fits(&finished.stdout, 80)?;
    }
    let mut command = reader.command("list 2")?;
    let finished = run_limited(command.env("COLUMNS", "40"), LIMIT)?;
    fits(&finished.stdout, 40)?;
    sees("list-narrow", &shown("list 2", &finished))
}

/// A chapter and a hole are named or numbered, as the reader likes; a command for each.
fn names_and_numbers() -> Result<()> {
    let (_folder, reader) = with_files()?;
    for (line, other) in [
        ("list 2", "list event-loop"),
        ("list 2", "list Event_Loop"),
        ("list 02", "list 02-event-loop"),
        ("list 2", "list ch02-event-loop"),
        ("practice 1", "practice generators"),
        ("practice 2 push", "practice event-loop 1"),
        ("practice 2 push", "practice 2.1"),
        ("practice 2.2", "practice 2 2.2"),
        ("solve 2 push", "solve 2.1"),
        ("solve 2 cancel", "solve event-loop 2"),
    ] {
        // The first time, `solve` has something to do.
        reader.types(line)?;
        let (line, other) = (reader.types(line)?, reader.types(other)?);
        ensure!(line.status.success(), "{line:?}");
        let strip = |it: &str| it.replace("solve 2.1", "").replace("solve 2 push", "");
        ensure!(
            strip(&line.stdout) == strip(&other.stdout),
            "{line:?} {other:?}"
        );
    }
    let version = reader.types("--version")?;
    let number = env!("CARGO_PKG_VERSION");
    let wanted = format!("From Yield to Await {number}\n");
    ensure!(version.stdout == wanted, "{version:?}");
    Ok(())
}

fn fits(text: &str, columns: usize) -> Result<()> {
    let widest = text.lines().map(|line| line.chars().count()).max();
    ensure!(
        widest.unwrap_or(0) <= columns,
        "{widest:?} columns:\n{text}"
    );
    Ok(())
}

fn overview() -> Result<()> {
    let reader = with_built_copy()?;
    let finished = run_limited(&mut reader.command("")?, BUILD_LIMIT)?;
    fits(&finished.stdout, 80)?;
    sees("overview", &shown("", &finished))?;
    let finished = run_limited(reader.command("")?.env("COLUMNS", "40"), LIMIT)?;
    fits(&finished.stdout, 40)?;
    sees("overview-narrow", &shown("", &finished))?;
    sees("check", &reader.session(&["check", "check 2 taxi"])?)
}

/// As `cargo run | head` does, once it has seen enough.
fn reader_that_goes_away() -> Result<()> {
    let reader = with_built_copy()?;
    for line in [
        "",
        "list",
        "check 2",
        "run 2",
        "run 2 taxi",
        "trace 2 taxi",
        "practice 2",
    ] {
        let mut command = reader.command(line)?;
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::piped()).spawn()?;
        drop(child.stdout.take());
        let Some(status) = child.wait_timeout(BUILD_LIMIT)? else {
            child.kill()?;
            bail!("{line}: still running");
        };
        let stderr = child.stderr.take().context("its standard error")?;
        let stderr = io::read_to_string(stderr)?;
        ensure!(status.success(), "{line}: {status}\n{stderr}");
        ensure!(stderr.is_empty(), "{line}: {stderr}");
    }
    Ok(())
}

fn colours() -> Result<()> {
    let reader = with_built_copy()?;
    let with = |variables: &[(&str, &str)]| -> Result<bool> {
        let mut command = reader.command("check 1")?;
        command.envs(variables.iter().copied());
        Ok(run_limited(&mut command, BUILD_LIMIT)?
            .stdout
            .contains('\x1b'))
    };
    ensure!(!with(&[])?, "colours in a pipe");
    ensure!(with(&[("CLICOLOR_FORCE", "1")])?, "no colours when forced");
    ensure!(!with(&[("NO_COLOR", "1")])?, "colours with NO_COLOR");
    let both = with(&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")])?;
    ensure!(!both, "NO_COLOR is what the reader said last");
    Ok(())
}

/// `run` is the program: its output, its complaints, its status.
fn programs_run() -> Result<()> {
    let reader = with_built_copy()?;
    let finished = run_limited(&mut reader.command("run 2 taxi")?, BUILD_LIMIT)?;
    let taxi = reader.read("tests/snapshots/02-event-loop/taxi.snap")?;
    ensure!(taxi.ends_with(&finished.stdout), "{finished:?}");
    for line in [
        "run 2 taxi --seed 7",
        "run 2 taxi -- --seed 7",
        "run 02 taxi --seed=7",
        "run event-loop taxi --seed 7",
    ] {
        let seeded = reader.types(line)?;
        ensure!(seeded.status.success(), "{line}: {seeded:?}");
        ensure!(seeded.stdout != finished.stdout, "{line}: {seeded:?}");
        ensure!(seeded.stdout.contains("total: 35 s"), "{line}: {seeded:?}");
    }
    for name in ["seed", "real"] {
        let line = match name {
            "real" => "run 2 taxi -- --real --real",
            _ => "run 2 taxi --seed 1 --seed=1",
        };
        let twice = reader.types(line)?;
        ensure!(twice.status.code() == Some(2), "{line}: {twice:?}");
        let said = format!("error: --{name} is given twice\n");
        ensure!(twice.stderr == said, "{line}: {twice:?}");
    }
    // Nobody waits for a thousand million taxis.
    for (flags, why) in [
        (
            "--taxis 0",
            "--taxis wants a whole number from 1 to 10,000,000",
        ),
        (
            "--taxis 1000000000",
            "--taxis wants a whole number from 1 to",
        ),
        ("--taxis many", "--taxis wants a whole number from 1 to"),
        ("--trips 4000000000", "more than 100,000,000 trips"),
    ] {
        let refused = reader.types(&format!("run 2 taxi {flags}"))?;
        ensure!(refused.status.code() == Some(2), "{refused:?}");
        ensure!(refused.stderr.contains(why), "{refused:?}");
        ensure!(refused.stdout.is_empty(), "{refused:?}");
    }
    let panicked = reader.types("run 1 resumed_after_the_end")?;
    ensure!(panicked.status.code() == Some(101), "{panicked:?}");
    let compiled = reader.types("run 1 moved-out")?;
    ensure!(compiled.status.success(), "{compiled:?}");
    ensure!(compiled.stdout.contains("error[E0507]"), "{compiled:?}");
    let all = reader.types("run 2")?;
    ensure!(all.status.success(), "{all:?}");
    let commands = all
        .stdout
        .lines()
        .filter(|line| line.starts_with("$ cargo run"));
    let commands: Vec<&str> = commands.collect();
    ensure!(
        commands.contains(&"$ cargo run -- run 2 taxi"),
        "{commands:?}"
    );
    ensure!(all.stdout.contains(&finished.stdout), "{all:?}");
    Ok(())
}

fn differences() -> Result<()> {
    let reader = with_built_copy()?;
    let taxi = "tests/snapshots/02-event-loop/taxi.snap";
    reader.edit(taxi, "taxi B hovers", "taxi B flies")?;
    let ties = "tests/snapshots/02-event-loop/ties.snap";
    fs::remove_file(reader.folder.join(ties))?;
    let header = "chapters/02-event-loop/src/programs/late.rs";
    reader.edit(
        header,
        "//! clock: virtual",
        "//! clock: virtual\n//! exit: 3",
    )?;
    sees("differences", &reader.session(&["check 2", ""])?)
}

fn practice_without_git() -> Result<()> {
    let (_folder, reader) = with_files()?;
    sees("practice", &practice::session(&reader)?)
}

/// The same, where git knows what was changed.
fn practice_with_git() -> Result<Completion> {
    let (_folder, reader) = with_files()?;
    if !practice::commit(&reader)? {
        return skip("there is no git");
    }
    sees("practice", &practice::session(&reader)?)?;
    Ok(Completion::Completed)
}

fn every_hole_comes_back() -> Result<()> {
    let (_folder, reader) = with_files()?;
    practice::all_holes(&reader, 1)?;
    practice::all_holes(&reader, 2)
}

fn original_lost() -> Result<Completion> {
    let (_folder, reader) = with_files()?;
    match practice::original_lost(&reader)? {
        Some(seen) => sees("original-lost", &seen).map(|()| Completion::Completed),
        None => skip("there is no git"),
    }
}

fn changed_file() -> Result<Completion> {
    let (_folder, reader) = with_files()?;
    if !practice::commit(&reader)? {
        return skip("there is no git");
    }
    sees("changed-file", &practice::changed_file(&reader)?)?;
    Ok(Completion::Completed)
}

fn kept_originals() -> Result<Completion> {
    let (_folder, reader) = with_files()?;
    if !practice::commit(&reader)? {
        return skip("there is no git");
    }
    practice::kept_originals(&reader).map(|()| Completion::Completed)
}

fn cut_and_formatted() -> Result<Completion> {
    let (_folder, reader) = with_files()?;
    match practice::formatted(&reader)? {
        true => Ok(Completion::Completed),
        false => skip("there is no rustfmt"),
    }
}

fn port_in_use() -> Result<()> {
    let taken = TcpListener::bind("127.0.0.1:0")?;
    let line = format!("read --port {}", taken.local_addr()?.port());
    let finished = run_limited(&mut Reader::here().command(&line)?, BUILD_LIMIT)?;
    ensure!(finished.status.code() == Some(2), "{finished:?}");
    let first = finished.stderr.starts_with("building the book…\n");
    ensure!(first, "{finished:?}");
    ensure!(finished.stderr.contains("--port"), "{finished:?}");
    Ok(())
}
