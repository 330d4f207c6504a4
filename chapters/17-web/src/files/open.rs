//! Finding and opening a file below a folder, on a thread of the pool.
//!
//! That no part of a path is `..` is not enough: a link in the folder may lead anywhere. To look first and open then is
//! not enough either, since the link may be made in between. So the folder is opened, and the rest is looked up from it by
//! `cap-std`: on Linux in one system call that refuses to leave it (`openat2`), elsewhere a part at a time, without ever
//! following a link that it has not read.

use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

use super::body::PIECE;

/// The most entries that a list shows.
const MOST_LISTED: usize = 10_000;

/// What is at a path.
pub(super) enum Found {
    File(Opened),
    /// A folder that was asked for as if it were a file: links in its index would lead astray.
    FolderWithoutSlash,
    /// A folder without an index, which does not show what is in it.
    Closed,
    List(Vec<Entry>),
}

/// A file that can be read.
pub(super) struct Opened {
    /// Its path below the folder.
    pub path: PathBuf,
    pub file: std::fs::File,
    pub length: u64,
    /// When it was changed last, if the system knows.
    pub modified: Option<SystemTime>,
    /// Its first bytes, which are all there are of most.
    pub start: Vec<u8>,
}

/// A line of a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub name: String,
    pub is_folder: bool,
}

/// Whether there is nothing to serve, as far as a client is to know. A link that leads out is "not permitted".
pub(super) fn is_missing(error: &io::Error) -> bool {
    use ErrorKind::{
        InvalidFilename, InvalidInput, NotADirectory, NotFound, PermissionDenied,
    };
    let kind = error.kind();
    let known = [
        NotFound,
        NotADirectory,
        PermissionDenied,
        InvalidInput,
        InvalidFilename,
    ];
    // A circle of links has no kind of its own yet.
    known.contains(&kind) || error.raw_os_error().is_some_and(is_circle)
}

#[cfg(unix)]
fn is_circle(code: i32) -> bool {
    code == rustix::io::Errno::LOOP.raw_os_error()
}

#[cfg(not(unix))]
fn is_circle(_: i32) -> bool {
    false
}

/// What is at `path` below `root`.
pub(super) fn find(
    root: &Path,
    path: &Path,
    is_folder: bool,
    index: Option<&str>,
    listing: bool,
) -> io::Result<Found> {
    let root = Dir::open_ambient_dir(root, ambient_authority())?;
    let folder = match path.as_os_str().is_empty() {
        true => Path::new("."),
        false => path,
    };
    if !root.metadata(folder)?.is_dir() {
        return match is_folder {
            true => Err(ErrorKind::NotADirectory.into()),
            false => open(&root, path).map(Found::File),
        };
    }
    if !is_folder {
        return Ok(Found::FolderWithoutSlash);
    }
    if let Some(index) = index {
        match open(&root, &path.join(index)) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            opened => return opened.map(Found::File),
        }
    }
    match listing {
        true => list(&root, folder).map(Found::List),
        false => Ok(Found::Closed),
    }
}

// ANCHOR: open
/// Opens the file at `path` below `root`, and reads its start.
fn open(root: &Dir, path: &Path) -> io::Result<Opened> {
    // Opening a device may do something, so it is not opened to see what it is.
    if !root.metadata(path)?.is_file() {
        return Err(ErrorKind::NotFound.into());
    }
    let file = root.open_with(path, &reading())?.into_std();
    // It may be another by now: what counts is what was opened.
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(ErrorKind::NotFound.into());
    }
    let mut start = Vec::new();
    (&file).take(PIECE as u64).read_to_end(&mut start)?;
    Ok(Opened {
        path: path.to_path_buf(),
        // A file that grew since then is served as long as it was.
        length: found.len().max(start.len() as u64),
        modified: found.modified().ok(),
        file,
        start,
    })
}
// ANCHOR_END: open

/// To read, and not to wait: to open a pipe waits until somebody writes into it.
fn reading() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use cap_std::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    options
}

/// What of the folder at `path` can be asked for.
fn list(root: &Dir, path: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in root.read_dir(path)?.take(MOST_LISTED) {
        let Ok(name) = entry?.file_name().into_string() else {
            continue;
        };
        if name.starts_with('.') || name.contains(['\\', ':']) {
            continue;
        }
        // Not what the entry says: a link is what it leads to, if that is inside.
        let Ok(found) = root.metadata(path.join(&name)) else {
            continue;
        };
        if found.is_dir() || found.is_file() {
            let is_folder = found.is_dir();
            entries.push(Entry { name, is_folder });
        }
    }
    entries.sort();
    Ok(entries)
}
