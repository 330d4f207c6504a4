//! What every chapter's `main` shares: its list of programs, their flags, and how a run ends.
//!
//! A chapter's binary is the macro [`main!`] and nothing else. It can be run alone
//! (`cargo run -p ch02-event-loop -- taxi --seed 3`); the workbook's `run`, `check` and the tests start the same
//! binary, so what a reader sees and what is tested cannot differ.
//!
//! A program's flags are declared in its [header](Header):
//!
//! ```
//! let source = "//! Three taxis drive.\n//!\n//! flag: --seed S  where the random trips start\n";
//! let header = chapter::Header::parse(source)?;
//! assert_eq!(header.about, "Three taxis drive.");
//! assert_eq!(header.flags[0].name, "seed");
//! # Ok::<(), chapter::BadHeader>(())
//! ```
#![forbid(unsafe_code)]

mod args;
mod header;
mod text;
mod tool;

use std::io::Write as _;
use std::process::ExitCode;

pub use args::{Args, BadInput};
pub use header::{BadHeader, Flag, Header, System, Twin};
pub use text::nearest;
pub use tool::{Failure, Tool};
use trace::say;

/// A chapter's programs, and what the chapter adds.
#[derive(Debug)]
pub struct Chapter {
    /// Its package, such as `ch02-event-loop`.
    pub package: &'static str,
    /// What it adds to the chapters before it.
    pub adds: &'static str,
    /// Its `src/main.rs`, from the workspace's root.
    pub main: &'static str,
    /// Its programs, in the order the page shows them.
    pub programs: &'static [Program],
    /// What it does for a user beside them.
    pub tool: Option<Tool>,
}

/// One program of a chapter: a file under `src/programs`, `src/steps`, `src/broken` or `src/solutions`.
#[derive(Debug)]
pub struct Program {
    /// Its file's name without `.rs`.
    pub file: &'static str,
    /// The folder it is in, which says what it is for.
    pub kind: &'static str,
    /// Its text, of which [`Header`] reads the top.
    pub source: &'static str,
    /// Runs it.
    pub run: fn(&Args) -> Result<(), BadInput>,
}

impl Chapter {
    /// Lets the recorder know what runs, if this is a build that records.
    fn trace(&self, program: &Program) -> trace::Run {
        let args: Vec<String> = std::env::args_os()
            .skip(2)
            .map(|arg| arg.to_string_lossy().into_owned())
            .collect();
        let folder = match program.kind {
            "mine" => "programs",
            kind => kind,
        };
        let src = self.main.trim_end_matches("main.rs");
        let file = format!("{src}{folder}/{}.rs", program.file);
        trace::begin(self.package, &program.name(), &args, &file)
    }
}

impl Program {
    /// The name a reader types: the file's, with dashes.
    pub fn name(&self) -> String {
        self.file.replace('_', "-")
    }
}

/// Defines a chapter's `main` from its list of programs, in the order the page shows them.
///
/// ```ignore
/// chapter::main! {
///     programs: taxi, late;
///     broken: max_heap;
/// }
/// ```
///
/// Each name is a file in the folder before the colon, with a `pub fn run(args: &Args) -> Result<(), BadInput>`.
/// One that only some systems can compile, since its header says `needs: unix`, is listed as `#[cfg(unix)] unix_chat`.
/// A reader's own `src/programs/my_*.rs` or `my-*.rs` need not be listed: the chapter's build script finds them.
///
/// A chapter that is also a [`Tool`] says so in the first line: `tool = SERVE;`, the name of a constant.
#[macro_export]
macro_rules! main {
    (tool = $tool:ident; $($lists:tt)+) => { $crate::main!(@ Some($tool); $($lists)+); };
    (@ $tool:expr; $($folder:ident: $($(#[$on:meta])? $program:ident),+ $(,)?;)+) => {
        // A program's `run` is public for this `main`, whose crate nobody links.
        $(#[allow(unreachable_pub)] mod $folder { $($(#[$on])? pub mod $program;)+ })+
        #[allow(unreachable_pub)]
        mod mine { include!(concat!(env!("OUT_DIR"), "/mine.rs")); }

        fn main() -> ::std::process::ExitCode {
            $crate::run($crate::Chapter {
                package: env!("CARGO_PKG_NAME"),
                adds: env!("CARGO_PKG_DESCRIPTION"),
                main: file!(),
                programs: &[$($($(#[$on])? $crate::Program {
                    file: stringify!($program),
                    kind: stringify!($folder),
                    source: include_str!(
                        concat!(stringify!($folder), "/", stringify!($program), ".rs")
                    ),
                    run: $folder::$program::run,
                }),+),+],
                tool: $tool,
            }, mine::PROGRAMS)
        }
    };
    ($folder:ident: $($lists:tt)+) => { $crate::main!(@ None; $folder: $($lists)+); };
}

/// What [`main!`] calls: runs the program that the command line names.
///
/// Exit status: 0, or what the program's failure asks for: 2 for bad input, 101 for a panic. A panic's message is
/// the last line of the transcript (its place goes to standard error, since line numbers are no part of one).
pub fn run(chapter: Chapter, mine: &'static [Program]) -> ExitCode {
    let mut parser = lexopt::Parser::from_env();
    if let Some(status) = chapter.tool.as_ref().and_then(Tool::start) {
        return status;
    }
    let all: Vec<&Program> = chapter.programs.iter().chain(mine).collect();
    match parser.next() {
        Ok(None | Some(lexopt::Arg::Long("list"))) => {
            list(&chapter, &all);
            ExitCode::SUCCESS
        }
        Ok(Some(lexopt::Arg::Long("help") | lexopt::Arg::Short('h'))) => {
            help(&chapter, &all);
            ExitCode::SUCCESS
        }
        Ok(Some(lexopt::Arg::Value(name))) => {
            let name = name.to_string_lossy().replace('_', "-");
            match all.iter().find(|program| program.name() == name) {
                Some(program) => {
                    let _run = chapter.trace(program);
                    start(program, &mut parser)
                }
                None => refuse(&no_such_program(&chapter, &all, &name)),
            }
        }
        Ok(Some(other)) => refuse(&other.unexpected().to_string()),
        Err(error) => refuse(&error.to_string()),
    }
}

fn start(program: &Program, parser: &mut lexopt::Parser) -> ExitCode {
    std::panic::set_hook(Box::new(|info| {
        say!(
            "panicked: {}",
            info.payload_as_str().unwrap_or("(no message)")
        );
        if let Some(place) = info.location() {
            // A second panic in here would end the process without a word.
            let _ = writeln!(std::io::stderr(), "at {place}");
        }
    }));
    let header = match program.kind {
        // A reader's own program runs without any ceremony.
        "mine" => Ok(Header::own(program.source)),
        _ => Header::parse(program.source),
    };
    let result = header
        .map_err(|error| BadInput::new(error.to_string()))
        .and_then(|header| Args::parse(&program.name(), &header, parser))
        .and_then(|args| (program.run)(&args));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refuse(&error.to_string()),
    }
}

fn refuse(why: &str) -> ExitCode {
    // Nobody can be told if that fails, too.
    let _ = writeln!(std::io::stderr(), "error: {why}");
    ExitCode::from(2)
}

fn no_such_program(chapter: &Chapter, all: &[&Program], name: &str) -> String {
    let names: Vec<String> = all.iter().map(|program| program.name()).collect();
    let commands = ["check", "list", "practice", "read", "run", "solve"];
    let hint = match nearest(name, &names) {
        _ if commands.contains(&name) => {
            "that is a command of the workbook: start it in the workbook's own folder"
                .into()
        }
        Some(near) => format!("did you mean {near}?"),
        None => format!("it has {}", names.join(", ")),
    };
    format!("{} has no program '{name}'; {hint}", chapter.package)
}

fn list(chapter: &Chapter, all: &[&Program]) {
    say!("{}: {}", chapter.package, chapter.adds);
    let width = all.iter().map(|p| p.name().len()).max().unwrap_or(0);
    let mut kind = "";
    for program in all {
        if program.kind != kind {
            kind = program.kind;
            say!();
            say!("{kind}");
        }
        let about =
            Header::parse(program.source).map_or_else(|e| e.to_string(), |h| h.about);
        say!("  {:width$}  {about}", program.name());
    }
    say!();
    say!("Run one: cargo run -p {} -- NAME [flags]", chapter.package);
    if let Some(tool) = &chapter.tool {
        say!();
        say!("{}", tool.usage);
    }
}

fn help(chapter: &Chapter, all: &[&Program]) {
    list(chapter, all);
    for program in all {
        let header = Header::parse(program.source).unwrap_or_default();
        if !header.clock && header.flags.is_empty() {
            continue;
        }
        say!();
        say!("flags of {}", program.name());
        for flag in &header.flags {
            say!(
                "  --{:14} {}",
                format!("{} {}", flag.name, flag.value),
                flag.about
            );
        }
        if header.clock {
            say!("  --real           on the wall clock instead of the virtual one");
        }
    }
}
