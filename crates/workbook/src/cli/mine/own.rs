//! The reader's own crate: made once, and never changed by us again.

use anyhow::{Context, Result};
use catalogue::Workbook;
use catalogue::ladders::{Ladder, MINE, Rung};
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use super::super::term::{self, CYAN, styled};
use super::ladders;

// The dependencies are last: a line that is added to the end is one of them.
const MANIFEST: &str = r#"# Yours: git ignores this folder, and no update touches it.

# A workspace of its own: what does not compile here holds up nothing else.
[workspace]

[package]
name = "mine"
version = "0.1.0"
edition = "2024"
publish = false

[dependencies]
"#;

/// Makes the crate if it is not there, and the file that `ladder` grows; says what was made. What is there stays as it
/// is.
///
/// # Errors
///
/// If a file cannot be written.
pub(super) fn make(workbook: &Workbook, ladder: &Ladder) -> Result<String> {
    let folder = workbook.root.join(MINE);
    let manifest = folder.join("Cargo.toml");
    let src = folder.join("src");
    let mut text = String::new();
    if !manifest.is_file() {
        let all = ladders(workbook);
        let mut lib = String::from(
            "//! My runtime, a chapter at a time: `cargo run -- mine` says where I am.\n\n",
        );
        for ladder in &all {
            lib += &format!("pub mod {};\n", ladder.module);
            write_new(&src.join(format!("{}.rs", ladder.module)), &empty(ladder))?;
        }
        write_new(&src.join("lib.rs"), &lib)?;
        // Last: a crate with a manifest is whole.
        write_new(&manifest, MANIFEST)?;
        let made = format!(
            "{} is made: a crate of your own, which git ignores and no update touches.\n\n",
            styled(CYAN, format!("{MINE}/"))
        );
        text += &term::hang("", made.trim_end(), term::width());
        text.push('\n');
    }
    let file = src.join(format!("{}.rs", ladder.module));
    let in_folder = src.join(&ladder.module).join("mod.rs");
    if !file.is_file() && !in_folder.is_file() {
        write_new(&file, &empty(ladder))?;
        text += &format!("{} is made, and empty.\n\n", styled(CYAN, ladder.file()));
    }
    Ok(text)
}

fn empty(ladder: &Ladder) -> String {
    format!("//! Chapter {}, by me.\n", ladder.chapter)
}

/// Writes a file that is not there; one that is there stays.
fn write_new(path: &Path, text: &str) -> Result<()> {
    let shown = || path.display().to_string();
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(shown)?;
    }
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).with_context(shown),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error).with_context(shown),
    }
}

/// Whether nothing is written yet in the file that `ladder` grows.
pub(super) fn is_empty(root: &Path, ladder: &Ladder) -> bool {
    let Ok(text) = fs::read_to_string(root.join(ladder.file())) else {
        return false;
    };
    let mut lines = text.lines().map(str::trim);
    lines.all(|line| line.is_empty() || line.starts_with("//"))
}

/// Whether the crate's `lib.rs` names the module of `ladder`; true if that cannot be seen.
pub(super) fn names(root: &Path, ladder: &Ladder) -> bool {
    let Ok(lib) = fs::read_to_string(root.join(MINE).join("src/lib.rs")) else {
        return true;
    };
    let module = format!("mod {}", ladder.module);
    lib.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .any(|line| line.contains(&module))
}

/// Our file as it may be after `rung`, of the chapter in the folder `slug`.
pub(super) fn ours(slug: &str, rung: &Rung) -> String {
    let place = rung.number.rsplit('.').next().unwrap_or_default();
    format!("chapters/{slug}/ladder/solution/{place}.rs")
}

/// Which files of ours a reader can copy, and where to, who has nothing for `rung` of the ladder `on`: ours for that rung,
/// and all that it uses of other ladders, as far as their files are empty.
pub(super) fn copies(
    workbook: &Workbook,
    on: &Ladder,
    rung: &Rung,
) -> Vec<(String, String)> {
    let all = ladders(workbook);
    let mut copied = vec![(on, rung)];
    let mut copies = Vec::new();
    let mut next = 0;
    while let Some((ladder, rung)) = copied.get(next).copied() {
        next += 1;
        let chapter = workbook.chapter(ladder.chapter);
        let ours = ours(chapter.map_or("", |chapter| &chapter.slug), rung);
        let text = fs::read_to_string(workbook.root.join(&ours)).unwrap_or_default();
        copies.push((ours, ladder.file()));
        for used in all.iter().filter(|it| uses(&text, &it.module)) {
            let is_known = copied.iter().any(|(it, _)| it.module == used.module);
            // What a file uses of another one is there on that ladder's last rung.
            if let (false, Some(last)) = (is_known, used.rungs.last())
                && is_empty(&workbook.root, used)
            {
                copied.push((used, last));
            }
        }
    }
    copies
}

/// Whether the code `text` names this module of its crate.
fn uses(text: &str, module: &str) -> bool {
    text.split("crate::").skip(1).any(|path| {
        let rest = path.strip_prefix(module);
        rest.is_some_and(|rest| {
            !rest.starts_with(|it: char| it.is_alphanumeric() || it == '_')
        })
    })
}

#[cfg(test)]
mod tests {
    use super::uses;

    #[test]
    fn a_module_that_is_used_is_seen() {
        let text = "use crate::wakers::Park;\nuse crate::timers_of_mine::Timers;\n";
        assert!(uses(text, "wakers"));
        assert!(!uses(text, "timers"));
        assert!(!uses(text, "Park"));
    }
}
