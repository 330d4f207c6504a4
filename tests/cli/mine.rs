//! `mine` and `hint`: a reader's own crate, which is made, checked, and never changed.

use std::fs;

use anyhow::{Result, ensure};
use workbook_tests::process::{BUILD_LIMIT, run_limited};
use workbook_tests::reader::{Reader, with_built_copy};

use crate::{fits, sees};

const FILE: &str = "mine/src/generators.rs";

/// Our version of the reader's file after a rung of chapter 1.
fn ours(reader: &Reader, place: u32) -> Result<String> {
    reader.read(&format!(
        "chapters/01-generators/ladder/solution/{place}.rs"
    ))
}

/// From the empty file up to the last rung, with mistakes on the way.
pub(crate) fn from_nothing() -> Result<()> {
    let reader = with_built_copy()?;
    let mut seen = reader.session(&["mine", "hint 1", "mine 1"])?;
    // Typed again, and nothing is there: what is wanted, and what the compiler says.
    let missing = reader.types("mine 1")?;
    ensure!(missing.status.success(), "{missing:?}");
    for wanted in ["1.1 wants this", "    pub struct Countdown", "error[E0432]"] {
        ensure!(missing.stdout.contains(wanted), "{wanted}: {missing:?}");
    }
    seen += &reader.session(&["hint 1", "hint 1", "hint 1", "hint 1"])?;
    let first = ours(&reader, 1)?;
    // Forgotten between two calls.
    let wrong = first.replace("self.n -= 1;", "");
    reader.write(FILE, &wrong.replace("self.n + 1", "self.n"))?;
    seen += &reader.session(&["mine 1"])?;
    let broken = "Your crate does not compile.";
    let unusable = "1.1 wants this in mine/src/generators.rs, and what is there";
    for (old, new, wanted) in [
        ("self.n == 0", "self.n = 0", broken),
        ("pub fn from(n: u32)", "pub fn from(n: u8)", broken),
        (
            "pub fn from(n: u32)",
            "pub fn from(n: u32, _: u8)",
            unusable,
        ),
    ] {
        reader.write(FILE, &first.replace(old, new))?;
        let finished = reader.types("mine 1")?;
        ensure!(finished.status.code() == Some(1), "{new}: {finished:?}");
        ensure!(finished.stdout.contains(wanted), "{new}: {finished:?}");
        ensure!(finished.stdout.contains("error["), "{new}: {finished:?}");
    }
    // It goes up, and says once what each rung means.
    reader.write(FILE, &first)?;
    seen += &reader.session(&["mine 1", "mine 1", "mine 1.1"])?;
    reader.write(FILE, &ours(&reader, 5)?)?;
    seen += &reader.session(&["mine 1", "mine generators", "hint 1", "mine"])?;
    sees("mine", &seen)?;
    a_dependency_is_added_at_the_end(&reader)?;
    // What held, and does not any more.
    reader.write(FILE, &first)?;
    let back = reader.types("mine 1")?;
    ensure!(back.status.code() == Some(1), "{back:?}");
    ensure!(back.stdout.contains("✗ 1.2  The end"), "{back:?}");
    ensure!(back.stdout.contains("completes a second time"), "{back:?}");
    for columns in ["40", "80"] {
        let mut command = reader.command("mine")?;
        let finished = run_limited(command.env("COLUMNS", columns), BUILD_LIMIT)?;
        fits(&finished.stdout, columns.parse()?)?;
    }
    Ok(())
}

/// A line that is added to the end of the manifest, as the rungs of chapter 7 ask for it.
fn a_dependency_is_added_at_the_end(reader: &Reader) -> Result<()> {
    let last = ours(reader, 5)?;
    let manifest = reader.read("mine/Cargo.toml")?;
    let line = "ladder = { path = \"../crates/ladder\" }\n";
    reader.write("mine/Cargo.toml", &format!("{manifest}{line}"))?;
    reader.write(FILE, &format!("{last}\nuse ladder as _;\n"))?;
    let used = reader.types("mine 1")?;
    ensure!(used.status.success(), "{used:?}");
    reader.write("mine/Cargo.toml", &manifest)
}

/// Whatever a reader's code does, the check ends and says what.
pub(crate) fn whatever_it_does() -> Result<()> {
    let reader = with_built_copy()?;
    reader.types("mine 1")?;
    let first = ours(&reader, 1)?;
    let answer = "self.n -= 1;";
    ensure!(first.contains(answer), "{first}");
    let tries = |body: &str| -> Result<String> {
        reader.write(FILE, &first.replace(answer, body))?;
        let mut command = reader.command("mine 1")?;
        let finished = run_limited(command.env("LADDER_LIMIT", "1"), BUILD_LIMIT)?;
        ensure!(finished.status.code() == Some(1), "{body}: {finished:?}");
        Ok(finished.stdout)
    };
    for (body, wanted) in [
        ("loop {}", "hangs  it has not ended after 1 s"),
        ("panic!(\"oh\");", "panic  mine/src/generators.rs:34: oh"),
        // Of the two limits, either comes first.
        (
            "loop { println!(\"and\"); }",
            "1.1  A countdown that stops\n\n",
        ),
        ("self.resume(()); self.n -= 1;", "The check ended with"),
        ("std::process::abort();", "The check ended with"),
    ] {
        let said = tries(body)?;
        ensure!(said.contains(wanted), "{body}: {said}");
        ensure!(said.contains("✗ 1.1"), "{body}: {said}");
    }
    Ok(())
}

/// What a reader has is never changed, also where something is missing or damaged.
pub(crate) fn nothing_is_lost() -> Result<()> {
    let reader = with_built_copy()?;
    // Killed while the crate was made: there is no manifest, and the reader has written already.
    reader.write(FILE, "// my first line\n")?;
    reader.write("mine/src/notes.rs", "// my notes\n")?;
    let made = reader.types("mine 1")?;
    ensure!(made.status.success(), "{made:?}");
    ensure!(reader.read(FILE)? == "// my first line\n");
    ensure!(reader.read("mine/src/notes.rs")? == "// my notes\n");
    // The crate is the reader's: it may have another manifest, and its files in other places.
    let manifest = reader.read("mine/Cargo.toml")?;
    reader.write("mine/Cargo.toml", &format!("# mine\n{manifest}"))?;
    let moved = "mine/src/generators/mod.rs";
    reader.write(moved, &ours(&reader, 1)?)?;
    fs::remove_file(reader.folder.join(FILE))?;
    let lib = reader.read("mine/src/lib.rs")?;
    let found = reader.types("mine 1")?;
    ensure!(found.stdout.contains("✓ 1.1"), "{found:?}");
    ensure!(!reader.folder.join(FILE).exists(), "it was made again");
    ensure!(reader.read("mine/Cargo.toml")?.starts_with("# mine\n"));
    ensure!(reader.read("mine/src/lib.rs")? == lib);
    // Without the line in lib.rs nobody sees the module.
    reader.write("mine/src/lib.rs", "// pub mod generators;\n")?;
    let mut seen = reader.session(&["mine 1"])?;
    reader.write("mine/src/lib.rs", &lib)?;
    let progress = reader.read("mine/.progress")?;
    reader.write("mine/.progress", &progress.replace("done", "dun"))?;
    let damaged = reader.read("mine/.progress")?;
    seen += &reader.session(&["mine", "mine 1", "hint 1"])?;
    ensure!(reader.read("mine/.progress")? == damaged);
    reader.write("mine/.progress", &progress)?;
    // A manifest that cargo cannot read, and a crate that stands on a rung which is not done.
    reader.write("mine/Cargo.toml", "[package\n")?;
    let refused = reader.types("mine 1")?;
    ensure!(refused.status.code() == Some(1), "{refused:?}");
    ensure!(refused.stderr.contains("cargo could not"), "{refused:?}");
    reader.write("mine/Cargo.toml", &manifest)?;
    reader.write("mine/.progress", "")?;
    let event_loop = reader.read("chapters/02-event-loop/ladder/solution/3.rs")?;
    reader.write("mine/src/event_loop.rs", &event_loop)?;
    seen += &reader.session(&["mine 2", "mine 2.6", "mine 2.x", "mine 9"])?;
    // Only where nothing is written yet, ours is offered.
    reader.write(moved, "//! Nothing yet.\n")?;
    fs::rename(reader.folder.join(moved), reader.folder.join(FILE))?;
    seen += &reader.session(&["mine 2"])?;
    sees("mine-damaged", &seen)?;
    // What is wrong with the rung itself is said beside that.
    reader.write(FILE, &ours(&reader, 1)?)?;
    let event_loop = reader.read("chapters/02-event-loop/ladder/solution/4.rs")?;
    let other =
        event_loop.replace("pub fn run(&mut self)", "pub fn run(&mut self, _: u32)");
    reader.write("mine/src/event_loop.rs", &other)?;
    let found = reader.types("mine 2")?;
    for said in ["2.4 stands on", "what is there cannot be used so", "E0061"] {
        ensure!(found.stdout.contains(said), "{found:?}");
    }
    Ok(())
}
