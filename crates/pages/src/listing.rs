//! A piece of a source file, as a page shows it.

use std::fs;
use std::path::{Component, Path, PathBuf};

use timeline::is_hook;

/// The most lines that stand in a page in one piece.
pub const LONGEST: usize = 30;

/// The most letters of a line for which a page has room. A hook, which is left out, may be longer.
pub(crate) const WIDEST: usize = 92;

/// Lines of a source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listing {
    /// The file, relative to the workspace, with `/`.
    pub file: String,
    /// The number of the first line.
    pub first: usize,
    /// The number of the last one.
    pub last: usize,
    /// The lines, with what all of them are indented by taken off.
    pub lines: Vec<String>,
}

impl Listing {
    /// The region `anchor` of `file`, or all of it less the header it begins with.
    ///
    /// # Errors
    ///
    /// If there is no such file or region.
    pub(crate) fn read(
        root: &Path,
        file: &str,
        anchor: Option<&str>,
    ) -> Result<Listing, String> {
        let path = root.join(file);
        let text = fs::read_to_string(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => format!("there is no file {file}"),
            _ => format!("{file}: {error}"),
        })?;
        let python = file.ends_with(".py");
        let lines: Vec<(usize, &str)> = (1..).zip(text.lines()).collect();
        let lines = match anchor {
            Some(anchor) => region(&lines, anchor)
                .map_err(|why| format!("{file}: anchor `{anchor}` {why}"))?,
            None if python => without_docstring(&lines),
            None => without_header(&lines),
        };
        Listing::of(file, without_examples(lines))
    }

    /// All of `file`, its header too, up to its tests.
    ///
    /// # Errors
    ///
    /// If there is no such file.
    pub(crate) fn whole(root: &Path, file: &str) -> Result<Listing, String> {
        let text = fs::read_to_string(root.join(file));
        let text = text.map_err(|error| format!("{file}: {error}"))?;
        let lines = (1..).zip(text.lines());
        let lines = lines.take_while(|(_, line)| *line != "#[cfg(test)]");
        Listing::of(file, lines.collect())
    }

    /// `lines` without marks and hooks.
    fn of(file: &str, mut shown: Vec<(usize, &str)>) -> Result<Listing, String> {
        let rust = file.ends_with(".rs");
        shown.retain(|(_, line)| !(is_marker(line) || rust && is_hook(line)));
        let blank = |(_, line): &(usize, &str)| line.trim().is_empty();
        while shown.last().is_some_and(blank) {
            shown.pop();
        }
        let start = shown.iter().take_while(|line| blank(line)).count();
        let shown = &shown[start..];
        let ([(first, _), ..], [.., (last, _)]) = (shown, shown) else {
            return Err(format!("{file}: nothing is left to show"));
        };
        Ok(Listing {
            file: file.to_string(),
            first: *first,
            last: *last,
            lines: dedented(shown),
        })
    }

    /// Its text, each line ended.
    pub(crate) fn text(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }
}

/// The lines between `// ANCHOR: name` and `// ANCHOR_END: name`.
fn region<'l, 't>(
    lines: &'l [(usize, &'t str)],
    name: &str,
) -> Result<&'l [(usize, &'t str)], &'static str> {
    let place = |tag: &str| {
        let is = |(_, line): &(usize, &str)| marker(line, tag) == Some(name);
        lines.iter().position(is)
    };
    let start = place("ANCHOR:").ok_or("is not there")?;
    let end = place("ANCHOR_END:").ok_or("is not ended")?;
    if end < start {
        return Err("is ended before it begins");
    }
    Ok(&lines[start + 1..end])
}

/// What follows `tag` in a comment line.
fn marker<'t>(line: &'t str, tag: &str) -> Option<&'t str> {
    let line = line.trim();
    let comment = line.strip_prefix("//").or_else(|| line.strip_prefix('#'))?;
    Some(comment.trim_start().strip_prefix(tag)?.trim())
}

/// Whether a line only marks a region or a hole.
fn is_marker(line: &str) -> bool {
    ["ANCHOR:", "ANCHOR_END:", "hole:", "tried by:", "also:"]
        .iter()
        .any(|tag| marker(line, tag).is_some())
        || marker(line, "end hole") == Some("")
}

fn without_header<'l, 't>(lines: &'l [(usize, &'t str)]) -> &'l [(usize, &'t str)] {
    let header = lines.iter().take_while(|(_, line)| line.starts_with("//!"));
    &lines[header.count()..]
}

fn without_docstring<'l, 't>(lines: &'l [(usize, &'t str)]) -> &'l [(usize, &'t str)] {
    let skipped = lines
        .iter()
        .take_while(|(_, line)| line.trim().is_empty() || line.starts_with('#'))
        .count();
    let Some((_, opening)) = lines.get(skipped) else {
        return lines;
    };
    let Some(rest) = opening.strip_prefix(r#"""""#) else {
        return lines;
    };
    if rest.contains(r#"""""#) {
        return &lines[skipped + 1..];
    }
    let inside = lines[skipped + 1..]
        .iter()
        .take_while(|(_, line)| !line.contains(r#"""""#));
    let end = skipped + 1 + inside.count();
    lines.get(end + 1..).unwrap_or(lines)
}

/// `lines` without the examples of documentation, which are tests: what a page shows is run by its programs.
fn without_examples<'t>(lines: &[(usize, &'t str)]) -> Vec<(usize, &'t str)> {
    const LANGUAGES: [&str; 5] = ["", "rust", "no_run", "should_panic", "compile_fail"];
    let mut kept: Vec<(usize, &str)> = Vec::new();
    let mut inside = None;
    for (number, line) in lines {
        let text = line.trim().strip_prefix("///").map(str::trim);
        let fence = text.and_then(|text| text.strip_prefix("```"));
        match (inside, fence) {
            (None, Some(language)) => {
                let example = LANGUAGES.contains(&language);
                inside = Some(example);
                // The blank line before it goes too.
                while example && kept.last().is_some_and(|(_, it)| it.trim() == "///") {
                    kept.pop();
                }
            }
            (Some(true), None) => continue,
            (Some(example), Some(_)) => {
                inside = None;
                if example {
                    continue;
                }
            }
            _ => {}
        }
        if inside != Some(true) {
            kept.push((*number, *line));
        }
    }
    kept
}

fn dedented(lines: &[(usize, &str)]) -> Vec<String> {
    let indent = lines
        .iter()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(_, line)| line.len() - line.trim_start_matches(' ').len())
        .min()
        .unwrap_or(0);
    let cut = |line: &str| line.get(indent..).unwrap_or("").trim_end().to_string();
    lines.iter().map(|(_, line)| cut(line)).collect()
}

/// The file that `path` means, relative to the workspace: `path` is relative to `folder`, or to the workspace if it
/// begins with `/`.
///
/// # Errors
///
/// If it leads out of the workspace.
pub(crate) fn resolve(folder: &str, path: &str) -> Result<String, String> {
    let full = match path.strip_prefix('/') {
        Some(path) => PathBuf::from(path),
        None => Path::new(folder).join(path),
    };
    let mut parts: Vec<String> = Vec::new();
    for part in full.components() {
        match part {
            Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
            Component::CurDir => {}
            Component::ParentDir if parts.pop().is_some() => {}
            _ => return Err(format!("`{path}` leads out of the workspace")),
        }
    }
    Ok(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(file: &str, text: &str, anchor: Option<&str>) -> Result<Listing, String> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(file), text).unwrap();
        Listing::read(folder.path(), file, anchor)
    }

    const HEAP: &str = "//! A heap.\n\nimpl Heap {\n    // ANCHOR: push\n    // ANCHOR: name\n    fn push() {\n        \
        // hole: push — counts\n        // tried by: taxi\n        // also: timers\n        self.n += 1;\n        // end hole\n    }\n    \
        // ANCHOR_END: name\n\n    // ANCHOR_END: push\n}\n";

    #[test]
    fn a_region_is_dedented_and_loses_its_markers() {
        let push = listing("heap.rs", HEAP, Some("push")).unwrap();
        assert_eq!(push.lines, ["fn push() {", "    self.n += 1;", "}"]);
        assert_eq!(push.first, 6);
    }

    #[test]
    fn a_whole_file_loses_its_header() {
        let whole = listing("heap.rs", HEAP, None).unwrap();
        assert_eq!(whole.lines[0], "impl Heap {");
        assert_eq!(whole.first, 3);
        let twin = "\"\"\"Three taxis.\n\nAt night.\n\"\"\"\nimport asyncio\n";
        let twin = listing("taxi.py", twin, None).unwrap();
        assert_eq!((twin.first, twin.text().as_str()), (5, "import asyncio\n"));
        let short = listing("taxi.py", "\"\"\"Three taxis.\"\"\"\n\nx = 1\n", None);
        assert_eq!(short.unwrap().text(), "x = 1\n");
    }

    #[test]
    fn examples_of_documentation_are_left_out() {
        let text = "/// Adds.\n///\n/// ```\n/// assert!(true);\n///\n/// ```\n///\n/// # Panics\nfn add() {}\n\n\
                    /// Counts.\n///\n/// ```python\n/// n = 1\n/// ```\nfn count() {}\n";
        let shown = listing("add.rs", text, None).unwrap();
        assert_eq!(shown.lines[..3], ["/// Adds.", "///", "/// # Panics"]);
        assert_eq!(
            shown.lines[5..9],
            ["/// Counts.", "///", "/// ```python", "/// n = 1"]
        );
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("add.rs"), text).unwrap();
        let whole = Listing::whole(folder.path(), "add.rs").unwrap();
        assert!(whole.text().contains("assert!"));
    }

    #[test]
    fn python_anchors_are_comments_too() {
        let text = "# ANCHOR: a\nx = 1\n# ANCHOR_END: a\ny = 2\n";
        assert_eq!(listing("a.py", text, Some("a")).unwrap().lines, ["x = 1"]);
    }

    #[test]
    fn what_is_missing_is_named() {
        let error = listing("heap.rs", HEAP, Some("pop")).unwrap_err();
        assert_eq!(error, "heap.rs: anchor `pop` is not there");
        let open = listing("heap.rs", "// ANCHOR: a\nx\n", Some("a")).unwrap_err();
        assert_eq!(open, "heap.rs: anchor `a` is not ended");
        let none = Listing::read(Path::new("/"), "no/such.rs", None).unwrap_err();
        assert_eq!(none, "there is no file no/such.rs");
    }

    #[test]
    fn a_path_stays_in_the_workspace() {
        let chapter = "chapters/02-event-loop";
        assert_eq!(
            resolve(chapter, "../01-generators/src/lib.rs").unwrap(),
            "chapters/01-generators/src/lib.rs"
        );
        assert_eq!(
            resolve(chapter, "/crates/trace/src/lib.rs").unwrap(),
            "crates/trace/src/lib.rs"
        );
        assert!(resolve(chapter, "../../../etc/passwd").is_err());
    }
}
