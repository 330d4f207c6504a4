//! `{{python-names}}`: where each name of asyncio is in this workbook.
//!
//! Each has a heading of its own, since that is what the book's search finds.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use catalogue::python::{FILE, Group, Name};

use crate::html::link;
use crate::problem::Problem;
use crate::site::{Page, Site};
use crate::tables::to_come;

/// The groups of names as Markdown, and what is wrong with them.
pub(crate) fn names(site: &Site, page: &Page) -> (String, Vec<Problem>) {
    let groups = match catalogue::python::names(&site.workbook.root) {
        Ok(groups) => groups,
        Err(error) => {
            return (
                String::new(),
                vec![Problem::with(FILE, format!("{error:#}"))],
            );
        }
    };
    let (mut text, mut problems) = (String::new(), Vec::new());
    let mut libraries = Libraries::default();
    for Group { title, name: names } in &groups {
        let _ = writeln!(text, "## {title}\n\n<div class=\"names\">\n");
        for name in names {
            let wrong = libraries.wrong(site, name);
            problems.extend(
                wrong.map(|why| Problem::with(FILE, format!("`{}`: {why}", name.python))),
            );
            text += &entry(site, page, name);
        }
        text += "</div>\n\n";
    }
    (text, problems)
}

fn entry(site: &Site, page: &Page, name: &Name) -> String {
    let python = &name.python;
    // A heading's id has no spaces, so `async for` is `#async-for`.
    let id = python.replace(' ', "-");
    let items: Vec<String> = name.items.iter().map(|item| format!("`{item}`")).collect();
    let mut said = items.join(", ");
    if let Some(note) = &name.note {
        said += if said.is_empty() { "" } else { ". " };
        said += note;
    }
    // Many look for `gather` alone.
    let short = match python.rsplit_once('.') {
        Some((_, short)) => format!(" <span class=\"also\">{short}</span>"),
        None => String::new(),
    };
    let where_it_is = place(site, page, name);
    format!("### `{python}`{short} {{ #{id} }}\n\n{said}\n{where_it_is}\n\n")
}

/// A link to the page that explains it, or when it will come.
fn place(site: &Site, page: &Page, name: &Name) -> String {
    let number = name.chapter;
    let plan = &site.workbook.plan.chapter;
    let chapter = plan.iter().find(|chapter| chapter.number == number);
    let chapter = chapter.map_or("", |chapter| &chapter.name);
    let target = site.page_of(number).map(|target| &target.path);
    let said = match target.map(|own| name.page.as_ref().unwrap_or(own)) {
        Some(target) => {
            let target = link(&page.path, target);
            format!("[Chapter {number}, {chapter}]({target})")
        }
        None => to_come(&format!("in chapter {number}, {chapter}")),
    };
    format!("<span class=\"where\">{said}</span>")
}

/// The sources of the chapters' libraries, by the names that code uses for them.
#[derive(Default)]
struct Libraries(BTreeMap<String, String>);

impl Libraries {
    /// What is not as the entry says, if its chapter is written. (Whether its page exists, the check of links finds.)
    fn wrong(&mut self, site: &Site, name: &Name) -> Option<String> {
        if !site
            .workbook
            .plan
            .chapter
            .iter()
            .any(|it| it.number == name.chapter)
        {
            return Some(format!("there is no chapter {} in the plan", name.chapter));
        }
        site.workbook.chapter(name.chapter)?;
        name.items.iter().find_map(|item| {
            let (library, path) = item.split_once("::").unwrap_or((item, ""));
            let Some(text) = self.text(site, library) else {
                return Some(format!("no chapter's library is called `{library}`"));
            };
            let missing = path.split("::").find(|part| !declares(text, part))?;
            Some(format!("`{library}` has no public `{missing}`"))
        })
    }

    /// All of a library's code.
    fn text(&mut self, site: &Site, library: &str) -> Option<&str> {
        if !self.0.contains_key(library) {
            let mut chapters = site.workbook.chapters.iter();
            let chapter = chapters.find(|it| it.name.replace('-', "_") == library)?;
            let files = chapter.library().ok()?;
            let texts = files
                .iter()
                .filter_map(|file| std::fs::read_to_string(file).ok());
            self.0.insert(library.to_string(), texts.collect());
        }
        self.0.get(library).map(String::as_str)
    }
}

/// Whether `text` declares a public item of this name, or passes one on from another chapter.
fn declares(text: &str, name: &str) -> bool {
    let is_end =
        |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    let declared = ["fn", "struct", "enum", "trait", "type", "const", "mod"]
        .iter()
        .any(|kind| {
            ["pub", "pub async"].iter().any(|public| {
                let start = format!("{public} {kind} {name}");
                text.match_indices(&start)
                    .any(|(at, _)| is_end(&text[at + start.len()..]))
            })
        });
    let mut passed_on = text.split("pub use ").skip(1);
    declared
        || passed_on.any(|rest| {
            let list = rest.split(';').next().unwrap_or("");
            let mut words = list.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            words.any(|word| word == name)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_item_is_found_by_its_whole_name() {
        let text = "pub fn sleep(d: D) {}\nfn hidden() {}\npub struct Sleep;\n\
                    pub use call::{TimerHandle, call_at};\npub mod tls;\nmod own;\n";
        for name in ["sleep", "Sleep", "TimerHandle", "call_at", "tls"] {
            assert!(declares(text, name), "{name}");
        }
        for name in ["hidden", "slee", "call_later", "Timer", "own"] {
            assert!(!declares(text, name), "{name}");
        }
    }
}
