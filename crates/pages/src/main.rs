//! The book's own command line; readers call it through `cargo run -- read`.
#![forbid(unsafe_code)]

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use pages::{Built, Desk};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Builds and serves the book.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the book into target/book, and fail if anything is wrong with it
    Build,
    /// Build the book and serve it on this machine
    Serve {
        /// The port to serve it on
        #[arg(long, default_value_t = 3000)]
        port: u16,
        /// Open it in the browser
        #[arg(long)]
        open: bool,
    },
    /// Be a preprocessor to mdBook: a book in, a book out
    Preprocess {
        #[command(subcommand)]
        question: Option<Question>,
    },
}

#[derive(Subcommand)]
enum Question {
    /// Say whether a renderer is supported: all are
    Supports {
        /// Its name
        renderer: String,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Build => build(),
        Command::Serve { port, open } => serve(port, open),
        Command::Preprocess { question: Some(_) } => Ok(ExitCode::SUCCESS),
        Command::Preprocess { question: None } => {
            pages::preprocess(io::stdin().lock(), io::stdout().lock())
                .map(|()| ExitCode::SUCCESS)
        }
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
    let built = built()?;
    // Whoever is at work on a chapter may break a rule of the pages. That must not keep the book from them.
    list(&built);
    let url = desk.url();
    println!("The book is at {url} (Ctrl-C ends it)");
    if open && let Err(error) = open::that_detached(&url) {
        eprintln!("no browser could be opened: {error}");
    }
    desk.serve(&built.dir)?;
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
