//! What the path of a request names.

use std::fmt::Write as _;
use std::path::PathBuf;

use percent_encoding::{
    AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode,
};

/// What stands for itself in a part of a path.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A path below a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// Its parts: none of them leads up or to another disk.
    pub path: PathBuf,
    /// Whether it ends as the path of a folder does.
    pub is_folder: bool,
}

/// Why a path names nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// It is no text. Among such are the longer ways to write `.` that UTF-8 forbids.
    Unreadable,
    /// It could only be outside, or is not for others to see.
    Elsewhere,
}

// ANCHOR: read
/// Reads the path `below`, as it was sent.
///
/// It is cut at `/` first and decoded after, and once: `%2f` is a character of a name,
/// which no file can have, and `%252e` is the name `%2e`.
pub(super) fn read(below: &str) -> Result<Named, Refused> {
    let mut path = PathBuf::new();
    for part in below.split('/') {
        let part = percent_decode_str(part).decode_utf8();
        let part = part.map_err(|_| Refused::Unreadable)?;
        match part.as_ref() {
            "" | "." => {}
            // Parents, hidden files.
            hidden if hidden.starts_with('.') => return Err(Refused::Elsewhere),
            // To Windows, the first two lead elsewhere. What holds there holds everywhere.
            other if other.contains(['\\', ':', '/', '\0']) => {
                return Err(Refused::Elsewhere);
            }
            name => path.push(name),
        }
    }
    let is_folder = below.is_empty() || below.ends_with('/');
    Ok(Named { path, is_folder })
}
// ANCHOR_END: read

impl Named {
    /// Where it is as a folder: below `prefix`, written as it should be. What was asked may have begun with two slashes,
    /// which in a header means another machine.
    pub(super) fn location(&self, prefix: &str, query: Option<&str>) -> String {
        let mut to = format!("/{}", prefix.trim_matches('/'));
        for part in &self.path {
            if !to.ends_with('/') {
                to.push('/');
            }
            to += &encoded(&part.to_string_lossy());
        }
        if !to.ends_with('/') {
            to.push('/');
        }
        if let Some(query) = query {
            let _ = write!(to, "?{query}");
        }
        to
    }
}

/// A name as a part of a path.
pub(super) fn encoded(name: &str) -> String {
    utf8_percent_encode(name, KEPT).to_string()
}
