//! Python's names, `book/python.toml`: where each of them is in this workbook.

use anyhow::{Context, Result};
use serde::Deserialize;
use std::path::Path;

/// Where the names stand, below the workspace.
pub const FILE: &str = "book/python.toml";

/// Names that belong together.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Such as `Futures and callbacks`.
    pub title: String,
    /// Its names, in the order in which they are shown.
    pub name: Vec<Name>,
}

/// A name of Python's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// As one writes it there: `asyncio.gather`.
    pub python: String,
    /// The chapter that builds it.
    pub chapter: u32,
    /// What it is called here: a chapter's library, and the item's path in it, as in `tasks::JoinHandle::result`.
    #[serde(default)]
    pub items: Vec<String>,
    /// The page that explains it, if that is not the chapter's first.
    pub page: Option<String>,
    /// Sentences that say how it differs.
    pub note: Option<String>,
}

/// Reads [`FILE`] below `root`; no groups if there is none.
///
/// # Errors
///
/// If it cannot be read, or says something else than [`Group`]s can hold.
pub fn names(root: &Path) -> Result<Vec<Group>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Groups {
        group: Vec<Group>,
    }
    let path = root.join(FILE);
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(&path).with_context(|| FILE.to_string())?;
    let groups: Groups = toml::from_str(&text).with_context(|| FILE.to_string())?;
    Ok(groups.group)
}
