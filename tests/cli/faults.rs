//! What a reader sees of a chapter, a file or a machine that is not as it should be.

use std::env;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
#[cfg(target_os = "linux")]
use std::os::unix::{fs::PermissionsExt, process::ExitStatusExt};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::Completion;
use wait_timeout::ChildExt;
use workbook_tests::process::{BUILD_LIMIT, LIMIT, run_limited};
use workbook_tests::reader::{Reader, shown, with_built_copy};
use workbook_tests::skip;

use crate::{sees, with_files};

const POLLING: &str = "[package]
name = \"ch03-polling\"
description = \"futures, and whoever polls them\"
build = \"../../crates/chapter/mine.rs\"
version.workspace = true
edition.workspace = true

[dependencies]
chapter.workspace = true
trace.workspace = true
";

/// A third chapter that is built on neither of the others.
fn write_third_chapter(reader: &Reader) -> Result<()> {
    let folder = "chapters/03-polling";
    reader.write(&format!("{folder}/Cargo.toml"), POLLING)?;
    let main = "//! Chapter 3.\nchapter::main! {\n    programs: asks;\n}\n";
    reader.write(&format!("{folder}/src/main.rs"), main)?;
    let asks = "//! Asks once.\n\npub fn run(_: &chapter::Args) -> Result<(), chapter::BadInput> {\n\
                    trace::say!(\"ready\");\n    Ok(())\n}\n";
    reader.write(&format!("{folder}/src/programs/asks.rs"), asks)?;
    let snapshot = "tests/snapshots/03-polling/asks.snap";
    reader.write(snapshot, "---\nsource: here\n---\nready\n")
}

/// A chapter that does not compile is shown as such; who needs it waits, the others go on.
pub(crate) fn broken_chapter() -> Result<()> {
    let reader = with_built_copy()?;
    write_third_chapter(&reader)?;
    let lib = "chapters/01-generators/src/lib.rs";
    reader.write(lib, "compile_error!(\"the meter is broken\");\n")?;
    let lines = ["", "check", "run 1 meter", "run 2 taxi", "run 3 asks"];
    // As the compiler writes paths on Windows.
    sees(
        "broken-chapter",
        &reader.session(&lines)?.replace('\\', "/"),
    )
}

/// What another kind of system is needed for is said to be left out, and the rest goes on.
pub(crate) fn other_system() -> Result<()> {
    let reader = with_built_copy()?;
    write_third_chapter(&reader)?;
    let manifest = "chapters/03-polling/Cargo.toml";
    let needs = "[package.metadata.workbook]\nneeds = \"linux\"\n\n[dependencies]";
    reader.edit(manifest, "[dependencies]", needs)?;
    let main = "chapters/02-event-loop/src/main.rs";
    reader.edit(main, " late,", " #[cfg(unix)] late,")?;
    let late = "chapters/02-event-loop/src/programs/late.rs";
    reader.edit(late, "//! clock:", "//! needs: unix\n//! clock:")?;
    let mut seen = String::new();
    for line in [
        "list",
        "list 2",
        "",
        "check",
        "check 2 late",
        "run 2 late",
        "run 3",
        "run 3 asks",
        "trace 2 late",
    ] {
        let mut command = reader.command(line)?;
        command.env("WORKBOOK_SYSTEM", "windows");
        seen += &shown(line, &run_limited(&mut command, BUILD_LIMIT)?);
    }
    sees("other-system", &seen)?;
    // Where there is what they need, nothing is left out.
    let mut command = reader.command("check")?;
    command.env("WORKBOOK_SYSTEM", "linux");
    let all = run_limited(&mut command, BUILD_LIMIT)?;
    ensure!(all.status.success(), "{all:?}");
    ensure!(all.stdout.contains("✓ asks"), "{all:?}");
    ensure!(!all.stdout.contains("left out"), "{all:?}");
    let list = reader.types("list 2")?;
    ensure!(list.stdout.contains("(needs Unix"), "{list:?}");
    reader.edit(manifest, "\"linux\"", "\"steam\"")?;
    let unknown = reader.types("list")?;
    let said = "✗ chapters/03-polling/Cargo.toml: `needs = \"steam\"`: expected";
    ensure!(unknown.stdout.contains(said), "{unknown:?}");
    Ok(())
}

/// A build script that comes to an end when there is a file `go`.
const WAITS: &str = r#"
use std::{env, fs, path::Path, thread, time::{Duration, Instant}};

fn main() {
    let start = Instant::now();
    while !Path::new("go").exists() && start.elapsed() < Duration::from_secs(60) {
        thread::yield_now();
    }
    let mine = "pub const PROGRAMS: &[::chapter::Program] = &[];";
    fs::write(Path::new(&env::var("OUT_DIR").unwrap()).join("mine.rs"), mine).unwrap();
}
"#;

/// The taxi simulation is there while other chapters are still being built, which is announced the first time.
pub(crate) fn night_first() -> Result<()> {
    let reader = with_built_copy()?;
    write_third_chapter(&reader)?;
    let folder = reader.folder.join("chapters/03-polling");
    let manifest = POLLING.replace("../../crates/chapter/mine.rs", "build.rs");
    reader.write("chapters/03-polling/Cargo.toml", &manifest)?;
    reader.write("chapters/03-polling/build.rs", WAITS)?;
    let built = reader.folder.join("target/debug/ch03-polling");
    let built = built.with_extension(env::consts::EXE_EXTENSION);
    if built.exists() {
        fs::remove_file(&built)?;
    }
    let mut command = reader.command("")?;
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn()?;
    let stdout = child.stdout.take().context("its standard output")?;
    let mut lines = BufReader::new(stdout).lines();
    let verdict = "✓ this is its snapshot, byte for byte";
    let line = lines.find(|line| line.as_deref().is_ok_and(|it| it == verdict));
    ensure!(line.is_some(), "there was no {verdict}");
    let waited = !built.exists();
    fs::write(folder.join("go"), "")?;
    let rest = lines.collect::<io::Result<Vec<String>>>()?.join("\n");
    let stderr = child.stderr.take().context("its standard error")?;
    let stderr = io::read_to_string(stderr)?;
    ensure!(child.wait()?.success(), "{rest}\n{stderr}");
    ensure!(waited, "chapter 3 was built before");
    ensure!(rest.contains("✓ 03 polling"), "{rest}");
    let said = "building 3 chapters: about 5 s the first time\n";
    ensure!(stderr.contains(said), "{stderr}");
    let again = reader.types("")?;
    ensure!(again.stderr.is_empty(), "{again:?}");
    Ok(())
}

/// A chapter that takes long to build is not waited for: it is named, and built when it is asked for. From then on it is
/// run with the others.
pub(crate) fn heavy_on_request() -> Result<()> {
    let reader = with_built_copy()?;
    write_third_chapter(&reader)?;
    let manifest = format!("{POLLING}\n[package.metadata.workbook]\nheavy = true\n");
    reader.write("chapters/03-polling/Cargo.toml", &manifest)?;
    let built = reader.folder.join("target/debug/ch03-polling");
    let built = built.with_extension(env::consts::EXE_EXTENSION);
    if built.exists() {
        fs::remove_file(&built)?;
    }
    let all = reader.types("")?;
    ensure!(all.status.success() && !built.exists(), "{all:?}");
    let command = "cargo run -- check 3";
    let said = format!("· 03 polling: built when you ask, as by {command}\n");
    ensure!(all.stdout.contains(&said), "{all:?}");
    ensure!(!all.stdout.contains("✓ 03"), "{all:?}");
    let asked = reader.types("check 3")?;
    ensure!(asked.status.success() && built.exists(), "{asked:?}");
    let said = "building a chapter: about 12 s the first time\n";
    ensure!(asked.stderr.contains(said), "{asked:?}");
    let all = reader.types("")?;
    ensure!(all.stdout.contains("✓ 03 polling"), "{all:?}");
    ensure!(!all.stdout.contains("built when you ask"), "{all:?}");
    Ok(())
}

/// A chapter whose files do not say what they must is shown as such, and the others go on.
pub(crate) fn faulty_chapter() -> Result<()> {
    let reader = with_built_copy()?;
    write_third_chapter(&reader)?;
    let main = "chapters/03-polling/src/main.rs";
    reader.edit(main, "asks;", "asks, waits;")?;
    // No chapter is named so.
    reader.write("chapters/notes/Cargo.toml", "of no use")?;
    reader.edit(
        "Cargo.toml",
        "[workspace]",
        "[workspace]\nexclude = [\"chapters/notes\"]",
    )?;
    let lines = ["", "check", "check 3", "run 3 asks", "run 2 rush-hour"];
    sees("faulty-chapter", &reader.session(&lines)?)?;
    let asks = "chapters/03-polling/src/programs/asks.rs";
    reader.edit(main, "asks, waits;", "asks;")?;
    reader.edit(asks, "//! Asks once.\n", "")?;
    let headless = reader.types("run 3 asks")?;
    ensure!(headless.status.code() == Some(1), "{headless:?}");
    let said = format!("error: chapter 3 cannot be read: {asks}: ");
    ensure!(headless.stderr.starts_with(&said), "{headless:?}");
    // Then nobody knows the package's name.
    let manifest = POLLING.replace("description = ", "# ");
    reader.write("chapters/03-polling/Cargo.toml", &manifest)?;
    let nameless = reader.types("check")?;
    ensure!(nameless.stdout.contains("✓ taxi"), "{nameless:?}");
    let list = reader.types("list")?;
    ensure!(list.status.success(), "{list:?}");
    ensure!(list.stdout.contains("✗ chapters/03-polling/"), "{list:?}");
    Ok(())
}

/// Damaged markers are named, with the way out; the other chapters can still be practised.
pub(crate) fn damaged_markers() -> Result<()> {
    let (_folder, reader) = with_files()?;
    let heap = "chapters/02-event-loop/src/heap.rs";
    reader.edit(heap, "        // end hole\n", "")?;
    let damaged = reader.read(heap)?;
    sees(
        "damaged-markers",
        &reader.session(&["practice 2", "solve 2"])?,
    )?;
    ensure!(reader.read(heap)? == damaged, "the file was changed");
    let other = reader.types("practice 1 all")?;
    ensure!(other.status.success(), "{other:?}");
    Ok(())
}

/// A full disk is told, and is no crash: not even where a panic is printed.
pub(crate) fn full_disk() -> Result<Completion> {
    let Ok(full) = File::options().write(true).open("/dev/full") else {
        return skip("there is no /dev/full");
    };
    let reader = with_built_copy()?;
    let build = reader.types("check 1 meter")?;
    ensure!(build.status.success(), "{build:?}");
    for line in ["run 1 meter", "run 1 resumed-after-the-end"] {
        let mut command = reader.command(line)?;
        command.stdin(Stdio::null()).stdout(full.try_clone()?);
        let mut child = command.stderr(Stdio::piped()).spawn()?;
        let Some(status) = child.wait_timeout(LIMIT)? else {
            child.kill()?;
            bail!("{line}: still running");
        };
        let stderr = child.stderr.take().context("its standard error")?;
        let stderr = io::read_to_string(stderr)?;
        ensure!(status.code() == Some(1), "{line}: {status}\n{stderr}");
        let said = stderr.starts_with("error: standard output: ");
        ensure!(said && stderr.lines().count() == 1, "{line}: {stderr}");
    }
    Ok(Completion::Completed)
}

/// A milestone is that of its own chapters: what is wrong before it is said before it.
pub(crate) fn milestones() -> Result<()> {
    let reader = with_built_copy()?;
    let meter = "tests/snapshots/01-generators/meter.snap";
    reader.write(meter, "---\nsource: here\n---\nsomething else\n")?;
    let seen = reader.types("")?;
    let wanted = "\n✗ Coroutines → ✓ Taxi loop → Wakers (to come)";
    ensure!(seen.stdout.contains(wanted), "{}", seen.stdout);
    Ok(())
}

/// What all chapters share is mentioned once, not in every chapter.
pub(crate) fn broken_shared_crate() -> Result<()> {
    let reader = with_built_copy()?;
    let lib = "crates/trace/src/lib.rs";
    let broken = reader.read(lib)? + "\ncompile_error!(\"no ink\");\n";
    reader.write(lib, &broken)?;
    let finished = reader.types("")?;
    ensure!(finished.status.code() == Some(1), "{finished:?}");
    let errors = finished.stdout.matches("error: no ink").count();
    ensure!(errors == 1, "{errors} times:\n{}", finished.stdout);
    let first = finished.stdout.find("✗ trace does not compile");
    ensure!(first.is_some(), "{}", finished.stdout);
    let chapters = finished.stdout.matches("not built").count();
    ensure!(chapters == 2, "{chapters} chapters:\n{}", finished.stdout);
    Ok(())
}

pub(crate) fn cargo_that_fails() -> Result<()> {
    let reader = with_built_copy()?;
    let mut command = reader.command("")?;
    let finished = run_limited(command.env("CARGO", "no-such-cargo"), LIMIT)?;
    ensure!(finished.status.code() == Some(1), "{finished:?}");
    let said = finished
        .stderr
        .contains("cannot start cargo (no-such-cargo)");
    ensure!(said, "{finished:?}");
    reader.edit("Cargo.toml", "[workspace]", "[workspace")?;
    let finished = reader.types("check 1")?;
    ensure!(finished.status.code() == Some(1), "{finished:?}");
    let said = finished.stderr.contains("cargo could not start to build")
        && finished.stderr.contains("Cargo.toml:");
    ensure!(said, "{finished:?}");
    Ok(())
}

/// Who ends the command line ends what it has started, whatever that is at: no program spins on.
#[cfg(target_os = "linux")]
pub(crate) fn ended() -> Result<Completion> {
    if Command::new("kill").arg("-l").output().is_err() {
        return skip("there is no `kill`");
    }
    let reader = with_built_copy()?;
    reader.write_own_program("my_spin", "loop { std::hint::spin_loop(); }")?;
    // A cargo that does not come to an end, nor does what it has started.
    reader.write("spin.sh", "#!/bin/sh\n(while :; do :; done) &\nwait\n")?;
    let program = format!("{}/target/debug/ch02-event-loop", reader.folder.display());
    let script = format!("/bin/sh {}/spin.sh", reader.folder.display());
    for line in ["check 2 my-spin", "trace 2 my-spin"] {
        let built = reader.types(&format!("{line} --limit 1"))?;
        ensure!(built.status.code() == Some(1), "{line}: {built:?}");
    }
    let path = reader.folder.join("spin.sh");
    fs::set_permissions(&path, PermissionsExt::from_mode(0o755))?;
    // By `nohup cargo test` it is to be ignored, and so is the other by a script's `cargo test &`.
    let hup = if ignores(1)? { "TERM" } else { "HUP" };
    let int = if ignores(2)? { "TERM" } else { "INT" };
    for (line, cargo, signal, spins) in [
        ("check 2 my-spin --limit 600", None, "TERM", &program),
        ("check 2 my-spin --limit 600", None, int, &program),
        ("trace 2 my-spin --limit 600", None, hup, &program),
        // In place of the command line, which ends with it.
        ("run 2 my-spin", None, "TERM", &program),
        ("check 2", Some(&path), "TERM", &script),
        ("", Some(&path), hup, &script),
        ("read", Some(&path), int, &script),
        ("bench spawn", Some(&path), "TERM", &script),
    ] {
        if line.starts_with("bench") {
            // As much of it as is needed to begin.
            reader.write("crates/bench/Cargo.toml", "")?;
        }
        let mut command = reader.command(line)?;
        if let Some(cargo) = cargo {
            command.env("CARGO", cargo);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let mut child = command.stderr(Stdio::null()).spawn()?;
        let begun = in_time(|| Ok(!running(spins)?.is_empty()))?;
        let pid = child.id().to_string();
        let mut kill = Command::new("kill");
        run_limited(kill.args([&format!("-{signal}"), &pid]), LIMIT)?;
        let ended = child.wait_timeout(LIMIT)?;
        let gone = in_time(|| Ok(running(spins)?.is_empty()))?;
        for pid in running(spins)? {
            run_limited(Command::new("kill").args(["-KILL", &pid]), LIMIT)?;
        }
        child.kill()?;
        ensure!(begun, "{line}: nothing began to spin");
        let Some(ended) = ended else {
            bail!("{line}: was not ended by {signal}");
        };
        ensure!(ended.signal().is_some(), "{line}: {ended}");
        ensure!(gone, "{line}: spins on after {signal}");
    }
    Ok(Completion::Completed)
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn ended() -> Result<Completion> {
    skip("there is no table of processes in /proc")
}

/// Whether the signal `number` is ignored by what this starts, as it is by this: 1 is SIGHUP, 2 is SIGINT.
#[cfg(target_os = "linux")]
fn ignores(number: u32) -> Result<bool> {
    let status = fs::read_to_string("/proc/self/status")?;
    let ignored = status.lines().find_map(|it| it.strip_prefix("SigIgn:"));
    let ignored = u64::from_str_radix(ignored.context("no line SigIgn")?.trim(), 16)?;
    Ok(ignored >> (number - 1) & 1 == 1)
}

/// Asks until the answer is yes, for as long as a program may take; whether it was.
#[cfg(target_os = "linux")]
fn in_time(mut is_so: impl FnMut() -> Result<bool>) -> Result<bool> {
    let start = Instant::now();
    while !is_so()? {
        if start.elapsed() > LIMIT {
            return Ok(false);
        }
        thread::yield_now();
    }
    Ok(true)
}

/// The processes whose command line begins with `words`.
#[cfg(target_os = "linux")]
fn running(words: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let pid = entry?.file_name().to_string_lossy().into_owned();
        // It may end while we look, and what has ended says nothing.
        let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        if pid.parse::<u32>().is_ok() && line.starts_with(words) {
            found.push(pid);
        }
    }
    Ok(found)
}
