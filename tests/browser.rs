//! The book in a real browser: every page of it (`tests/browser/pages.mjs`), what it offers beside them (`site.mjs`), and the stepper that plays traces
//! (`stepper.mjs`, and without a browser `replay.test.mjs`).

use std::process::{Command, ExitCode};
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use libtest_mimic::Completion;
use pages::Desk;
use workbook_tests::limits::quick_or_full;
use workbook_tests::process::{last_lines, run_limited};
use workbook_tests::{root, run, skip, trial};

/// How long one of the scripts may take. The full form opens some five hundred pages, each chapter with its sources.
fn limit() -> Duration {
    Duration::from_secs(quick_or_full(600, 1500))
}

/// The status with which a script says that something is not installed.
const LEFT_OUT: i32 = 77;

fn main() -> ExitCode {
    run(Ok(vec![
        trial("every page of the book", || in_browser("pages.mjs")),
        trial("looking up, the keyboard, the printed page", || {
            in_browser("site.mjs")
        }),
        trial("the stepper", || in_browser("stepper.mjs")),
        trial("the stepper's replay", || {
            script(&["--test", "replay.test.mjs"])
        }),
    ]))
}

/// Where the book is served, once for all scripts, until this process ends. An error is told by all of them.
static BOOK: LazyLock<Result<String, String>> =
    LazyLock::new(|| serve().map_err(|error| format!("{error:#}")));

fn serve() -> Result<String> {
    let built = pages::build(&root(), &root().join("target/book"))?;
    let desk = Desk::take(0).context("no port")?;
    let address = desk.url();
    thread::spawn(move || desk.serve(&built.dir));
    Ok(address)
}

/// Runs a script that is given the address of the book.
fn in_browser(name: &str) -> Result<Completion> {
    let address = BOOK.as_ref().map_err(|error| anyhow!("{error}"))?;
    script(&[name, address])
}

fn script(arguments: &[&str]) -> Result<Completion> {
    let mut node = Command::new("node");
    if run_limited(node.arg("--version"), Duration::from_secs(30)).is_err() {
        return skip("Node.js is not installed");
    }
    let mut node = Command::new("node");
    node.args(arguments)
        .current_dir(root().join("tests/browser"));
    let finished = run_limited(&mut node, limit())?;
    if finished.status.code() == Some(LEFT_OUT) {
        return skip(finished.stderr.trim());
    }
    ensure!(
        finished.status.success(),
        "{}\n{}",
        last_lines(&finished.stdout, 60),
        last_lines(&finished.stderr, 60)
    );
    Ok(Completion::Completed)
}
