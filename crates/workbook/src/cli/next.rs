//! What a reader may do next, from what is there: the holes, the rungs, and whether the book was opened.

use catalogue::Workbook;
use catalogue::ladders::{Ladder, Progress as Notes};

use super::holes::{self, Seen};
use super::overview::Line;
use super::term::{self, BOLD, CYAN, styled};

/// A command, and what it does.
type Row = (String, String);

/// A few commands. The first is what is most pressing: a hole that is open, a chapter that fails, or the book.
pub(super) fn what_next(
    workbook: &Workbook,
    lines: &[Line<'_>],
    seen: &[Seen<'_>],
) -> String {
    let mut rows = open_hole(seen);
    let failed = lines.iter().find(|line| !line.is_right());
    if let (true, Some(line)) = (rows.is_empty(), failed) {
        let number = line.chapter.number;
        let what = format!("what is wrong with {number:02}");
        rows.push((format!("check {number}"), what));
    }
    if rows.is_empty() {
        if !was_read(workbook) {
            rows.push(("read --open".into(), "the book, in your browser".into()));
        }
        rows.extend(next_hole(seen));
        rows.extend(next_rung(workbook));
    }
    rows.push(last(workbook, seen));
    table(&rows)
}

/// The same for somebody who sees already what is done, and where nothing was run.
pub(super) fn after(workbook: &Workbook, seen: &[Seen<'_>]) -> String {
    let mut rows = open_hole(seen);
    if rows.is_empty() {
        rows.extend(next_hole(seen));
    }
    rows.extend(next_rung(workbook));
    match rows.is_empty() {
        true => String::new(),
        false => table(&rows),
    }
}

fn open_hole(seen: &[Seen<'_>]) -> Vec<Row> {
    let Some(open) = seen.iter().find(|it| it.is_open()) else {
        return Vec::new();
    };
    let (number, name) = (open.chapter.number, &open.hole.name);
    let file = open.hole.file.file_name().unwrap_or_default();
    let place = format!("{}:{}", file.display(), open.hole.line);
    let what = format!("{} is open: {place}", open.title());
    vec![
        (format!("check {number} {name}"), what),
        (format!("solve {number} {name}"), "brings ours back".into()),
    ]
}

fn next_hole(seen: &[Seen<'_>]) -> Option<Row> {
    let next = holes::next(seen)?;
    let what = match seen.iter().any(|it| it.passed) {
        true => format!("the next hole, {}", next.hole.number),
        false => "take a piece out and write it again".into(),
    };
    let (number, name) = (next.chapter.number, &next.hole.name);
    Some((format!("practice {number} {name}"), what))
}

/// The next rung of the ladders.
fn next_rung(workbook: &Workbook) -> Option<Row> {
    // What is wrong with the notes or with a ladder is for `mine` to tell.
    let notes = Notes::read(&workbook.root).ok()?;
    let chapters = workbook.chapters.iter();
    let mut ladders = chapters.filter_map(|it| Ladder::of(it).ok().flatten());
    let begun = workbook.root.join(catalogue::ladders::MINE).is_dir();
    ladders.find_map(|ladder| {
        let mut rungs = ladder.rungs.iter();
        let rung = rungs.find(|rung| !notes.is_done(&rung.number))?;
        let what = match begun {
            true => format!("the next rung, {}", rung.number),
            false => "write a runtime of your own, from nothing".into(),
        };
        Some((format!("mine {}", ladder.chapter), what))
    })
}

/// What there is, or, once the reader has done something, how far they are.
fn last(workbook: &Workbook, seen: &[Seen<'_>]) -> Row {
    let passed = seen.iter().filter(|it| it.passed).count();
    if passed > 0 {
        let holes = term::count(seen.len(), "hole");
        let are = if passed == 1 { "is" } else { "are" };
        return (
            "progress".into(),
            format!("{passed} of {holes} {are} yours"),
        );
    }
    // Not a difference of lengths: a reader may have chapters of their own.
    let planned = workbook.plan.chapter.iter();
    let to_come = planned.filter(|it| workbook.chapter(it.number).is_none());
    let there = term::count(workbook.chapters.len(), "chapter");
    let what = format!("{there}, and {} to come", to_come.count());
    ("list".into(), what)
}

fn table(rows: &[Row]) -> String {
    let mut text = format!("\n{}\n", styled(BOLD, "What next"));
    let widest = rows.iter().map(|(command, _)| command.len()).max();
    let widest = widest.unwrap_or(0);
    for (command, what) in rows {
        let typed = |command: &str| styled(CYAN, format!("cargo run -- {command}"));
        let line = format!("  {}  {what}\n", typed(&format!("{command:widest$}")));
        text += &match textwrap::core::display_width(line.trim_end()) > term::width() {
            true => term::hang(&format!("  {}  ", typed(command)), what, term::width()),
            false => line,
        };
    }
    text
}

/// Whether the reader has opened the book: then it lies where `read` builds it.
fn was_read(workbook: &Workbook) -> bool {
    workbook.root.join("target/book/index.html").is_file()
}
