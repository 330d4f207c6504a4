//! What can be asked for, and how an answer ends: the arguments, the errors, the exit status.

mod bench;
mod build;
mod check;
mod diff;
mod find;
mod holes;
mod judge;
mod list;
mod overview;
mod practice;
mod progress;
mod read;
mod refuse;
mod run;
mod solve;
mod store;
mod term;
mod trace;

use anyhow::{Context, Result};
use catalogue::Workbook;
use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// How long a program may run before it counts as hung. They take milliseconds: their clock is virtual.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// From Yield to Await: an event loop, built one chapter at a time.
#[derive(Parser)]
#[command(
    bin_name = "cargo run --",
    max_term_width = 90,
    disable_version_flag = true
)]
#[command(after_help = "Without a command: runs every chapter and says how it went.")]
struct Cli {
    #[command(subcommand)]
    command: Option<Ask>,
}

#[derive(Subcommand)]
enum Ask {
    /// List the chapters, or the programs and holes of one
    List {
        /// A chapter's number
        #[arg(value_parser = chapter_number)]
        chapter: Option<u32>,
    },
    /// Run a program of a chapter, or all of them in order
    Run(RunArgs),
    /// Compare what programs print with what they should print
    Check {
        /// A chapter's number; without it, every chapter
        #[arg(value_parser = chapter_number)]
        chapter: Option<u32>,
        /// A program's name; without it, every program of the chapter
        program: Option<String>,
        /// How many seconds a program may take
        #[arg(long, value_name = "SECONDS", default_value_t = TIME_LIMIT.as_secs())]
        #[arg(value_parser = clap::value_parser!(u64).range(1..=3600))]
        limit: u64,
    },
    /// Cut a hole into a chapter, for you to fill
    Practice {
        /// A chapter's number
        #[arg(value_parser = chapter_number)]
        chapter: u32,
        /// A hole's name or number, or `all`; without it, the chapter's holes are listed
        hole: Option<String>,
    },
    /// Bring back the code that was cut out; yours is kept
    Solve {
        /// A chapter's number
        #[arg(value_parser = chapter_number)]
        chapter: u32,
        /// A hole's name or number; without it, all of them
        hole: Option<String>,
    },
    /// Draw what a program did, step by step, or write it to a file
    Trace(trace::Asked),
    /// Read the book in a browser
    Read {
        /// The port to serve it on
        #[arg(long, default_value_t = 3000)]
        port: u16,
        /// Open the browser, too
        #[arg(long)]
        open: bool,
    },
    /// Measure what the chapters' code costs, beside other runtimes
    Bench {
        /// A row's name, or a part of it, or a chapter; without it, everything
        row: Option<String>,
        /// List what there is to measure
        #[arg(long)]
        list: bool,
        /// How many rounds of a row are counted at most
        #[arg(long, default_value_t = 11)]
        #[arg(value_parser = clap::value_parser!(u32).range(1..1000))]
        rounds: u32,
    },
}

#[derive(clap::Args)]
struct RunArgs {
    /// A chapter's number
    #[arg(value_parser = chapter_number)]
    chapter: u32,
    /// A program's name; without it, all programs of the chapter run in order
    #[arg(allow_hyphen_values = true)]
    program: Option<String>,
    /// On the wall clock instead of the virtual one
    #[arg(long)]
    real: bool,
    /// What the program takes; `list CHAPTER` tells
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    flags: Vec<OsString>,
}

fn chapter_number(text: &str) -> Result<u32, &'static str> {
    text.parse()
        .map_err(|_| "a chapter is named by its number, as in `run 2 taxi`")
}

/// Something asked for that cannot be had: exit status 2, and nothing was changed.
#[derive(Debug)]
struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// An error that ends with status 2.
fn refused(why: impl Into<String>) -> anyhow::Error {
    Refused(why.into()).into()
}

/// Reads the arguments, does what they ask for, and returns the exit status: 0, 1 if something is wrong with a
/// chapter, 2 if what was asked for does not exist or would lose something.
pub(crate) fn start() -> ExitCode {
    let cli = Cli::parse();
    match answer(cli.command) {
        Ok(status) => status,
        // The reader went away (`… | head`): there is nobody left to tell.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let red = term::RED.bold();
            let _ = writeln!(anstream::stderr(), "{red}error:{red:#} {error:#}");
            ExitCode::from(if error.is::<Refused>() { 2 } else { 1 })
        }
    }
}

fn answer(ask: Option<Ask>) -> Result<ExitCode> {
    let workbook = Workbook::open(root()?)?;
    match ask {
        None => overview::overview(&workbook),
        Some(Ask::List { chapter }) => list::list(&workbook, chapter),
        Some(Ask::Run(args)) => run::run(
            &workbook,
            args.chapter,
            args.program.as_deref(),
            args.real,
            args.flags,
        ),
        Some(Ask::Check {
            chapter,
            program,
            limit,
        }) => {
            let limit = Duration::from_secs(limit);
            check::check(&workbook, chapter, program.as_deref(), limit)
        }
        Some(Ask::Practice { chapter, hole }) => {
            practice::practice(&workbook, chapter, hole.as_deref())
        }
        Some(Ask::Solve { chapter, hole }) => {
            solve::solve(&workbook, chapter, hole.as_deref())
        }
        Some(Ask::Trace(asked)) => trace::trace(&workbook, &asked),
        Some(Ask::Read { port, open }) => read::read(&workbook, port, open),
        Some(Ask::Bench { row, list, rounds }) => {
            bench::bench(&workbook, row.as_deref(), list, rounds)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// The workspace's folder: the nearest one above the current folder, or else the one that cargo ran us from
/// (`cargo run --manifest-path …`).
fn root() -> Result<PathBuf> {
    let here = std::env::current_dir().context("the current folder")?;
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let above = |folder: &Path| {
        let mut folders = folder.ancestors();
        let found = folders.find(|folder| folder.join("book/plan.toml").is_file());
        found.map(Path::to_path_buf)
    };
    above(&here)
        .or_else(|| above(&package?))
        .ok_or_else(|| refused("this folder is not inside the workbook: there is no book/plan.toml here or above"))
}
