//! A copy of the workspace, to break things in. It stays where it is for the next run, so that little is built anew.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use ignore::WalkBuilder;

use crate::{files, root};

/// Paths below a folder, and what the files there say.
pub type Files = BTreeMap<PathBuf, Vec<u8>>;

/// A folder with a copy of the workspace, and what was built there. Nobody else has it, in this `cargo test` or another,
/// until it is dropped.
#[derive(Debug)]
pub struct Copy {
    /// The folder.
    pub folder: PathBuf,
    _lock: File,
}

impl Copy {
    /// The copy that the last run left in `place`, now with the files `wanted`.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn make(place: &Path, wanted: &Files) -> Result<Copy> {
        let copy = Copy {
            _lock: lock(place)?,
            folder: place.join("workspace"),
        };
        fill(&copy.folder, wanted)?;
        Ok(copy)
    }

    /// Where it is built.
    pub fn target(&self) -> PathBuf {
        self.folder.join("target")
    }

    /// Sets `cargo`, which has no arguments yet but its toolchain, to work in the copy.
    pub fn employ(&self, cargo: &mut Command) {
        // All is downloaded: the tests themselves were just built from the same lock file.
        cargo.args(["--offline", "--locked"]);
        cargo.current_dir(&self.folder);
        cargo.env("CARGO_TARGET_DIR", self.target());
    }
}

/// The files of this workspace.
///
/// # Errors
///
/// If one cannot be read.
pub fn workspace() -> Result<Files> {
    let root = root();
    let files = files(&root).into_iter().map(|file| {
        let text = fs::read(&file).with_context(|| file.display().to_string())?;
        Ok((file.strip_prefix(&root)?.to_path_buf(), text))
    });
    files.collect()
}

/// Makes `folder` hold `wanted` and nothing else, but for what was built there. Unchanged files keep their time, by
/// which cargo decides what to build anew.
///
/// # Errors
///
/// If a file cannot be written or removed.
pub fn fill(folder: &Path, wanted: &Files) -> Result<()> {
    for (below, text) in wanted {
        write_if_changed(&folder.join(below), text)?;
    }
    let entries = WalkBuilder::new(folder)
        .standard_filters(false)
        .filter_entry(|entry| {
            entry.file_name() != "target" && entry.file_name() != ".git"
        })
        .build();
    let paths = entries.map(|entry| Ok(entry?.into_path()));
    let mut paths = paths.collect::<Result<Vec<PathBuf>>>()?;
    // What is in a folder before the folder itself.
    paths.sort();
    for path in paths.iter().rev() {
        if path.is_dir() {
            // Refused, as it should be, unless it is empty.
            let _ = fs::remove_dir(path);
        } else if !wanted.contains_key(path.strip_prefix(folder)?) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn write_if_changed(path: &Path, text: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text).with_context(|| path.display().to_string())
}

/// Waits for the folder `place`, and keeps out every other `cargo test` until the lock is dropped.
fn lock(place: &Path) -> Result<File> {
    fs::create_dir_all(place)?;
    let lock = File::create(place.join("lock"))?;
    lock.lock()?;
    Ok(lock)
}
