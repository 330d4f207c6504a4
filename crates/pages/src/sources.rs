//! The book's own copies of the files its listings come from.
//!
//! A listing links to its line. The book has no place on the web to link to, and it is read without a network, so
//! each file that a page mentions is a page too: as it is, with numbered lines.

use mdbook_preprocessor::book::{Book, BookItem, Chapter, SectionNumber};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::expand::SOURCES;
use crate::fill::{self, Kind};
use crate::html::escape;
use crate::problem::Problem;

/// The page below which the sources go.
const PARENT: &str = "sources.md";

/// The page of the book that holds a copy of `file`.
pub(crate) fn page(file: &str) -> String {
    format!("sources/{file}.md")
}

/// Adds a page for each of `files` to the book, and the list of them where `{{sources}}` stands.
pub(crate) fn add(
    root: &Path,
    book: &mut Book,
    files: &BTreeSet<String>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut found = false;
    book.for_each_mut(|item| {
        let BookItem::Chapter(parent) = item else {
            return;
        };
        if parent.source_path.as_deref() != Some(Path::new(PARENT)) {
            return;
        }
        found = true;
        parent.content = parent.content.replace(SOURCES, &list(files));
        let number = parent.number.clone().unwrap_or_default();
        for (index, file) in (1..).zip(files) {
            match copy(root, file, parent) {
                Ok(mut copy) => {
                    // mdBook indents by section number, so there must be one, also below an unnumbered parent.
                    let numbers = if number.is_empty() {
                        &[0][..]
                    } else {
                        &number[..]
                    };
                    copy.number = Some(SectionNumber::new([numbers, &[index]].concat()));
                    parent.sub_items.push(BookItem::Chapter(copy));
                }
                Err(error) => problems.push(Problem::with(file, error.to_string())),
            }
        }
    });
    if !found && !files.is_empty() {
        let message =
            format!("there is no page {PARENT}, where copies of the sources go");
        problems.push(Problem::with("book/src/SUMMARY.md", message));
    }
    problems
}

fn list(files: &BTreeSet<String>) -> String {
    let line = |file: &String| format!("- [`{file}`]({})\n", page(file));
    files.iter().map(line).collect()
}

fn copy(root: &Path, file: &str, parent: &Chapter) -> std::io::Result<Chapter> {
    // It is read when the page is filled. That it can be is found here, where the problem has a name.
    fs::metadata(root.join(file))?;
    let language = match file.rsplit_once('.') {
        Some((_, "py")) => "python",
        Some((_, "diff")) => "diff",
        Some((_, "toml")) => "toml",
        _ => "rust",
    };
    let content = format!(
        "<div class=\"source-page\">\n\n# {file}\n\n<figure class=\"source\">\n\n<pre>{}</pre>\n\n</figure>\n\n</div>\n",
        fill::place(language, Kind::Source, file)
    );
    let mut copy = Chapter::new(
        &short(file),
        content,
        page(file),
        [&parent.parent_names[..], std::slice::from_ref(&parent.name)].concat(),
    );
    copy.source_path = None;
    Ok(copy)
}

/// What `file` is called in the list at the side: `02 heap.rs` for `chapters/02-event-loop/src/heap.rs`.
fn short(file: &str) -> String {
    let chapter = file.strip_prefix("chapters/");
    match chapter.and_then(|rest| rest.split_once("/src/")) {
        Some((slug, rest)) => {
            let number = slug.split('-').next().unwrap_or(slug);
            format!("{number} {rest}")
        }
        None => file.to_string(),
    }
}

/// Each line after an empty element that carries its number: highlighting keeps those, and splits others.
pub(crate) fn numbered(text: &str) -> String {
    let line = |(number, line): (usize, &str)| {
        format!(
            "<a class=\"line\" id=\"L{number}\" data-n=\"{number}\"></a>{}\n",
            escape(line)
        )
    };
    (1..).zip(text.lines()).map(line).collect()
}
