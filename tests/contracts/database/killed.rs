//! A program that commits until it is killed, and what it has told of by then.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use fastrand::Rng;

/// Starts the test `victim`, which finds its database where the variable says; lets it commit a few more times, and
/// kills it. The last commit that it has told of, with all that it had said.
pub(crate) fn kill_after(
    victim: &str,
    (variable, place): (&str, &OsStr),
    rng: &mut Rng,
) -> i64 {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([victim, "--exact", "--ignored", "--nocapture"]);
    command.env(variable, place);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    // The first lines are those of the test harness.
    for _ in 0..rng.u32(1..12) {
        said.read_line(&mut text).unwrap();
    }
    // Anywhere between one commit and the next.
    for _ in 0..rng.u32(..200_000) {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    said.read_to_string(&mut text).unwrap();
    let committed = text
        .lines()
        .filter_map(|line| line.strip_prefix("committed "));
    committed.map(|id| id.parse().unwrap()).max().unwrap_or(0)
}
