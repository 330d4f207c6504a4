//! A reader at the command line: types commands in a workspace, and breaks things in a copy of it.

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use anyhow::{Context, Result, anyhow, ensure};

use crate::chapters::{build, cargo};
use crate::copy::{self, Copy, Files};
use crate::process::{BUILD_LIMIT, Finished, run_limited};
use crate::root;

/// A reader who types commands in a workspace.
#[derive(Debug)]
pub struct Reader {
    /// The workspace.
    pub folder: PathBuf,
    /// Where its chapters are built; `None` where the tests are built, too.
    target: Option<PathBuf>,
}

impl Reader {
    /// One who sits in this workspace.
    pub fn here() -> Reader {
        Reader {
            folder: root(),
            target: None,
        }
    }

    /// One with a new copy of the workspace in `folder`: chapters 1 and 2, and what they need.
    ///
    /// # Errors
    ///
    /// If it cannot be copied.
    pub fn with_copy(folder: &Path) -> Result<Reader> {
        copy::fill(folder, &small_workspace()?)?;
        Ok(Reader {
            folder: folder.to_path_buf(),
            target: Some(folder.join("target")),
        })
    }

    /// `cargo run -- <line>`, ready to start: the same binary in the same environment, without the cargo in front.
    ///
    /// # Errors
    ///
    /// If the command line does not compile.
    pub fn command(&self, line: &str) -> Result<Command> {
        let mut command = Command::new(binary()?);
        command
            .args(line.split_whitespace())
            .current_dir(&self.folder);
        for name in [
            "CARGO_MANIFEST_DIR",
            "CLICOLOR",
            "CLICOLOR_FORCE",
            "COLUMNS",
            "GIT_DIR",
            "GIT_INDEX_FILE",
            "GIT_WORK_TREE",
            "NO_COLOR",
        ] {
            command.env_remove(name);
        }
        // All is downloaded: the tests themselves were just built from the same lock file.
        command.env("CARGO_NET_OFFLINE", "true");
        if let Some(target) = &self.target {
            command.env("CARGO_TARGET_DIR", target);
        }
        Ok(command)
    }

    /// What comes of `cargo run -- <line>`.
    ///
    /// # Errors
    ///
    /// If it does not end in time.
    pub fn types(&self, line: &str) -> Result<Finished> {
        run_limited(&mut self.command(line)?, BUILD_LIMIT)
    }

    /// What the reader sees who types these lines, one after another.
    ///
    /// # Errors
    ///
    /// If one does not end in time.
    pub fn session(&self, lines: &[&str]) -> Result<String> {
        let mut seen = String::new();
        for line in lines {
            seen += &shown(line, &self.types(line)?);
        }
        Ok(seen)
    }

    /// Changes a file of the workspace.
    ///
    /// # Errors
    ///
    /// If `old` is not in it, or it cannot be written.
    pub fn edit(&self, file: &str, old: &str, new: &str) -> Result<()> {
        let text = self.read(file)?;
        ensure!(text.contains(old), "{file} does not contain {old}");
        self.write(file, &text.replacen(old, new, 1))
    }

    /// Writes the reader's own program `name` of chapter 2, whose `run` does what `body` says.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn write_own_program(&self, name: &str, body: &str) -> Result<()> {
        let file = format!("chapters/02-event-loop/src/programs/{name}.rs");
        let run = "pub fn run(_: &chapter::Args) -> Result<(), chapter::BadInput>";
        self.write(&file, &format!("{run} {{\n    {body}\n}}\n"))
    }

    /// Reads a file of the workspace.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn read(&self, file: &str) -> Result<String> {
        fs::read_to_string(self.folder.join(file)).with_context(|| file.to_string())
    }

    /// Writes a file of the workspace.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn write(&self, file: &str, text: &str) -> Result<()> {
        let path = self.folder.join(file);
        fs::create_dir_all(path.parent().context("a folder")?)?;
        fs::write(path, text).with_context(|| file.to_string())
    }
}

/// A command, what it wrote, and how it ended, as a snapshot shows it. What differs between runs is evened out: the
/// seconds at the end of a line, and whether something was built for the first time. So are the numbers of lines of source: `heap.rs:144` is `heap.rs:…`, or each change of
/// a chapter would be one of these snapshots.
pub fn shown(line: &str, finished: &Finished) -> String {
    let mut seen = format!("$ cargo run -- {line}").trim_end().to_string() + "\n";
    for output in [&finished.stdout, &finished.stderr] {
        let is_said = |line: &&str| !line.ends_with(" the first time");
        for line in output.lines().filter(is_said) {
            seen += &without_line_numbers(&without_seconds(line));
            seen.push('\n');
        }
    }
    match finished.status.code() {
        Some(0) => {}
        Some(status) => seen += &format!("[exit status {status}]\n"),
        None => seen += &format!("[{}]\n", finished.status),
    }
    seen + "\n"
}

/// `heap.rs:144` as `heap.rs:…`.
fn without_line_numbers(line: &str) -> String {
    let mut parts = line.split(".rs:");
    let mut text = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let rest = part.trim_start_matches(|it: char| it.is_ascii_digit());
        // What the compiler says has a column, too, and is about lines that a test wrote.
        match rest.len() < part.len() && !rest.starts_with(':') {
            true => text += &format!(".rs:…{rest}"),
            false => text += &format!(".rs:{part}"),
        }
    }
    text
}

/// `… 0.07 s` as `… 0.00 s`.
fn without_seconds(line: &str) -> String {
    let measured = line
        .strip_suffix(" s")
        .and_then(|rest| rest.rsplit_once(' '));
    match measured {
        Some((before, number))
            if number.contains('.') && number.parse::<f64>().is_ok() =>
        {
            // Right-aligned: ten seconds take a column more than nine.
            format!("{before} {:>1$} s", "0.00", number.len())
        }
        _ => line.to_string(),
    }
}

/// The command line's binary. `cargo test` builds no binaries of other packages, so this asks for it.
fn binary() -> Result<&'static Path> {
    static BINARY: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let binary = BINARY.get_or_init(|| {
        let built = build(&mut cargo(&root()), &["workbook"]);
        let binary = built.and_then(|built| built.binary("workbook"));
        binary.map_err(|error| format!("{error:#}"))
    });
    binary.as_deref().map_err(|error| anyhow!("{error}"))
}

/// A reader with the one copy of the workspace that is built, whole again. Whoever has it may break it; everybody
/// else waits.
///
/// # Errors
///
/// If it cannot be copied.
pub fn with_built_copy() -> Result<MutexGuard<'static, Reader>> {
    static COPY: OnceLock<Result<(Mutex<Reader>, Copy), String>> = OnceLock::new();
    let copy = COPY.get_or_init(|| {
        let copy = lock_and_copy();
        copy.map_err(|error| format!("cannot copy the workspace: {error:#}"))
    });
    let (reader, _) = copy.as_ref().map_err(|error| anyhow!("{error}"))?;
    let reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
    copy::fill(&reader.folder, &small_workspace()?)?;
    forget(&reader.folder.join("target"))?;
    Ok(reader)
}

/// Removes what commands have left in the folder `target` beside what they built, in this run or the last one: by the
/// book, say, they know that it was read.
fn forget(target: &Path) -> Result<()> {
    let built = ["debug", "ladder"].map(|it| target.join(it));
    let entries = match fs::read_dir(target) {
        Ok(entries) => entries,
        // Nothing was built yet.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    for entry in entries {
        let path = entry?.path();
        match path.is_dir() {
            true if built.contains(&path) => {}
            true => fs::remove_dir_all(path)?,
            false => fs::remove_file(path)?,
        }
    }
    Ok(())
}

/// The copy lies where the last run left it, so that little is built anew.
fn lock_and_copy() -> Result<(Mutex<Reader>, Copy)> {
    // Next to the test binary, which lies in the target folder.
    let binary = env::current_exe()?;
    let place = binary.parent().context("a folder")?.join("reader");
    let copy = Copy::make(&place, &small_workspace()?)?;
    let reader = Reader {
        folder: copy.folder.clone(),
        target: Some(copy.target()),
    };
    Ok((Mutex::new(reader), copy))
}

/// The files of a workspace with chapters 1 and 2.
fn small_workspace() -> Result<Files> {
    let mut files = copy::workspace()?;
    files.retain(|below, _| is_copied(below));
    files.insert("Cargo.toml".into(), small_manifest()?);
    Ok(files)
}

fn is_copied(below: &Path) -> bool {
    let below = below.to_string_lossy().replace('\\', "/");
    let folders = [
        "book/plan.toml",
        // In their order, holes are numbered.
        "book/src/01-",
        "book/src/02-",
        "chapters/01-",
        "chapters/02-",
        // What can be measured; not what measures it.
        "crates/bench/rows.toml",
        "crates/chapter/",
        "crates/ladder/",
        "crates/timeline/",
        "crates/trace/",
        "tests/snapshots/01-",
        "tests/snapshots/02-",
    ];
    let whole = ["Cargo.lock", ".gitignore", ".gitattributes", "rustfmt.toml"];
    folders.iter().any(|it| below.starts_with(it)) || whole.contains(&&*below)
}

/// The workspace's manifest, with the members that are copied.
fn small_manifest() -> Result<Vec<u8>> {
    let text = fs::read_to_string(root().join("Cargo.toml"))?;
    let mut manifest: toml::Table = toml::from_str(&text)?;
    let workspace = manifest
        .get_mut("workspace")
        .and_then(|it| it.as_table_mut());
    let workspace = workspace.context("Cargo.toml has no workspace")?;
    let members = [
        "chapters/*",
        "crates/chapter",
        "crates/ladder",
        "crates/timeline",
        "crates/trace",
    ];
    workspace.insert("members".into(), members.to_vec().into());
    workspace.remove("exclude");
    Ok(toml::to_string(&manifest)?.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_line_numbers_of_source_are_evened_out() {
        for (line, wanted) in [
            (
                "(src/heap.rs:110) and src/a.rs:9",
                "(src/heap.rs:…) and src/a.rs:…",
            ),
            ("heap.rs: a fault", "heap.rs: a fault"),
            ("12:30 in heap.rs", "12:30 in heap.rs"),
            (" --> src/lib.rs:1:2", " --> src/lib.rs:1:2"),
        ] {
            assert_eq!(without_line_numbers(line), wanted);
        }
    }

    #[test]
    fn only_measured_seconds_are_evened_out() {
        assert_eq!(
            without_seconds("✓ 02  14/14  0.07 s"),
            "✓ 02  14/14  0.00 s"
        );
        assert_eq!(without_seconds("✓ 02  1/1 10.07 s"), "✓ 02  1/1  0.00 s");
        assert_eq!(without_seconds("home after 3 s"), "home after 3 s");
        assert_eq!(without_seconds("0.5 s late"), "0.5 s late");
    }
}
