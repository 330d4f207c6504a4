//! `bench`: what the chapters' code costs, beside others' on this machine.

use anyhow::{Context, Result};
use std::env;
use std::process::{Command, ExitCode};
use workbook::Workbook;

use super::run::become_it;
use super::{refused, term};

/// A workspace of its own, with other runtimes beside ours: no reader has to build them who does not ask.
const MANIFEST: &str = "crates/bench/Cargo.toml";

/// Builds the benchmarks as an application would be built, and runs them in place of this process.
///
/// # Errors
///
/// If they are not there, or cannot be started.
pub(crate) fn bench(
    workbook: &Workbook,
    filter: Option<&str>,
    rounds: u32,
) -> Result<ExitCode> {
    let manifest = workbook.root.join(MANIFEST);
    if !manifest.is_file() {
        return Err(refused(format!("there is no {MANIFEST} in this workbook")));
    }
    term::complain(
        "building the benchmarks, which takes minutes the first time; \
         then each row takes some seconds, best on a quiet machine…\n",
    );
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["run", "--release", "--quiet", "--manifest-path"]);
    command.arg(&manifest);
    command.args(["--", "--rounds", &rounds.to_string()]);
    command.args(filter);
    become_it(&mut command).context("cargo")
}
