//! What can be asked for, and how an answer ends: the arguments, the errors, the exit status.

mod bench;
mod build;
mod check;
mod diff;
mod done;
mod find;
mod holes;
mod judge;
mod list;
mod mine;
mod next;
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
use clap::error::{ContextKind, ErrorKind};
use clap::{CommandFactory, Parser, Subcommand};
use std::ffi::OsString;
use std::fmt;
use std::io;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// How long a program may run before it counts as hung. They take milliseconds: their clock is virtual.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// From Yield to Await: an event loop, built one chapter at a time.
#[derive(Parser)]
#[command(
    version,
    bin_name = "cargo run --",
    display_name = "From Yield to Await",
    max_term_width = 90
)]
#[command(
    after_help = "Without a command: runs the chapters that are quick to build, and says how each went."
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Ask>,
}

#[derive(Subcommand)]
enum Ask {
    /// List the chapters, or the programs and holes of one
    List {
        /// A chapter's number or name
        chapter: Option<String>,
    },
    /// Run a program of a chapter, or all of them in order
    Run(RunArgs),
    /// Compare what programs print with what they should print
    Check {
        /// A chapter's number or name; without it, every chapter
        chapter: Option<String>,
        /// A program's name, or a hole's; without it, every program of the chapter
        program: Option<String>,
        /// How many seconds a program may take
        #[arg(long, value_name = "SECONDS", default_value_t = TIME_LIMIT.as_secs())]
        #[arg(value_parser = whole_number(1..=3600))]
        limit: u64,
    },
    /// Cut a hole into a chapter, for you to fill
    Practice {
        /// A chapter's number or name
        chapter: String,
        /// A hole's name or number, or `all`; without it, the chapter's holes are listed
        hole: Option<String>,
    },
    /// Bring back the code that was cut out; yours is kept
    Solve {
        /// A chapter's number or name
        chapter: String,
        /// A hole's name or number; without it, all of them
        hole: Option<String>,
    },
    /// Write a runtime of your own, a rung at a time, in a crate of your own
    Mine {
        /// A chapter's number or name; without it, says how far you have come
        chapter: Option<String>,
    },
    /// Open the next hint for the rung at which you are
    Hint {
        /// A chapter's number or name
        chapter: String,
    },
    /// Show what you have done, and what is next
    Progress,
    /// Draw what a program did, step by step, or write it to a file
    Trace(trace::Asked),
    /// Read the book in a browser
    Read {
        /// The port to serve it on
        #[arg(long, default_value_t = 3000)]
        #[arg(value_parser = whole_number(0..=u16::MAX.into()))]
        port: u64,
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
        #[arg(value_parser = whole_number(1..=999))]
        rounds: u64,
        /// Only whether all do the same work, and what can be counted: a minute or two
        #[arg(long)]
        quick: bool,
        /// Write what was measured to this file, as JSON
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
        /// What the file is to say of this run, such as what else the machine did
        #[arg(long, default_value = "", hide_default_value = true, requires = "json")]
        note: String,
    },
}

#[derive(clap::Args)]
struct RunArgs {
    /// A chapter's number or name
    chapter: String,
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

/// Reads a whole number within `range`, and says what it wants instead of anything else.
fn whole_number(
    range: RangeInclusive<u64>,
) -> impl Fn(&str) -> Result<u64, String> + Clone {
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| {
            let (lowest, highest) = (range.start(), range.end());
            format!("it wants a whole number from {lowest} to {highest}")
        })
    }
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
    match asked().and_then(|cli| answer(cli.command)) {
        Ok(status) => status,
        // The reader went away (`… | head`): there is nobody left to tell.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            term::complain(&term::error(&format!("{error:#}")));
            ExitCode::from(if error.is::<Refused>() { 2 } else { 1 })
        }
    }
}

/// The arguments. What is wrong with them is told, with exit status 2, as is what `--help` asks for, with 0.
fn asked() -> Result<Cli> {
    Cli::try_parse().or_else(|error| match unknown_command(&error) {
        Some(name) => Err(no_such_command(&name)),
        None => error.exit(),
    })
}

fn unknown_command(error: &clap::Error) -> Option<String> {
    let name = error.get(ContextKind::InvalidSubcommand)?;
    (error.kind() == ErrorKind::InvalidSubcommand).then(|| name.to_string())
}

/// That there is no command `name`, and what to type instead.
fn no_such_command(name: &str) -> anyhow::Error {
    let cli = Cli::command();
    let commands = cli.get_subcommands().map(|it| it.get_name());
    let commands: Vec<&str> = commands.filter(|it| *it != "help").collect();
    let workbook = root().and_then(Workbook::open).ok();
    let meant = workbook.and_then(|it| find::command_for(&it, "run", name));
    let near = || {
        let near = chapter::nearest(name, &commands)?;
        Some(format!("did you mean '{near}'?"))
    };
    let instead = meant.or_else(near).unwrap_or_else(|| {
        let all = commands.join(", ");
        format!("there are {all} (`cargo run -- --help` says what each does)")
    });
    refused(format!("there is no command '{name}'; {instead}"))
}

fn answer(ask: Option<Ask>) -> Result<ExitCode> {
    catalogue::children::end_with_us().context("signals")?;
    let workbook = Workbook::open(root()?)?;
    match ask {
        None => overview::overview(&workbook),
        Some(Ask::List { chapter }) => list::list(&workbook, chapter.as_deref()),
        Some(Ask::Run(args)) => run::run(
            &workbook,
            &args.chapter,
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
            check::check(&workbook, chapter.as_deref(), program.as_deref(), limit)
        }
        Some(Ask::Practice { chapter, hole }) => {
            practice::practice(&workbook, &chapter, hole.as_deref())
        }
        Some(Ask::Solve { chapter, hole }) => {
            solve::solve(&workbook, &chapter, hole.as_deref())
        }
        Some(Ask::Mine { chapter }) => mine::mine(&workbook, chapter.as_deref()),
        Some(Ask::Hint { chapter }) => mine::hint(&workbook, &chapter),
        Some(Ask::Progress) => done::progress(&workbook),
        Some(Ask::Trace(asked)) => trace::trace(&workbook, &asked),
        Some(Ask::Read { port, open }) => read::read(&workbook, port, open),
        Some(Ask::Bench {
            row,
            list,
            rounds,
            quick,
            json,
            note,
        }) => bench::bench(
            &workbook,
            &bench::Asked {
                wanted: row.as_deref(),
                list,
                rounds,
                quick,
                json: json.as_deref(),
                note: &note,
            },
        ),
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
