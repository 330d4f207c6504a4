//! Whatever panics, wherever: the process lives, and everybody else goes on.
//!
//! Each case is a fault, the moment at which it strikes, and a runtime. It runs in a process of its own, since what it
//! must not do is abort, overflow its stack, or hang.

use std::env;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use anyhow::{Result, bail};
use libtest_mimic::{Completion, Trial};
use wait_timeout::ChildExt;
use workbook_tests::{run, trial};

#[path = "panics/faults.rs"]
mod faults;
#[path = "panics/moments.rs"]
mod moments;
#[path = "panics/runtimes.rs"]
mod runtimes;
#[path = "panics/sockets.rs"]
mod sockets;

use faults::FAULTS;
use moments::MOMENTS;
use runtimes::RUNTIMES;
use sockets::SOCKET_FAULTS;

/// Set in the process of one case, to its name.
const CASE: &str = "PANICS_CASE";

/// How long a case may take. It is no measure of speed: one that hangs would take for ever.
const LIMIT: Duration = Duration::from_secs(120);

fn main() -> ExitCode {
    match env::var(CASE) {
        Ok(case) => strike(&case),
        Err(_) => run(Ok(trials())),
    }
}

fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for runtime in RUNTIMES {
        for fault in FAULTS.iter().chain(SOCKET_FAULTS) {
            // On sockets are the tasks of a runtime that is tried without.
            if fault.needs_tasks && runtime.tasks.is_none()
                || fault.needs_sockets != runtime.has_sockets
            {
                continue;
            }
            for moment in MOMENTS {
                let case = format!("{}::{}::{}", runtime.name, moment.name, fault.name);
                let name = case.clone();
                trials.push(trial(name, move || in_a_process(&case)));
            }
        }
    }
    trials
}

/// Runs one case; what goes wrong is a panic or worse.
fn strike(case: &str) -> ExitCode {
    let mut names = case.split("::");
    let mut next = || names.next().expect("three names");
    let (runtime, moment, fault) = (next(), next(), next());
    let runtime = RUNTIMES.iter().find(|it| it.name == runtime).unwrap();
    let moment = MOMENTS.iter().find(|it| it.name == moment).unwrap();
    let mut faults = FAULTS.iter().chain(SOCKET_FAULTS);
    let fault = faults.find(|it| it.name == fault).unwrap();
    (moment.strike)(runtime, fault);
    println!("survived");
    ExitCode::SUCCESS
}

fn in_a_process(case: &str) -> Result<Completion> {
    let mut child = Command::new(env::current_exe()?)
        .env(CASE, case)
        .env("RUST_BACKTRACE", "0")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if child.wait_timeout(LIMIT)?.is_none() {
        child.kill()?;
        child.wait()?;
        bail!("it hangs");
    }
    let output = child.wait_with_output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    if output.status.success() && said.trim_end() == "survived" {
        return Ok(Completion::Completed);
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = errors.lines().collect();
    let last = lines[lines.len().saturating_sub(12)..].join("\n");
    bail!("{}; it said last:\n{last}", output.status)
}
