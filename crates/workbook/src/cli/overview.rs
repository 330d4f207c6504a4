//! `cargo run`: every chapter in a line, the milestones, and the taxi simulation.

use anyhow::Result;
use catalogue::build::Built;
use catalogue::{Chapter, Kind, Program, Workbook};
use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use super::TIME_LIMIT;
use super::build::{self, Fate};
use super::check;
use super::holes::{self, Seen};
use super::judge::{Judged, judge_all};
use super::next;
use super::progress::Progress;
use super::term::{self, BOLD, CYAN, DIM, GREEN, RED, YELLOW, cut, styled};

/// Runs the chapters that are quick to build, and says how each went. The taxi simulation comes first, as soon as its
/// chapter is built: somebody new has something to see while the others are.
///
/// # Errors
///
/// If nothing can be built at all.
pub(crate) fn overview(workbook: &Workbook) -> Result<ExitCode> {
    let width = term::width();
    let mut seen = holes::look(workbook);
    let title = styled(BOLD, "From Yield to Await");
    term::print(&format!("{title}\n{}", holes::open(workbook, &seen)))?;
    let night = night(workbook, &seen, width)?;
    term::print(&night)?;
    // Nobody waits for what takes long the first time.
    let (parts, users) = workbook.parts_and_users();
    let is_soon = |it: &&Chapter| !it.heavy || build::was_built(it);
    let (chapters, later): (Vec<_>, Vec<_>) = parts.iter().partition(is_soon);
    let mut lines = Vec::new();
    let built = run_all(workbook, &chapters, &mut lines, &mut seen)?;
    let mut text = milestones(workbook, &lines, width);
    text += &check::shared(workbook, &built);
    for line in &lines {
        text += &line.render(workbook, &built, &lines, &seen, width);
    }
    text += &on_request(later.into_iter().chain(users), width);
    term::print(&text)?;
    term::print(&next::what_next(workbook, &lines, &seen))?;
    let all_right = lines.iter().all(Line::is_right);
    Ok(ExitCode::from(u8::from(!all_right)))
}

/// The chapters that are not run: they stand on large libraries, and would make everybody wait.
fn on_request<'a>(chapters: impl Iterator<Item = &'a Chapter>, width: usize) -> String {
    let mut chapters = chapters.peekable();
    let Some(first) = chapters.peek().map(|it| it.number) else {
        return String::new();
    };
    let named: Vec<String> = chapters
        .map(|it| format!("{:02} {}", it.number, it.name))
        .collect();
    let command = styled(CYAN, format!("cargo run -- check {first}"));
    let text = format!("{}: built when you ask, as by {command}", named.join(", "));
    term::hang(&format!("{} ", styled(DIM, "·")), &text, width)
}

/// Builds `chapters`, runs their programs, and notes how each chapter went.
fn run_all<'a>(
    workbook: &Workbook,
    chapters: &[&'a Chapter],
    lines: &mut Vec<Line<'a>>,
    seen: &mut [Seen<'_>],
) -> Result<Built> {
    let progress = Progress::of(2 * chapters.len());
    let built = build::build(&workbook.root, chapters.iter().copied(), &progress)?;
    for (index, chapter) in chapters.iter().enumerate() {
        progress.at(chapters.len() + index);
        progress.doing(format!("running chapter {}", chapter.number));
        let line = look_at(workbook, chapter, &built)?;
        if let Outcome::Ran(judged, _) = &line.outcome {
            holes::note_passed(workbook, seen, chapter, judged)?;
        }
        lines.push(line);
    }
    Ok(built)
}

/// One chapter, and how it went.
pub(super) struct Line<'a> {
    pub(super) chapter: &'a Chapter,
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
            let programs = programs.filter(|it| it.lacks().is_none());
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
    pub(super) fn is_right(&self) -> bool {
        match &self.outcome {
            Outcome::Ran(judged, _) => judged.iter().all(Judged::is_right),
            Outcome::NotBuilt(fate) => matches!(fate, Fate::LeftOut(_)),
        }
    }

    /// `✓ 02 event-loop  a heap ordered by time…  15/15  0.05 s`, and below it what is wrong, unless that is said
    /// elsewhere: at an open hole, or at an earlier chapter that this one is built on.
    fn render(
        &self,
        workbook: &Workbook,
        built: &Built,
        lines: &[Line<'_>],
        seen: &[Seen<'_>],
        width: usize,
    ) -> String {
        let chapter = self.chapter;
        let name = format!("{:02} {:12}", chapter.number, chapter.name);
        let elsewhere = self.elsewhere(workbook, lines, seen);
        let result = match (&self.outcome, &elsewhere) {
            (Outcome::Ran(judged, time), _) => {
                let right = judged.iter().filter(|it| it.is_right()).count();
                let right = format!("{right}/{}", judged.len());
                match &elsewhere {
                    Some(where_) => format!("{right} {where_}"),
                    None => format!("{right:>5} {:5.2} s", time.as_secs_f64()),
                }
            }
            (Outcome::NotBuilt(_), Some(where_)) => where_.clone(),
            (Outcome::NotBuilt(Fate::Broken(_)), _) => "does not compile".into(),
            (Outcome::NotBuilt(Fate::Faulty(_)), _) => "cannot be read".into(),
            (Outcome::NotBuilt(Fate::LeftOut(system)), _) => {
                format!("left out: needs {system}")
            }
            (Outcome::NotBuilt(_), _) => "not built".into(),
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
        let mark = match &self.outcome {
            Outcome::NotBuilt(Fate::LeftOut(_)) => styled(YELLOW, "·"),
            _ => mark(self.is_right()),
        };
        let fill = " ".repeat(fill.min(width));
        let trouble = match elsewhere {
            Some(_) => String::new(),
            None => self.trouble(built, seen),
        };
        format!("{mark} {name}  {adds}{fill}  {result}\n{trouble}")
    }

    /// Where it is said why this chapter is not right, if not below its line.
    fn elsewhere(
        &self,
        workbook: &Workbook,
        lines: &[Line<'_>],
        seen: &[Seen<'_>],
    ) -> Option<String> {
        let judged: &[Judged] = match &self.outcome {
            Outcome::NotBuilt(Fate::Waiting(number)) => {
                return Some(format!("waits for {number:02}"));
            }
            Outcome::NotBuilt(_) => return None,
            Outcome::Ran(judged, _) => judged,
        };
        if self.is_right() {
            return None;
        }
        let needs = build::needs(workbook, self.chapter);
        let mut wrong = lines.iter().filter(|it| !it.is_right());
        if let Some(first) = wrong.find(|it| needs.contains(&it.chapter.number)) {
            return Some(format!("waits for {:02}", first.chapter.number));
        }
        let mut wrong = judged.iter().filter(|it| !it.is_right());
        let first = holes::stopped(seen, wrong.clone().next()?)?;
        let all = wrong.all(|it| holes::stopped(seen, it).is_some());
        all.then(|| format!("{} is open", first.hole.number))
    }

    fn trouble(&self, built: &Built, seen: &[Seen<'_>]) -> String {
        match &self.outcome {
            Outcome::Ran(judged, _) => self.wrong(judged, seen) + &self.left_out(),
            Outcome::NotBuilt(Fate::Broken(errors)) => {
                let number = self.chapter.number;
                let more = format!("cargo run -- check {number}");
                shortened(&check::first(errors), &more) + "\n"
            }
            Outcome::NotBuilt(Fate::Stuck) => {
                let more = format!("cargo build -p {}", self.chapter.package);
                shortened(built.complaints(), &more)
            }
            Outcome::NotBuilt(Fate::Faulty(why)) => {
                term::hang("    ", why, term::width())
            }
            Outcome::NotBuilt(_) => String::new(),
        }
    }

    /// The programs that this system cannot run.
    fn left_out(&self) -> String {
        let programs = self.chapter.programs.iter();
        let named = programs
            .filter_map(|it| Some(format!("{} (needs {})", it.name, it.lacks()?)));
        let named: Vec<String> = named.collect();
        match named.is_empty() {
            true => String::new(),
            false => term::hang("    left out: ", &named.join(", "), term::width()),
        }
    }

    /// The programs that fail, a line each, and the command that shows how.
    fn wrong(&self, judged: &[Judged], seen: &[Seen<'_>]) -> String {
        const SHOWN: usize = 5;
        let wrong = judged.iter().filter(|it| !it.is_right());
        let (stopped, wrong): (Vec<&Judged>, Vec<&Judged>) =
            wrong.partition(|it| holes::stopped(seen, it).is_some());
        let mut text = String::new();
        for judged in wrong.iter().take(SHOWN) {
            let first = format!("    {}: ", judged.name);
            text += &term::hang(&first, &judged.words(), term::width());
        }
        let rest = wrong.len().saturating_sub(SHOWN) + stopped.len();
        let number = self.chapter.number;
        let command = match (&*wrong, rest) {
            ([one], 0) => format!("cargo run -- check {number} {}", one.name),
            _ => format!("cargo run -- check {number}"),
        };
        let command = styled(CYAN, command);
        match rest {
            0 if wrong.is_empty() => text,
            0 => text + &format!("      {command}\n"),
            _ => text + &format!("    … and {rest} more: {command}\n"),
        }
    }
}

/// The first lines of what somebody else says, and the command that shows all of it.
fn shortened(said: &str, command: &str) -> String {
    const SHOWN: usize = 12;
    let lines: Vec<&str> = said.trim_end().lines().collect();
    let mut text: String = lines
        .iter()
        .take(SHOWN)
        .map(|line| format!("{line}\n"))
        .collect();
    let rest = lines.len().saturating_sub(SHOWN);
    if rest > 0 {
        let rest = styled(DIM, format!("… {}: ", term::count(rest, "more line")));
        let _ = writeln!(text, "{rest}{}", styled(CYAN, command));
    }
    text
}

fn mark(right: bool) -> String {
    if right {
        styled(GREEN, "✓")
    } else {
        styled(RED, "✗")
    }
}

/// The way from a generator to I/O readiness: how far it goes.
fn milestones(workbook: &Workbook, lines: &[Line<'_>], width: usize) -> String {
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
    format!("\n{}\n\n", rows.join("\n"))
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

/// The transcript that the first part of the book leads to, from the first chapter that has it: built before the others.
fn night(workbook: &Workbook, seen: &[Seen<'_>], width: usize) -> Result<String> {
    let chapters = workbook.chapters.iter();
    let mut chapters = chapters.filter(|it| it.fault.is_none());
    let Some(chapter) = chapters.find(|it| it.program("taxi").is_some()) else {
        return Ok(String::new());
    };
    let progress = Progress::start();
    let built = build::build(&workbook.root, [chapter], &progress)?;
    let programs: Vec<&Program> = chapter.program("taxi").into_iter().collect();
    let judged = match build::fate(&built, workbook, chapter) {
        Fate::Ready(executable) => {
            judge_all(workbook, chapter, &programs, &executable, TIME_LIMIT)?
        }
        _ => Vec::new(),
    };
    drop(progress);
    Ok(taxis(chapter.number, judged.first(), seen, width))
}

/// The beginning and the end of the transcript.
fn taxis(
    number: u32,
    judged: Option<&Judged>,
    seen: &[Seen<'_>],
    width: usize,
) -> String {
    const FIRST: usize = 6;
    const LAST: usize = 4;
    let command = styled(CYAN, format!("$ cargo run -- run {number} taxi"));
    let mut text = format!("\n{command}\n");
    let Some(judged) = judged else {
        return text + &format!("waits until chapter {number} is built\n");
    };
    if let Some(hole) = holes::stopped(seen, judged) {
        return text + &format!("waits for {}\n", hole.title());
    }
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
