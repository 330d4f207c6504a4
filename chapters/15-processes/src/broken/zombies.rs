//! Children that nobody waits for stay in the table of processes, though they have ended.
//!
//! twin: none, asyncio's loop watches every child that it has started
//! needs: linux

use std::fs;
use std::io;
use std::process::Command;

use chapter::{Args, BadInput};
use trace::say;

// ANCHOR: main
/// What the operating system says of it: `Z` is for zombie.
fn state(id: u32) -> Option<char> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    stat.rsplit_once(')')?.1.trim().chars().next()
}

fn depot() -> io::Result<()> {
    let mut ids = Vec::new();
    for _ in 0..3 {
        // std's, which leaves the waiting to us; and we forget it.
        ids.push(Command::new("true").spawn()?.id());
    }
    while ids.iter().any(|id| state(*id) != Some('Z')) {
        std::thread::yield_now();
    }
    say!(
        "{} children have ended, and all of them are zombies",
        ids.len()
    );
    Ok(())
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    depot().map_err(|error| BadInput::new(error.to_string()))
}
