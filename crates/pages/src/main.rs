//! The book's own command line; readers call it through `cargo run -- read`.
#![forbid(unsafe_code)]

use anyhow::{Context, Result};
use lexopt::{Arg, ValueExt};
use pages::{Built, Desk, Reading};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What it is asked for, when that is not understood or `--help`.
const USAGE: &str = "\
Builds and serves the book.

pages build                          into target/book, and fails if anything is wrong with it
pages serve [--port PORT] [--open]   builds it and serves it on this machine (port 3000)
pages preprocess                     is a preprocessor to mdBook: a book in, a book out
";

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ask {
    Help,
    Build,
    Serve {
        port: u16,
        open: bool,
    },
    Preprocess,
    /// Whether it is for the renderer that is named: it is for all.
    Supports,
}

impl Ask {
    fn parse(mut arguments: lexopt::Parser) -> Result<Ask, lexopt::Error> {
        let (mut words, mut port, mut open) = (Vec::new(), None, false);
        while let Some(argument) = arguments.next()? {
            match argument {
                Arg::Short('h') | Arg::Long("help") => return Ok(Ask::Help),
                Arg::Long("port") => port = Some(arguments.value()?.parse()?),
                Arg::Long("open") => open = true,
                Arg::Value(word) => words.push(word.string()?),
                other => return Err(other.unexpected()),
            }
        }
        let served = port.is_some() || open;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match &words[..] {
            ["serve"] => Ok(Ask::Serve {
                port: port.unwrap_or(3000),
                open,
            }),
            _ if served => Err("--port and --open are for `serve`".into()),
            ["build"] => Ok(Ask::Build),
            ["preprocess"] => Ok(Ask::Preprocess),
            ["preprocess", "supports", _] => Ok(Ask::Supports),
            [] => Err("what is it to do?".into()),
            words => Err(format!("`{}` cannot be asked for", words.join(" ")).into()),
        }
    }
}

fn main() -> ExitCode {
    let ask = match Ask::parse(lexopt::Parser::from_env()) {
        Ok(ask) => ask,
        Err(error) => {
            eprintln!("error: {error}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    if let Err(error) = catalogue::children::end_with_us() {
        eprintln!("what is started may outlive this process: {error}");
    }
    let done = match ask {
        Ask::Help => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        Ask::Build => build(),
        Ask::Serve { port, open } => serve(port, open),
        Ask::Supports => Ok(ExitCode::SUCCESS),
        Ask::Preprocess => pages::preprocess(io::stdin().lock(), io::stdout().lock())
            .map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn build() -> Result<ExitCode> {
    let built = built()?;
    let page = built.dir.join("index.html");
    if built.problems.is_empty() {
        println!("{}", page.display());
        return Ok(ExitCode::SUCCESS);
    }
    list(&built);
    Ok(ExitCode::FAILURE)
}

fn serve(port: u16, open: bool) -> Result<ExitCode> {
    let desk = match Desk::take(port) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            let other = port.checked_add(1).unwrap_or(3000);
            eprintln!(
                "error: port {port} is in use; choose another: cargo run -- read --port {other}"
            );
            return Ok(ExitCode::from(2));
        }
        desk => desk.with_context(|| format!("port {port}"))?,
    };
    let root = root()?;
    let (reading, built) = Reading::begin(&root, &root.join("target/book"))?;
    // Whoever is at work on a chapter may break a rule of the pages. That must not keep the book from them.
    list(&built);
    let url = desk.url();
    println!("The book is at {url} (Ctrl-C ends it)");
    if open && let Err(error) = open::that_detached(&url) {
        eprintln!("no browser could be opened: {error}");
    }
    reading.serve(&desk, &built, |built| {
        println!("The book was built again");
        list(built);
    });
    Ok(ExitCode::SUCCESS)
}

fn list(built: &Built) {
    for problem in &built.problems {
        eprintln!("{problem}");
    }
    match built.problems.len() {
        0 => {}
        1 => eprintln!("the book has 1 problem"),
        several => eprintln!("the book has {several} problems"),
    }
}

fn built() -> Result<Built> {
    let root = root()?;
    pages::build(&root, &root.join("target/book"))
}

/// The workspace: the folder at or above the current one that has a book, or else where this was compiled.
fn root() -> Result<PathBuf> {
    let here = std::env::current_dir()?;
    let is_root = |folder: &&Path| folder.join("book/book.toml").is_file();
    let compiled = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let root = here.ancestors().find(is_root).unwrap_or(&compiled);
    Ok(root.to_path_buf())
}
