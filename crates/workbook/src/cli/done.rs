//! `progress`: what the reader has done, chapter by chapter.

use anyhow::Result;
use catalogue::ladders::{Ladder, Progress as Notes};
use catalogue::{Chapter, Workbook};
use std::fmt::Write as _;
use std::process::ExitCode;

use super::holes::{self, Seen};
use super::next;
use super::term::{self, BOLD, DIM, GREEN, YELLOW, styled};

/// Draws the chapters with their holes and rungs.
///
/// # Errors
///
/// If a ladder, or what is noted of the reader's own, cannot be read.
pub(crate) fn progress(workbook: &Workbook) -> Result<ExitCode> {
    let seen = holes::look(workbook);
    let notes = Notes::read(&workbook.root)?;
    let mut rows = Vec::new();
    for chapter in workbook.chapters.iter().filter(|it| it.fault.is_none()) {
        rows.push(Row::of(chapter, &seen, &notes)?);
    }
    term::print(&(picture(workbook, &rows) + &next::after(workbook, &seen)))?;
    Ok(ExitCode::SUCCESS)
}

/// How far the reader is with one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Done,
    /// Done, as far as the transcripts of programs tell: other tests see more.
    Agrees,
    Begun,
    Open,
}

impl Mark {
    fn drawn(self) -> String {
        match self {
            Mark::Done => styled(GREEN, "■"),
            Mark::Agrees => styled(GREEN, "▣"),
            Mark::Begun => styled(YELLOW, "◧"),
            Mark::Open => styled(DIM, "□"),
        }
    }
}

/// A chapter.
struct Row<'a> {
    chapter: &'a Chapter,
    holes: Vec<Mark>,
    rungs: Vec<Mark>,
}

impl<'a> Row<'a> {
    fn of(chapter: &'a Chapter, seen: &[Seen<'_>], notes: &Notes) -> Result<Row<'a>> {
        let own = seen.iter().filter(|it| it.chapter.slug == chapter.slug);
        let holes = own.map(|it| match it.is_open() || it.filled {
            _ if it.passed && !it.is_open() => match it.hole.has_more_tests() {
                true => Mark::Agrees,
                false => Mark::Done,
            },
            true => Mark::Begun,
            false => Mark::Open,
        });
        let ladder = Ladder::of(chapter)?;
        let rungs = ladder.iter().flat_map(|it| &it.rungs);
        let rungs = rungs.map(|rung| match notes.of(rung) {
            Some(entry) if entry.done => Mark::Done,
            Some(_) => Mark::Begun,
            None => Mark::Open,
        });
        Ok(Row {
            chapter,
            holes: holes.collect(),
            rungs: rungs.collect(),
        })
    }

    fn marks(&self) -> impl Iterator<Item = &Mark> {
        self.holes.iter().chain(&self.rungs)
    }
}

/// The chapters below the milestones that they lead to.
fn picture(workbook: &Workbook, rows: &[Row<'_>]) -> String {
    let names = rows.iter().map(|row| row.chapter.name.len()).max();
    let names = names.unwrap_or(0);
    let holes = rows.iter().map(|row| row.holes.len()).max().unwrap_or(0);
    let holes = holes.max("holes".len());
    let title = format!("{:1$}", "What is yours", names + 7);
    let heads = styled(DIM, format!("{:holes$}  rungs", "holes"));
    let mut text = format!("{}{heads}\n", styled(BOLD, title));
    let mut from = 1;
    let milestones = workbook.plan.milestone.iter();
    let milestones = milestones.map(|it| (&*it.name, it.through));
    for (name, through) in milestones.chain([("Beyond", u32::MAX)]) {
        let below = |row: &&Row<'_>| (from..=through).contains(&row.chapter.number);
        let own: Vec<&Row<'_>> = rows.iter().filter(below).collect();
        from = through.saturating_add(1);
        if own.is_empty() {
            continue;
        }
        let reached = own.iter().flat_map(|row| row.marks()).all(is_done);
        let mark = match reached {
            true => format!(" {}", styled(GREEN, "✓")),
            false => String::new(),
        };
        let _ = writeln!(text, "{}{mark}", styled(BOLD, name));
        for row in own {
            let drawn: String = row.holes.iter().map(|it| it.drawn()).collect();
            let fill = " ".repeat(holes - row.holes.len());
            let rungs: String = row.rungs.iter().map(|it| it.drawn()).collect();
            let (number, name) = (row.chapter.number, &row.chapter.name);
            let line = format!("  {number:02} {name:names$}  {drawn}{fill}  {rungs}");
            let _ = writeln!(text, "{}", line.trim_end());
        }
    }
    text + &sum(rows)
}

fn is_done(mark: &Mark) -> bool {
    matches!(mark, Mark::Done | Mark::Agrees)
}

/// What the marks mean, and how many there are of each.
fn sum(rows: &[Row<'_>]) -> String {
    let legend = [
        (Mark::Done, "yours"),
        (Mark::Begun, "begun"),
        (Mark::Open, "to do"),
    ];
    let legend = legend.map(|(mark, words)| format!("{} {words}", mark.drawn()));
    let of = |marks: Vec<&Mark>, thing: &str| {
        let done = marks.iter().filter(|it| is_done(it)).count();
        format!("{done} of {}", term::count(marks.len(), thing))
    };
    let holes = of(rows.iter().flat_map(|row| &row.holes).collect(), "hole");
    let rungs = of(rows.iter().flat_map(|row| &row.rungs).collect(), "rung");
    let mut text = format!("\n{}\n", legend.join("  "));
    if rows
        .iter()
        .flat_map(Row::marks)
        .any(|it| *it == Mark::Agrees)
    {
        let words = "the transcripts agree; `check` names tests that see more";
        let first = format!("{} ", Mark::Agrees.drawn());
        text += &term::hang(&first, words, term::width());
    }
    let _ = writeln!(text, "{holes}, {rungs}");
    if rows.iter().flat_map(Row::marks).all(is_done) {
        let words = "All of it is yours: from a function that stops half-way to a runtime \
                     with timers, tasks, sockets and cancelling.";
        text += &term::hang("", words, term::width());
    }
    text
}
