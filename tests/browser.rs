//! The book in a real browser: every page of it (`tests/browser/pages.mjs`), what it offers beside them (`site.mjs`), and the stepper that plays traces
//! (`stepper.mjs`, and without a browser `replay.test.mjs`).

use std::process::{Command, ExitCode};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Result, ensure};
use libtest_mimic::Completion;
use workbook_tests::chapters::{build, cargo};
use workbook_tests::process::{last_lines, run_limited};
use workbook_tests::{root, run, skip, trial};

/// How long one of the scripts may take.
const LIMIT: Duration = Duration::from_secs(600);

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

/// Who builds and serves the book: two at once would write the same files.
static BOOK: Mutex<()> = Mutex::new(());

/// Runs a script that is given a program which serves the book.
fn in_browser(name: &str) -> Result<Completion> {
    let _alone = BOOK.lock().unwrap_or_else(PoisonError::into_inner);
    let built = build(&mut cargo(&root()), &["pages"])?;
    script(&[name, &built.binary("pages")?.to_string_lossy()])
}

fn script(arguments: &[&str]) -> Result<Completion> {
    let mut node = Command::new("node");
    if run_limited(node.arg("--version"), Duration::from_secs(30)).is_err() {
        return skip("Node.js is not installed");
    }
    let mut node = Command::new("node");
    node.args(arguments)
        .current_dir(root().join("tests/browser"));
    let finished = run_limited(&mut node, LIMIT)?;
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
