//! Reading a transcript's snapshot without the machinery that writes it.

use std::io;
use std::path::{Path, PathBuf};

/// Where the snapshot of chapter `chapter`'s program `name` is kept, below `root`.
///
/// ```
/// # use std::path::Path;
/// let path = catalogue::snapshot_of(Path::new("."), "02-event-loop", "taxi");
/// assert_eq!(path, Path::new("./tests/snapshots/02-event-loop/taxi.snap"));
/// ```
pub fn snapshot_of(root: &Path, chapter: &str, name: &str) -> PathBuf {
    root.join("tests/snapshots")
        .join(chapter)
        .join(format!("{name}.snap"))
}

/// What a snapshot says: the text after insta's header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot(pub String);

impl Snapshot {
    /// Reads the snapshot at `path`. `None` if there is no such file.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or has no header.
    pub fn read(path: &Path) -> io::Result<Option<Snapshot>> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text.replace("\r\n", "\n"),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let body = text
            .strip_prefix("---\n")
            .and_then(|rest| rest.split_once("\n---\n"))
            .map(|(_, body)| body.trim_end_matches('\n').to_string());
        match body {
            Some(body) => Ok(Some(Snapshot(body))),
            None => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{}: not a snapshot: its header is missing", path.display()),
            )),
        }
    }

    /// Whether `output` says the same. The line feeds at the end do not count: insta does not keep them.
    pub fn matches(&self, output: &str) -> bool {
        self.0 == output.replace("\r\n", "\n").trim_end_matches('\n')
    }
}
