//! `cargo run`: every chapter in a line, the milestones, and the taxi simulation.

use anyhow::Result;
use catalogue::build::Built;
use catalogue::holes::Hole;
use catalogue::{Chapter, Kind, Program, Workbook};
use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use super::TIME_LIMIT;
use super::build::{self, Fate};
use super::check;
use super::judge::{Judged, Problem, judge_all};
use super::progress::Progress;
use super::term::{self, BOLD, CYAN, DIM, GREEN, RED, cut, styled};

/// Runs every chapter and says how it went.
///
/// # Errors
///
/// If nothing can be built at all.
pub(crate) fn overview(workbook: &Workbook) -> Result<ExitCode> {
    let progress = Progress::start();
    let packages = build::packages(&workbook.chapters);
    let built = build::build(&workbook.root, &packages, &progress)?;
    let mut lines = Vec::new();
    for chapter in &workbook.chapters {
        progress.doing(format!("running chapter {}", chapter.number));
        lines.push(look_at(workbook, chapter, &built)?);
    }
    drop(progress);
    let width = term::width();
    let mut text = head(workbook, &lines, width);
    text += &check::shared(workbook, &built);
    for line in &lines {
        text += &line.render(&built, width);
    }
    text += &taxis(&lines, width);
    text += &what_next(workbook, &lines);
    term::print(&text)?;
    let all_right = lines.iter().all(Line::is_right);
    Ok(ExitCode::from(u8::from(!all_right)))
}

/// One chapter, and how it went.
struct Line<'a> {
    chapter: &'a Chapter,
    outcome: Outcome,
}

enum Outcome {
    Ran(Vec<Judged>, Duration),
    NotBuilt(Fate),
}

fn look_at<'a>(
    workbook: &Workbook,
    chapter: &'a Chapter,
    built: &Built,
) -> Result<Line<'a>> {
    let outcome = match build::fate(built, workbook, chapter) {
        Fate::Ready(executable) => {
            let start = Instant::now();
            // What readers write themselves is theirs to check.
            let programs = chapter.runnable().filter(|it| it.kind != Kind::Mine);
            let programs: Vec<&Program> = programs.collect();
            let judged =
                judge_all(workbook, chapter, &programs, &executable, TIME_LIMIT)?;
            Outcome::Ran(judged, start.elapsed())
        }
        fate => Outcome::NotBuilt(fate),
    };
    Ok(Line { chapter, outcome })
}

impl Line<'_> {
    fn is_right(&self) -> bool {
        match &self.outcome {
            Outcome::Ran(judged, _) => judged.iter().all(Judged::is_right),
            Outcome::NotBuilt(_) => false,
        }
    }

    /// `✓ 02 event-loop  a heap ordered by time…  15/15  0.05 s`, and below it what is wrong.
    fn render(&self, built: &Built, width: usize) -> String {
        let chapter = self.chapter;
        let name = format!("{:02} {:12}", chapter.number, chapter.name);
        let result = match &self.outcome {
            Outcome::Ran(judged, time) => {
                let right = judged.iter().filter(|it| it.is_right()).count();
                let seconds = time.as_secs_f64();
                format!("{:>5} {seconds:5.2} s", format!("{right}/{}", judged.len()))
            }
            Outcome::NotBuilt(Fate::Waiting(number)) => {
                format!("waiting for {number:02}")
            }
            Outcome::NotBuilt(Fate::Broken(_)) => "does not compile".into(),
            Outcome::NotBuilt(Fate::Faulty(_)) => "cannot be read".into(),
            Outcome::NotBuilt(_) => "not built".into(),
        };
        // Two columns for the mark, two spaces on each side of what the chapter adds.
        let taken = 2 + name.len() + 4 + result.len();
        let room = width.saturating_sub(taken);
        let adds = if room >= 16 {
            cut(&chapter.adds, room)
        } else {
            String::new()
        };
        let fill = room.saturating_sub(textwrap::core::display_width(&adds));
        let (name, adds) = (styled(BOLD, name), styled(DIM, adds));
        let mark = mark(self.is_right());
        let fill = " ".repeat(fill.min(width));
        format!(
            "{mark} {name}  {adds}{fill}  {result}\n{}",
            self.trouble(built)
        )
    }

    fn trouble(&self, built: &Built) -> String {
        match &self.outcome {
            Outcome::Ran(judged, _) => {
                let wrong = judged.iter().filter(|it| !it.is_right());
                wrong.map(|it| self.wrong(it)).collect()
            }
            Outcome::NotBuilt(Fate::Broken(errors)) => check::first(errors),
            Outcome::NotBuilt(Fate::Stuck) => built.complaints().to_string(),
            Outcome::NotBuilt(Fate::Faulty(why)) => {
                term::hang("    ", why, term::width())
            }
            Outcome::NotBuilt(_) => String::new(),
        }
    }

    fn wrong(&self, judged: &Judged) -> String {
        let words: Vec<String> = judged.problems.iter().map(Problem::words).collect();
        let command = format!("check {} {}", self.chapter.number, judged.name);
        let mut text = format!("    {}: {}\n", judged.name, words.join("; "));
        let _ = writeln!(
            text,
            "      {}",
            styled(CYAN, format!("cargo run -- {command}"))
        );
        text
    }
}

fn mark(right: bool) -> String {
    if right {
        styled(GREEN, "✓")
    } else {
        styled(RED, "✗")
    }
}

/// The title and the way from a generator to I/O readiness: how far it goes.
fn head(workbook: &Workbook, lines: &[Line<'_>], width: usize) -> String {
    let title = styled(BOLD, "From Yield to Await");
    let mut rows = vec![String::new()];
    let mut after = 0;
    for (index, milestone) in workbook.plan.milestone.iter().enumerate() {
        let arrow = if index == 0 { "" } else { " → " };
        let own = after + 1..=milestone.through;
        after = milestone.through;
        let step = reached(workbook, lines, own, &milestone.name);
        let room = width.saturating_sub(textwrap::core::display_width(&step) + 3);
        if rows
            .last()
            .is_some_and(|row| textwrap::core::display_width(row) > room)
        {
            rows.push(format!("{}{step}", arrow.trim_start()));
        } else if let Some(row) = rows.last_mut() {
            *row += &format!("{arrow}{step}");
        }
    }
    format!("{title}\n{}\n\n", rows.join("\n"))
}

/// A milestone and its mark: that of its own chapters, since theirs say what is wrong with the ones before.
fn reached(
    workbook: &Workbook,
    lines: &[Line<'_>],
    own: RangeInclusive<u32>,
    name: &str,
) -> String {
    let planned = workbook.plan.chapter.iter();
    let mut planned = planned.filter(|it| own.contains(&it.number));
    if !planned.all(|it| workbook.chapter(it.number).is_some()) {
        return styled(DIM, format!("{name} (to come)"));
    }
    let mut there = lines.iter().filter(|it| own.contains(&it.chapter.number));
    format!("{} {name}", mark(there.all(Line::is_right)))
}

/// The transcript that the first part of the book leads to: its beginning and its end.
fn taxis(lines: &[Line<'_>], width: usize) -> String {
    const FIRST: usize = 6;
    const LAST: usize = 4;
    let Some(line) = lines
        .iter()
        .find(|line| line.chapter.program("taxi").is_some())
    else {
        return String::new();
    };
    let number = line.chapter.number;
    let command = styled(CYAN, format!("$ cargo run -- run {number} taxi"));
    let mut text = format!("\n{command}\n");
    let judged = match &line.outcome {
        Outcome::Ran(judged, _) => judged.iter().find(|judged| judged.name == "taxi"),
        Outcome::NotBuilt(_) => None,
    };
    let Some(judged) = judged else {
        return text + &format!("waits until chapter {number} is built\n");
    };
    let all: Vec<&str> = judged.stdout.lines().collect();
    let hidden = all.len().saturating_sub(FIRST + LAST);
    for (index, line) in all.iter().enumerate() {
        if hidden > 1 && index == FIRST {
            let _ = writeln!(text, "{}", styled(DIM, format!("… {hidden} lines …")));
        }
        if hidden <= 1 || index < FIRST || index >= FIRST + hidden {
            let _ = writeln!(text, "{}", cut(line, width));
        }
    }
    let verdict = if judged.is_right() {
        "this is its snapshot, byte for byte".to_string()
    } else {
        format!("this is not its snapshot: cargo run -- check {number} taxi")
    };
    text + &format!("{} {verdict}\n", mark(judged.is_right()))
}

/// Three commands. The first is what is most pressing: a hole that is open, a chapter that fails, or the book.
fn what_next(workbook: &Workbook, lines: &[Line<'_>]) -> String {
    // A chapter whose markers are damaged has none; `list` and `practice` say what is wrong with it.
    let holes = |it: &Chapter| it.holes().unwrap_or_default();
    let latest = workbook.chapters.iter().rev();
    let latest = latest.into_iter().find(|it| !holes(it).is_empty());
    let latest = latest.map_or(1, |chapter| chapter.number);
    // Not a difference of lengths: a reader may have chapters of their own.
    let planned = workbook.plan.chapter.iter();
    let to_come = planned.filter(|it| workbook.chapter(it.number).is_none());
    let to_come = to_come.count();
    let open = workbook.chapters.iter().find_map(|chapter| {
        let hole = holes(chapter).into_iter().find(Hole::is_cut)?;
        Some((chapter.number, hole))
    });
    let failed = lines.iter().find(|line| !line.is_right());
    let first = match (open, failed) {
        (Some((number, hole)), _) => {
            let file = hole.file.file_name().unwrap_or_default();
            let file = file.display();
            let what = format!(
                "hole {} {} is open: {file}:{}",
                hole.number, hole.name, hole.line
            );
            (format!("check {number}"), what)
        }
        (None, Some(line)) => {
            let number = line.chapter.number;
            (
                format!("check {number}"),
                format!("what is wrong with {number:02}"),
            )
        }
        (None, None) => ("read".into(), "read the book".into()),
    };
    let rows = [
        first,
        ("list".into(), format!("{to_come} to come")),
        (format!("practice {latest}"), "fill a hole".into()),
    ];
    let mut text = format!("\n{}\n", styled(BOLD, "What next"));
    for (command, what) in rows {
        let command = styled(CYAN, format!("cargo run -- {command:10}"));
        let line = format!("  {command}  {what}\n");
        text += &match textwrap::core::display_width(line.trim_end()) > term::width() {
            true => term::hang(&format!("  {command}  "), &what, term::width()),
            false => line,
        };
    }
    text
}
