//! Holes: the pieces of a chapter's library that a reader takes out and writes again.
//!
//! ```text
//! // hole: push — equal times keep their order
//! // tried by: rush-hour, taxi
//! self.sequence += 1;
//! // end hole
//! ```
//!
//! A hole lies inside one function's body. Cutting it leaves the markers and puts a `todo!` between them, so the
//! file still compiles, and the programs that `tried by` names fail until it is filled.

use anyhow::{Context, Result, anyhow, bail};
use std::fs;
use std::path::{Path, PathBuf};

use crate::catalogue::below;

/// A piece of code between `// hole:` and `// end hole`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    /// Chapter and place in it, such as `2.1`.
    pub number: String,
    /// Its name, such as `push`.
    pub name: String,
    /// What the code that belongs there does.
    pub about: String,
    /// The programs that fail without it.
    pub tried_by: Vec<String>,
    /// The file it is in.
    pub file: PathBuf,
    /// The number of the line its code begins at.
    pub line: usize,
    /// The lines between the markers, as they are now.
    pub body: String,
    /// Where in the file `body` is, in bytes.
    span: (usize, usize),
    indent: String,
}

impl Hole {
    /// The holes of chapter `number` in `dir`, numbered in the order of files (`lib.rs` names them) and lines.
    ///
    /// # Errors
    ///
    /// If a file cannot be read or a hole's markers do not pair up.
    pub fn of_chapter(number: u32, dir: &Path) -> Result<Vec<Hole>> {
        let mut holes = Vec::new();
        for file in library_files(dir)? {
            let text =
                fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            let found = Hole::in_text(&file, &text).map_err(|error| {
                let root = dir.ancestors().nth(2).unwrap_or(dir);
                let file = below(root, &file);
                anyhow!(
                    "{file}: {error:#}; put the line back (`git diff {file}` shows it), or take the whole file \
                     back with `git checkout {file}`"
                )
            })?;
            holes.extend(found);
        }
        for (index, hole) in holes.iter_mut().enumerate() {
            hole.number = format!("{number}.{}", index + 1);
        }
        Ok(holes)
    }

    /// The holes in `text`, the contents of `file`, not yet numbered.
    ///
    /// # Errors
    ///
    /// If a hole is not ended, not described, or says nothing of who tries it.
    pub fn in_text(file: &Path, text: &str) -> Result<Vec<Hole>> {
        let mut holes: Vec<Hole> = Vec::new();
        let mut open: Option<Hole> = None;
        let mut at = 0;
        for (index, line) in text.split_inclusive('\n').enumerate() {
            let (start, trimmed) = (at, line.trim());
            at += line.len();
            if let Some(title) = trimmed.strip_prefix("// hole: ") {
                let (name, about) = title.split_once(" — ").with_context(|| {
                    format!("`{trimmed}`: expected `// hole: name — what it does`")
                })?;
                if let Some(before) = open {
                    bail!("hole `{}` is not ended before hole `{name}`", before.name);
                }
                open = Some(Hole {
                    number: String::new(),
                    name: name.to_string(),
                    about: about.to_string(),
                    tried_by: Vec::new(),
                    file: file.to_path_buf(),
                    line: index + 2,
                    body: String::new(),
                    span: (at, at),
                    indent: line[..line.len() - line.trim_start().len()].to_string(),
                });
            } else if let Some(programs) = trimmed.strip_prefix("// tried by: ") {
                let hole = open.as_mut().context("`// tried by:` outside a hole")?;
                hole.tried_by = programs.split(", ").map(str::to_string).collect();
                hole.span = (at, at);
                hole.line = index + 2;
            } else if trimmed == "// end hole" {
                let mut hole = open.take().context("`// end hole` without a hole")?;
                if hole.tried_by.is_empty() {
                    bail!("hole `{}` has no `// tried by:` line", hole.name);
                }
                hole.span.1 = start;
                hole.body = text[hole.span.0..start].to_string();
                holes.push(hole);
            }
        }
        match open {
            Some(hole) => bail!("hole `{}` is not ended", hole.name),
            None => Ok(holes),
        }
    }

    /// The line that stands in for the code when the hole is cut. It is short, so that rustfmt leaves it on one line.
    pub fn todo(&self) -> String {
        format!("{}todo!(\"{}: {}\")\n", self.indent, self.number, self.name)
    }

    /// Whether the hole is cut and nothing has been put in its place. Formatting does not count.
    pub fn is_cut(&self) -> bool {
        let bare = |text: &str| text.split_whitespace().collect::<String>();
        bare(&self.body) == bare(&self.todo())
    }

    /// `text`, the contents of its file, with `body` between its markers.
    pub fn replaced(&self, text: &str, body: &str) -> String {
        [&text[..self.span.0], body, &text[self.span.1..]].concat()
    }
}

/// The files of a chapter's library: all below `src` that are not programs, `lib.rs` first.
fn library_files(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![dir.join("src")];
    let programs = ["programs", "steps", "broken", "solutions", "wont_compile"];
    while let Some(folder) = folders.pop() {
        for entry in
            fs::read_dir(&folder).with_context(|| folder.display().to_string())?
        {
            let path = entry?.path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if path.is_dir() && !programs.contains(&name.as_str()) {
                folders.push(path);
            } else if name.ends_with(".rs") {
                files.push(path);
            }
        }
    }
    files.sort_by_key(|path| (!path.ends_with("src/lib.rs"), path.clone()));
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOLE: &str =
        "    // hole: push — add it\n    // tried by: taxi\n    BODY\n    // end hole\n";

    fn is_cut(body: &str) -> bool {
        let text = HOLE.replace("BODY", body);
        let mut holes = Hole::in_text(Path::new("heap.rs"), &text).unwrap();
        holes[0].number = "2.1".into();
        holes[0].is_cut()
    }

    #[test]
    fn a_cut_hole_may_be_formatted() {
        assert!(is_cut("todo!(\"2.1: push\")"));
        assert!(is_cut("todo!(\"2.1: push\")\r"));
        assert!(is_cut("todo!(\n        \"2.1: push\"\n    )"));
        assert!(!is_cut("todo!(\"2.2: push\")"));
        assert!(!is_cut("self.push()"));
        assert!(!is_cut(""));
    }
}
