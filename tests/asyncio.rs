//! The loop that the Python twins run on, `tests/asyncio/run.py`: what it promises, and that asyncio alone does not.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use libtest_mimic::{Completion, Trial};
use workbook_tests::process::{Finished, LIMIT, run_limited};
use workbook_tests::python::{Python, python};
use workbook_tests::snapshot::same;
use workbook_tests::{root, run, skip, trial};

fn main() -> ExitCode {
    run(Ok(vec![
        python_trial("ties are first-in first-out", |python| {
            let found = run_twin(python, &["ties.py"])?;
            let turn = "0 1 2 3 4 5 6 7 8 9";
            let wanted = format!("{turn} at 1\n{turn} at 2\nat 3.0\n");
            same(("expected", &wanted), ("found", &found.stdout))
        }),
        python_trial("asyncio's own ties are not", |python| {
            let found = run_twin(python, &["--stock-ties", "ties.py"])?;
            let first = found.stdout.lines().next();
            ensure!(
                first == Some("0 2 6 9 8 5 7 4 1 3 at 1"),
                "{}",
                found.stdout
            );
            Ok(())
        }),
        python_trial("a program that can never go on is told so", |python| {
            let found = run_twin(python, &["deadlock.py"])?;
            ensure!(found.status.code() == Some(1), "{}", found.status);
            let wanted = "deadlock: nothing is ready and no timer is set; \
                          waiting: Task-1 (main), waiter (forever)\n";
            same(("expected", wanted), ("found", &found.stderr))
        }),
        python_trial("a thread is waited for, an hour is not", |python| {
            let start = Instant::now();
            let found = run_twin(python, &["outside.py"])?;
            ensure!(start.elapsed() < Duration::from_secs(30));
            same(
                ("expected", "from a thread\n0.0\na timer\n3600.0\n"),
                ("found", &found.stdout),
            )
        }),
    ]))
}

fn python_trial(name: &str, test: fn(&Python) -> Result<()>) -> Trial {
    trial(name, move || match python() {
        Ok(python) => test(python).map(|()| Completion::Completed),
        Err(why) => skip(why),
    })
}

fn run_twin(python: &Python, args: &[&str]) -> Result<Finished> {
    let mut command = python.command();
    command.arg("run.py").args(args);
    run_limited(command.current_dir(root().join("tests/asyncio")), LIMIT)
}
