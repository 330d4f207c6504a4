//! Every page of the book, opened in a real browser by `tests/browser/pages.mjs`.

use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Result, ensure};
use libtest_mimic::Completion;
use workbook_tests::chapters::{build, cargo};
use workbook_tests::process::{last_lines, run_limited};
use workbook_tests::{root, run, skip, trial};

/// How long the whole tour through the book may take.
const TOUR: Duration = Duration::from_secs(600);

/// The status with which the script says that something is not installed.
const LEFT_OUT: i32 = 77;

fn main() -> ExitCode {
    run(Ok(vec![trial("every page of the book", tour)]))
}

fn tour() -> Result<Completion> {
    let mut node = Command::new("node");
    if run_limited(node.arg("--version"), Duration::from_secs(30)).is_err() {
        return skip("Node.js is not installed");
    }
    let built = build(&mut cargo(&root()), &["pages"])?;
    let mut node = Command::new("node");
    node.arg("pages.mjs").arg(built.binary("pages")?);
    node.current_dir(root().join("tests/browser"));
    let finished = run_limited(&mut node, TOUR)?;
    if finished.status.code() == Some(LEFT_OUT) {
        return skip(finished.stderr.trim());
    }
    ensure!(
        finished.status.success(),
        "{}\n{}",
        last_lines(&finished.stdout, 5),
        last_lines(&finished.stderr, 60)
    );
    Ok(Completion::Completed)
}
