//! `cargo run`: every chapter in a line, the milestones, and the taxi simulation.

use anyhow::Result;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use workbook::{Chapter, Kind, Program, Workbook};

use super::TIME_LIMIT;
use super::build::{self, Built, Fate};
use super::check;
use super::judge::{Judged, Problem, judge_all};
use super::progress::Progress;
use super::term::{self, BOLD, CYAN, DIM, GREEN, RED, cut, styled};

/// Runs every chapter and says how it went.
///
/// # Errors
///
/// If nothing can be built at all.
pub fn overview(workbook: &Workbook) -> Result<ExitCode> {
    let progress = Progress::start();
    let packages = workbook.chapters.iter().map(|chapter| &*chapter.package);
    let packages: Vec<&str> = packages.collect();
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
    text += &what_next(workbook);
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
    let outcome = match built.fate(workbook, chapter) {
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
    for (index, milestone) in workbook.plan.milestone.iter().enumerate() {
        let arrow = if index == 0 { "" } else { " → " };
        let step = reached(workbook, lines, milestone.through, &milestone.name);
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

fn reached(workbook: &Workbook, lines: &[Line<'_>], through: u32, name: &str) -> String {
    let below = |number: u32| number <= through;
    let mut planned = workbook.plan.chapter.iter().filter(|it| below(it.number));
    if !planned.all(|it| workbook.chapter(it.number).is_some()) {
        return styled(DIM, format!("{name} (to come)"));
    }
    let mut there = lines.iter().filter(|it| below(it.chapter.number));
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

fn what_next(workbook: &Workbook) -> String {
    let has_holes = |it: &&Chapter| it.holes().is_ok_and(|holes| !holes.is_empty());
    let latest = workbook.chapters.iter().rev().find(has_holes);
    let number = latest.map_or(1, |chapter| chapter.number);
    let to_come = workbook.plan.chapter.len() - workbook.chapters.len();
    let rows = [
        ("read", "read the book"),
        ("list", &format!("{to_come} to come")),
        (&format!("practice {number}"), "fill a hole"),
    ];
    let mut text = format!("\n{}\n", styled(BOLD, "What next"));
    for (command, what) in rows {
        let command = styled(CYAN, format!("cargo run -- {command:10}"));
        text += &format!("  {command}  {what}\n");
    }
    text
}
