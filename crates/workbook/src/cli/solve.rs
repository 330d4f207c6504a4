//! `solve`: brings back the code that was cut out.

use anyhow::Result;
use catalogue::holes::Hole;
use catalogue::{Chapter, Workbook};
use std::process::ExitCode;

use super::store::{State, Store, fill};
use super::term::{self, BOLD, styled};
use super::{find, refused};

/// Fills a hole, or all of a chapter, with the code that was in it, and keeps what the reader wrote.
///
/// # Errors
///
/// If there is no such chapter or hole, or nobody knows what was in it. Nothing is changed then.
pub(crate) fn solve(
    workbook: &Workbook,
    chapter: &str,
    name: Option<&str>,
) -> Result<ExitCode> {
    let (chapter, name) = find::with_hole(chapter, name);
    let chapter = find::chapter(workbook, chapter)?;
    let store = Store::new(workbook, chapter);
    let holes = find::holes(chapter, name.unwrap_or("all"))?;
    let mut originals = Vec::new();
    for hole in &holes {
        originals.push(original(workbook, chapter, &store, hole)?);
    }
    let mut text = String::new();
    for (hole, original) in holes.iter().zip(originals) {
        // Read again: a hole filled before in the same file has moved this one.
        for hole in find::holes(chapter, &hole.number)? {
            text += &bring_back(workbook, &store, &hole, &original)?;
        }
    }
    term::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn original(
    workbook: &Workbook,
    chapter: &Chapter,
    store: &Store<'_>,
    hole: &Hole,
) -> Result<String> {
    if store.state(hole)? == State::Ours {
        return Ok(hole.body.clone());
    }
    let original = store.original(hole)?;
    original.ok_or_else(|| {
        refused(format!(
            "nobody kept what was in hole '{}': neither .workbook/holes/{} nor git's last commit of {} has it",
            hole.name,
            chapter.slug,
            term::below(&workbook.root, &hole.file)
        ))
    })
}

fn bring_back(
    workbook: &Workbook,
    store: &Store<'_>,
    hole: &Hole,
    original: &str,
) -> Result<String> {
    let title = styled(BOLD, format!("{} {}", hole.number, hole.name));
    let place = format!("{}:{}", term::below(&workbook.root, &hole.file), hole.line);
    let state = store.state(hole)?;
    let mut note = String::new();
    if state == State::Yours {
        note = format!("  yours is kept in {}\n", store.keep_yours(hole)?);
    }
    let again = if state == State::Ours {
        "already"
    } else {
        fill(hole, original)?;
        "again"
    };
    let mut hole = hole.clone();
    hole.body = original.to_string();
    store.forget_original(&hole)?;
    Ok(format!("{title} is ours {again}: {place}\n{note}"))
}
