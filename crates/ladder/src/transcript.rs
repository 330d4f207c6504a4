//! What a check prints, and what it should print.

use std::fmt::Display;
use std::fs;
use std::mem;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crate::fail;

static SAID: Mutex<String> = Mutex::new(String::new());

/// Prints a line, and keeps it.
pub fn say(line: impl Display) {
    let line = format!("{line}\n");
    print!("{line}");
    let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
    said.push_str(&line);
}

/// Fails unless what was said since the last comparison is what the snapshot `name` of a chapter says.
pub fn prints_as(chapter: &str, name: &str) {
    let said = mem::take(&mut *SAID.lock().unwrap_or_else(PoisonError::into_inner));
    let wanted = snapshot(chapter, name);
    let (mut said, mut wanted) = (said.lines(), wanted.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (said.next(), wanted.next()) {
            (None, None) => return,
            (Some(said), Some(wanted)) if said == wanted => {}
            (Some(said), Some(wanted)) => fail(format_args!(
                "line {number} should be\n  {wanted}\nand is\n  {said}"
            )),
            (Some(said), None) => {
                fail(format_args!("line {number} is one too many:\n  {said}"));
            }
            (None, Some(wanted)) => {
                fail(format_args!("line {number} is missing:\n  {wanted}"));
            }
        }
    }
}

/// The text of a snapshot of this workspace.
fn snapshot(chapter: &str, name: &str) -> String {
    let folder = std::env::var_os("LADDER_SNAPSHOTS").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| "tests/snapshots".into());
    let file = folder.join(chapter).join(format!("{name}.snap"));
    let text = match fs::read_to_string(&file) {
        Ok(text) => text.replace("\r\n", "\n"),
        Err(error) => fail(format_args!("{}: {error}", file.display())),
    };
    // What insta writes in front of it.
    match text.splitn(3, "---\n").nth(2) {
        Some(text) => text.to_string(),
        None => text,
    }
}
