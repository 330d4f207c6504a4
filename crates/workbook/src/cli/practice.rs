//! `practice`: cuts holes into a chapter, for the reader to fill.

use anyhow::{Context, Result};
use catalogue::holes::Hole;
use catalogue::{Chapter, Workbook};
use std::fmt::Write as _;
use std::fs;
use std::process::ExitCode;

use super::store::{State, Store, fill};
use super::term::{self, BOLD, CYAN, GREEN, YELLOW, styled};
use super::{find, refused};

/// Cuts a hole, or all of a chapter; without a name, lists them.
///
/// # Errors
///
/// If there is no such chapter or hole, or if cutting would lose what the reader wrote. Nothing is changed then.
pub(crate) fn practice(
    workbook: &Workbook,
    chapter: &str,
    name: Option<&str>,
) -> Result<ExitCode> {
    let (chapter, name) = find::with_hole(chapter, name);
    let chapter = find::chapter(workbook, chapter)?;
    let store = Store::new(workbook, chapter);
    let Some(name) = name else {
        term::print(&listed(workbook, chapter, &store)?)?;
        return Ok(ExitCode::SUCCESS);
    };
    let holes = find::holes(chapter, name)?;
    for hole in &holes {
        refuse_to_lose(workbook, chapter, &store, hole)?;
    }
    let mut text = String::new();
    for hole in &holes {
        // Read again: a hole cut before in the same file has moved this one.
        for hole in find::holes(chapter, &hole.number)? {
            if !hole.is_cut() {
                store.keep_original(&hole)?;
                fill(&hole, &hole.todo())?;
            }
            text += &task(workbook, &hole);
        }
    }
    let name = match &*holes {
        [hole] => &*hole.name,
        _ => "all",
    };
    text += &commands(chapter, name);
    term::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn refuse_to_lose(
    workbook: &Workbook,
    chapter: &Chapter,
    store: &Store<'_>,
    hole: &Hole,
) -> Result<()> {
    let file = term::below(&workbook.root, &hole.file);
    let (number, name) = (chapter.number, &hole.name);
    if store.state(hole)? == State::Yours {
        return Err(refused(format!(
            "hole '{name}' ({file}:{}) holds your own code, which cutting it would lose; \
             `cargo run -- solve {number} {name}` keeps yours and brings ours back",
            hole.line
        )));
    }
    let read = fs::read_to_string(&hole.file);
    let text = read.with_context(|| file.clone())?;
    if !hole.is_cut() && store.changed_outside(&hole.file, &text) {
        return Err(refused(format!(
            "{file} was changed outside its holes; commit that, or take it back with \
             `git checkout {file}`, and ask again (`git diff {file}` shows it)"
        )));
    }
    Ok(())
}

/// What the reader has to do, and where.
fn task(workbook: &Workbook, hole: &Hole) -> String {
    let file = term::below(&workbook.root, &hole.file);
    let title = styled(BOLD, format!("{} {}", hole.number, hole.name));
    let mut text = format!("{title} is cut\n");
    let mut row = |what: &str, how: &str| {
        text += &term::hang(&format!("  {what:9} "), how, term::width());
    };
    row("open", &format!("{file}:{}", hole.line));
    row("write", &hole.about);
    row("tried by", &hole.tried_by.join(", "));
    for test in hole.tests() {
        // Not broken into lines: a shell would take each for a command.
        let _ = writeln!(text, "  {:9} {test}", "and by");
    }
    text
}

fn commands(chapter: &Chapter, name: &str) -> String {
    let number = chapter.number;
    let only = if name == "all" { "" } else { name };
    let check = format!("cargo run -- check {number} {only}");
    let check = styled(CYAN, check.trim_end());
    let solve = styled(CYAN, format!("cargo run -- solve {number} {name}"));
    format!("\nTry yours:       {check}\nBring ours back: {solve}\n")
}

fn listed(workbook: &Workbook, chapter: &Chapter, store: &Store<'_>) -> Result<String> {
    let holes = find::holes(chapter, "all")?;
    let names = holes.iter().map(|hole| hole.name.len()).max().unwrap_or(0);
    let width = term::width();
    let mut text = styled(BOLD, format!("The holes of chapter {}", chapter.number));
    text.push('\n');
    for hole in &holes {
        let state = match store.state(hole)? {
            State::Cut => styled(YELLOW, "cut  "),
            State::Yours => styled(GREEN, "yours"),
            State::Ours => "ours ".to_string(),
        };
        let first = format!("  {} {:names$}  {state}  ", hole.number, hole.name);
        text += &term::hang(&first, &hole.about, width);
        let place = format!("{}:{}", term::below(&workbook.root, &hole.file), hole.line);
        let _ = writeln!(text, "      {place}");
    }
    let number = chapter.number;
    let first = holes.first().map_or("all", |hole| &hole.name);
    text.push('\n');
    for (what, command) in [
        ("Cut one:", format!("practice {number} {first}")),
        ("Cut all:", format!("practice {number} all")),
        ("Bring ours back:", format!("solve {number} {first}")),
    ] {
        let command = styled(CYAN, format!("cargo run -- {command}"));
        let _ = writeln!(text, "{what:16} {command}");
    }
    Ok(text)
}
