//! What the tests share: where things are, how a program is run, and what it is compared with.
//!
//! - [`attacks`]: what servers must not fall for.
//! - [`blame`]: which line a panic blames.
//! - [`chapters`]: builds every chapter's binary once, and says where it is.
//! - [`mod@copy`]: a copy of the workspace, to break things in.
//! - [`harness`]: the contract that every hand-written future is run through.
//! - [`limits`]: how long a test may take, and how thorough it is.
//! - [`nobody`]: an address at which nobody listens.
//! - [`process`]: runs a command under a time limit.
//! - [`python`]: finds a Python for the twins.
//! - [`reader`]: types commands, and breaks things in a copy of the workspace.
//! - [`refusal`]: compiles what must not compile.
//! - [`report`]: what a sanitizer says, less what differs between machines.
//! - [`snapshot`](mod@snapshot): compares a text with its snapshot.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use ignore::WalkBuilder;
use libtest_mimic::{Arguments, Completion, Trial};

pub mod attacks;
pub mod blame;
pub mod chapters;
pub mod copy;
pub mod harness;
pub mod limits;
pub mod nobody;
pub mod process;
pub mod python;
pub mod reader;
pub mod refusal;
pub mod report;
pub mod snapshot;

/// The folder with the workspace's `Cargo.toml`: the one that cargo tests now. Two clones that share a target folder
/// may share this binary, so the folder it was compiled in is only what is left where cargo does not run it.
pub fn root() -> PathBuf {
    let tests = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let tests = tests.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    tests.parent().unwrap_or(&tests).to_path_buf()
}

/// The files below `folder` that git would keep if its rules were those of the `.gitignore` there.
///
/// # Panics
///
/// If a folder cannot be read.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let walk = WalkBuilder::new(folder)
        .hidden(false)
        // A copy of the workspace may lie in an ignored folder of it.
        .parents(false)
        .require_git(false)
        .git_global(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build();
    let entries = walk.map(|entry| entry.unwrap());
    let files = entries.filter(|it| it.file_type().is_some_and(|kind| kind.is_file()));
    files.map(|entry| entry.into_path()).collect()
}

/// A trial that may leave itself out with [`skip`]. Its failure is told with all its causes.
pub fn trial(
    name: impl Into<String>,
    run: impl FnOnce() -> Result<Completion> + Send + 'static,
) -> Trial {
    let name = name.into();
    Trial::ignorable_test(name.clone(), move || {
        let _limit = limits::end_process(name.clone(), limits::ONE_TRIAL);
        let start = Instant::now();
        let done = run();
        let mut times = TIMES.lock().unwrap_or_else(PoisonError::into_inner);
        times.push((start.elapsed(), name));
        done.map_err(|error| format!("{error:#}").into())
    })
}

/// How long each trial took.
static TIMES: Mutex<Vec<(Duration, String)>> = Mutex::new(Vec::new());

/// What the `main` of a test target does: runs `trials` as its arguments ask. With `WORKBOOK_TIMES=1` it says
/// afterwards which took longest, with what they waited for.
pub fn run(trials: Result<Vec<Trial>>) -> ExitCode {
    let trials = match trials {
        Ok(trials) => trials,
        Err(error) => {
            eprintln!("error: {error:#}");
            return ExitCode::FAILURE;
        }
    };
    let conclusion = libtest_mimic::run(&Arguments::from_args(), trials);
    if std::env::var_os("WORKBOOK_TIMES").is_some() {
        let mut times = TIMES.lock().unwrap_or_else(PoisonError::into_inner);
        times.sort_by(|a, b| b.cmp(a));
        for (time, name) in times.iter().take(12) {
            eprintln!("{:8.2} s  {name}", time.as_secs_f64());
        }
    }
    conclusion.exit_code()
}

/// Whether leaving a test out is a failure. `.ci/run` sets `WORKBOOK_REQUIRE=1`: there, everything is installed.
pub fn required() -> bool {
    std::env::var("WORKBOOK_REQUIRE").is_ok_and(|value| value == "1")
}

/// Leaves a trial out because something is not installed, or fails it where that is [`required`].
///
/// # Errors
///
/// If nothing may be left out.
pub fn skip(why: &str) -> Result<Completion> {
    if required() {
        bail!("{why}, and WORKBOOK_REQUIRE=1 lets no test be left out");
    }
    Ok(Completion::ignored_with(format!("skipped: {why}")))
}
