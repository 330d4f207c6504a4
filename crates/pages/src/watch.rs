//! What the book is made of, looked at from time to time.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

/// The folders whose files the book shows, from the workspace's root.
const FOLDERS: [&str; 4] = ["book", "chapters", "crates", "tests/snapshots"];

/// How long nothing may change before it is built: an editor writes several files, and some of them twice.
const QUIET: Duration = Duration::from_millis(200);

/// The files of a workspace that the book shows.
pub(crate) struct Watch {
    root: PathBuf,
    seen: u64,
}

impl Watch {
    /// As they are now.
    pub(crate) fn new(root: &Path) -> Watch {
        let mut watch = Watch {
            root: root.to_path_buf(),
            seen: 0,
        };
        watch.seen = watch.look();
        watch
    }

    /// Whether they are others than the last time; then waits until whoever writes is done.
    pub(crate) fn has_changed(&mut self) -> bool {
        let mut now = self.look();
        if now == self.seen {
            return false;
        }
        while now != self.seen {
            self.seen = now;
            sleep(QUIET);
            now = self.look();
        }
        true
    }

    fn look(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for folder in FOLDERS {
            // What cannot be read now is there the next time, or is gone.
            let _ = note(&self.root.join(folder), &mut hasher);
        }
        hasher.finish()
    }
}

/// Notes each file's name, length and time of change, in whatever order the system lists them: it is the same as long as
/// nothing changes.
fn note(folder: &Path, hasher: &mut DefaultHasher) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        // What editors, cargo and npm keep for themselves.
        let shown = name.to_str().is_some_and(|it| !it.starts_with('.'));
        if !shown || name == "target" || name == "node_modules" {
            continue;
        }
        let found = entry.metadata()?;
        if found.is_dir() {
            let _ = note(&entry.path(), hasher);
        } else {
            (name, found.len(), found.modified().ok()).hash(hasher);
        }
    }
    Ok(())
}
