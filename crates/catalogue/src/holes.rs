//! Holes: the pieces of a chapter's library that a reader takes out and writes again.
//!
//! ```text
//! // hole: push — equal times keep their order
//! // tried by: rush-hour, taxi
//! // also: contracts
//! self.sequence += 1;
//! // end hole
//! ```
//!
//! A hole lies inside one function's body. Cutting it leaves the markers and puts a `todo!` between them, so the
//! file still compiles, and the programs that `tried by` names fail until it is filled. `also` names tests that see what
//! no transcript can: targets of the package [`TESTS`], or [`MODELS`].

use anyhow::{Context, Result, anyhow, bail};
use std::fs;
use std::path::{Path, PathBuf};

use crate::workbook::below;

/// The package whose test targets [`Hole::also`] names.
pub const TESTS: &str = "workbook-tests";

/// The name in [`Hole::also`] for `tests/models.rs` of the hole's own chapter, which the model checker loom runs.
pub const MODELS: &str = "models";

/// The name in [`Hole::also`] for the tests within the library of the hole's own chapter, of what is not public.
pub const LIB: &str = "lib";

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
    /// The tests that see what those programs cannot.
    pub also: Vec<String>,
    /// The file it is in.
    pub file: PathBuf,
    /// The number of the line its code begins at.
    pub line: usize,
    /// The lines between the markers, as they are now.
    pub body: String,
    /// Which of its chapter's it is, from 1.
    place: usize,
    /// Where in the file `body` is, in bytes.
    span: (usize, usize),
    indent: String,
}

impl Hole {
    /// The holes of chapter `number` in `dir`, in the order in which its page sets them. Those that it does not set
    /// follow, in the order of files and lines.
    ///
    /// # Errors
    ///
    /// If a file cannot be read or a hole's markers do not pair up.
    pub fn of_chapter(number: u32, dir: &Path) -> Result<Vec<Hole>> {
        let mut all = Vec::new();
        for (file, holes) in Hole::by_file(number, dir)? {
            all.extend(holes.with_context(|| file)?);
        }
        all.sort_by_key(|hole| hole.place);
        Ok(all)
    }

    /// The same file by file, each with its path below the workspace: where the markers of one do not pair up, the
    /// holes of the others are known nevertheless.
    ///
    /// # Errors
    ///
    /// If a file cannot be read.
    pub fn by_file(number: u32, dir: &Path) -> Result<Vec<(String, Result<Vec<Hole>>)>> {
        let root = dir.ancestors().nth(2).unwrap_or(dir);
        let mut files = Vec::new();
        for path in library_files(dir)? {
            let file = below(root, &path);
            let text = fs::read_to_string(&path).with_context(|| file.clone())?;
            let holes = Hole::in_text(&path, &text).map_err(|error| {
                anyhow!(
                    "{error:#}; put the line back (`git diff {file}` shows it), or take the whole file back with \
                     `git checkout {file}`"
                )
            });
            files.push((file, holes));
        }
        let set = set_by_page(root, dir);
        let holes = files
            .iter_mut()
            .flat_map(|(_, holes)| holes.iter_mut().flatten());
        let mut holes: Vec<&mut Hole> = holes.collect();
        holes.sort_by_key(|hole| {
            let place = set.iter().position(|name| *name == hole.name);
            place.unwrap_or(set.len())
        });
        for (place, hole) in (1..).zip(holes) {
            hole.place = place;
            hole.number = format!("{number}.{place}");
        }
        Ok(files)
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
                    also: Vec::new(),
                    place: 0,
                    file: file.to_path_buf(),
                    line: index + 2,
                    body: String::new(),
                    span: (at, at),
                    indent: line[..line.len() - line.trim_start().len()].to_string(),
                });
            } else if let Some((key, names)) = names_in(trimmed) {
                let hole = open.as_mut();
                let hole = hole.with_context(|| format!("`// {key}` outside a hole"))?;
                match key {
                    "tried by:" => hole.tried_by = names,
                    _ => hole.also = names,
                }
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

    /// The commands that run the tests it names, for a Unix shell.
    pub fn tests(&self) -> Vec<String> {
        let command = |test: &String| match (&**test, self.slug()) {
            (MODELS, Some(slug)) => format!(
                "RUSTFLAGS=\"--cfg loom\" CARGO_TARGET_DIR=target/loom \
                 cargo test --release -p ch{slug} --test {MODELS}"
            ),
            (LIB, Some(slug)) => format!("cargo test -q -p ch{slug} --lib"),
            _ => format!("cargo test -q -p {TESTS} --test {test}"),
        };
        self.also.iter().map(command).collect()
    }

    /// Whether there are tests that see what its programs cannot: then these alone do not tell that it is right.
    pub fn has_more_tests(&self) -> bool {
        !self.also.is_empty()
    }

    /// The name of the folder of its chapter, which is its package's too, after `ch`.
    fn slug(&self) -> Option<&str> {
        let src = self
            .file
            .ancestors()
            .find(|folder| folder.ends_with("src"))?;
        src.parent()?.file_name()?.to_str()
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

/// The names in a line `// tried by: …` or `// also: …`, and which of the two it is.
fn names_in(line: &str) -> Option<(&'static str, Vec<String>)> {
    ["tried by:", "also:"].into_iter().find_map(|key| {
        let names = line
            .strip_prefix("// ")?
            .strip_prefix(key)?
            .strip_prefix(' ')?;
        Some((key, names.split(", ").map(str::to_string).collect()))
    })
}

/// The holes that the page of the chapter in `dir` sets as exercises, in its order.
fn set_by_page(root: &Path, dir: &Path) -> Vec<String> {
    let Some(slug) = dir.file_name() else {
        return Vec::new();
    };
    let mut page = root.join("book/src").join(slug).into_os_string();
    page.push(".md");
    // A chapter that is being written has no page yet.
    let page = fs::read_to_string(page).unwrap_or_default();
    let name = |line: &str| {
        let name = line.trim().strip_prefix("{{exercise-hole: ")?;
        Some(name.strip_suffix("}}")?.to_string())
    };
    page.lines().filter_map(name).collect()
}

/// The files of a chapter's library: all below `src` that are not programs, `lib.rs` first.
pub(crate) fn library_files(dir: &Path) -> Result<Vec<PathBuf>> {
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
    fn what_follows_the_keys_is_the_code() {
        let keys = "tried by: taxi\n    // also: contracts, timers\n";
        let text = HOLE.replace("tried by: taxi\n", keys);
        let hole = Hole::in_text(Path::new("heap.rs"), &text)
            .unwrap()
            .remove(0);
        assert_eq!(hole.body, "    BODY\n");
        assert_eq!((hole.tried_by, hole.line), (vec!["taxi".to_string()], 4));
        assert_eq!(hole.also, ["contracts", "timers"]);
    }

    #[test]
    fn each_test_has_its_command() {
        let keys = "tried by: taxi\n    // also: cell, lib, models\n";
        let text = HOLE.replace("tried by: taxi\n", keys);
        let commands =
            |file: &str| Hole::in_text(Path::new(file), &text).unwrap()[0].tests();
        let cell = "cargo test -q -p workbook-tests --test cell";
        let lib = "cargo test -q -p ch08-task-cell --lib";
        let models = "RUSTFLAGS=\"--cfg loom\" CARGO_TARGET_DIR=target/loom \
                      cargo test --release -p ch08-task-cell --test models";
        for file in ["src/turn.rs", "src/turn/answer.rs"] {
            let file = format!("here/chapters/08-task-cell/{file}");
            assert_eq!(commands(&file), [cell, lib, models]);
        }
    }

    #[test]
    fn holes_are_numbered_as_the_page_sets_them() {
        let folder = std::env::temp_dir().join(format!("holes-{}", std::process::id()));
        let dir = folder.join("chapters/02-event-loop");
        let pages = folder.join("book/src");
        fs::create_dir_all(dir.join("src")).unwrap();
        fs::create_dir_all(&pages).unwrap();
        for (file, name) in [("a.rs", "one"), ("b.rs", "two"), ("c.rs", "three")] {
            let text = HOLE.replace("push", name);
            fs::write(dir.join("src").join(file), text).unwrap();
        }
        let page = "{{exercise-hole: three}}\n\n{{exercise-hole: one}}\n";
        fs::write(pages.join("02-event-loop.md"), page).unwrap();
        let holes = Hole::of_chapter(2, &dir).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        let holes = holes
            .iter()
            .map(|hole| format!("{} {}", hole.number, hole.name));
        let holes: Vec<String> = holes.collect();
        assert_eq!(holes, ["2.1 three", "2.2 one", "2.3 two"]);
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
