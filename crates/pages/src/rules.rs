//! What every page must keep to.

use std::collections::BTreeSet;

use crate::outline::Heading;
use crate::problem::Problem;
use crate::site::{Page, Place};

/// The parts that a chapter's page must have; a heading may go on after the name (`Build: who is next?`).
const PARTS: [&str; 5] = [
    "Where we are",
    "Predict",
    "Build",
    "Run it",
    "Check yourself",
];
const FIRST: &str = "Rust you need here";
const LAST: &str = "Where this comes from";

/// How many words of prose a chapter's page has.
pub const WORDS: std::ops::RangeInclusive<usize> = 1_000..=2_700;

/// What `page` does not keep to.
pub(crate) fn broken(page: &Page, libraries: &BTreeSet<u32>) -> Vec<Problem> {
    let mut problems = fences(page);
    if page.place == Place::Guide {
        return problems;
    }
    problems.extend(title(page));
    let words = page.outline.words;
    let wanted = match page.place {
        Place::Chapter(_) => WORDS,
        _ => 0..=*WORDS.end(),
    };
    if !wanted.contains(&words) {
        let message = format!(
            "the page has {words} words; a chapter's has from {} to {}, and what is longer becomes a page below it",
            WORDS.start(),
            WORDS.end()
        );
        problems.push(Problem::with(&page.file(), message));
    }
    if let Place::Chapter(number) = page.place {
        problems.extend(parts(page));
        if !libraries.contains(&number) {
            let message = format!(
                "the page ends with the whole library: `{{{{library: {number}}}}}`"
            );
            problems.push(Problem::with(&page.file(), message));
        }
    }
    problems
}

/// All code comes from files that are tested. Only what is typed at a shell may be written into the introduction
/// and the appendices; a chapter's pages have `{{command: …}}`, which is checked.
fn fences(page: &Page) -> Vec<Problem> {
    let fences = page.outline.fences.iter();
    let raw = fences.filter(|f| page.place != Place::Guide || f.language != "sh");
    raw.map(|fence| {
        let message = match page.place {
            Place::Guide => "only ```sh may be written into a page; use `{{code: …}}`",
            _ => {
                "no code is written into a chapter's page; use `{{code: …}}` or `{{command: …}}`"
            }
        };
        Problem::at(&page.file(), fence.line, message)
    })
    .collect()
}

fn title(page: &Page) -> Option<Problem> {
    let mut titles = page.outline.headings.iter().filter(|h| h.level == 1);
    let first = page.outline.headings.first();
    match (first, titles.next(), titles.next()) {
        (Some(first), Some(title), None) if first.line == title.line => None,
        (_, _, Some(second)) => Some(Problem::at(
            &page.file(),
            second.line,
            "the page has a second title",
        )),
        _ => Some(Problem::with(
            &page.file(),
            "the page does not begin with its title",
        )),
    }
}

fn parts(page: &Page) -> Vec<Problem> {
    let parts: Vec<&Heading> = page
        .outline
        .headings
        .iter()
        .filter(|heading| heading.level == 2)
        .collect();
    let find = |name: &str| parts.iter().position(|part| part.text.starts_with(name));
    let file = page.file();
    let mut problems = Vec::new();
    for name in PARTS {
        if find(name).is_none() {
            problems.push(Problem::with(&file, format!("there is no `## {name}`")));
        }
    }
    match parts.last() {
        Some(last) if last.text.starts_with(LAST) => {}
        Some(last) => problems.push(Problem::at(
            &file,
            last.line,
            format!("the last part is `## {LAST}`, not `## {}`", last.text),
        )),
        None => problems.push(Problem::with(&file, format!("there is no `## {LAST}`"))),
    }
    let Some(first) = find(FIRST) else {
        problems.push(Problem::with(&file, format!("there is no `## {FIRST}`")));
        return problems;
    };
    let line = parts[first].line;
    if find("Where we are").is_some_and(|start| start < first) {
        let message = format!("`## {FIRST}` comes before `## Where we are`");
        problems.push(Problem::at(&file, line, message));
    }
    if !(1..=3).contains(&parts[first].items) {
        let message = format!(
            "`## {FIRST}` is a list of one to three items, not {}",
            parts[first].items
        );
        problems.push(Problem::at(&file, line, message));
    }
    problems
}
