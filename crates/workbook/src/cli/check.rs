//! `check`: the difference between what programs print and what they should print.

use anyhow::Result;
use catalogue::build::Built;
use catalogue::{Chapter, Kind, Program, Workbook};
use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use super::build::{self, Fate};
use super::diff::diff;
use super::holes::Seen;
use super::judge::{Judged, judge_all};
use super::progress::Progress;
use super::term::{self, BOLD, CYAN, DIM, GREEN, RED, YELLOW, count, styled};
use super::{find, holes, refused};

/// Compares the programs of one chapter, or one of them, or all there are.
///
/// # Errors
///
/// If there is no such chapter or program, or they cannot be built at all.
pub(crate) fn check(
    workbook: &Workbook,
    chapter: Option<&str>,
    program: Option<&str>,
    limit: Duration,
) -> Result<ExitCode> {
    let asked = chapter.map(|name| find::with_hole(name, program));
    let chapters: Vec<&Chapter> = match asked {
        Some((name, _)) => vec![find::chapter(workbook, name)?],
        None => workbook.all().collect(),
    };
    let only = match asked.and_then(|(_, program)| program) {
        Some(name) => Some(wanted(workbook, chapters[0], name)?),
        None => None,
    };
    let progress = Progress::start();
    let built = build::build(&workbook.root, chapters.iter().copied(), &progress)?;
    let mut seen = holes::look(workbook);
    let mut text = shared(workbook, &built);
    let mut tally = Tally::default();
    let mut passed = Vec::new();
    for chapter in chapters {
        progress.doing(format!("checking {}", chapter.called()));
        let _ = writeln!(text, "{}", styled(BOLD, &chapter.slug));
        let executable = match build::fate(&built, workbook, chapter) {
            Fate::Ready(executable) => executable,
            Fate::LeftOut(system) => {
                let _ =
                    writeln!(text, "  {} left out: needs {system}", styled(YELLOW, "·"));
                continue;
            }
            other => {
                text += &not_built(&other, &built);
                tally.missing += 1;
                continue;
            }
        };
        let programs: Vec<&Program> = match &only {
            Some(programs) => programs.clone(),
            None => chapter.runnable().collect(),
        };
        let (left_out, programs): (Vec<&Program>, Vec<&Program>) =
            programs.into_iter().partition(|it| it.lacks().is_some());
        let judged = judge_all(workbook, chapter, &programs, &executable, limit)?;
        for program in left_out {
            if let Some(system) = program.lacks() {
                let (dot, name) = (styled(YELLOW, "·"), &program.name);
                let _ = writeln!(text, "  {dot} {name}: left out: needs {system}");
            }
        }
        text += &report(workbook, chapter, &judged, &seen, &mut tally);
        let now = holes::note_passed(workbook, &mut seen, chapter, &judged)?;
        passed.extend(now.iter().map(|it| it.hole.clone()));
    }
    drop(progress);
    text += &tally.words();
    text += &holes::success(&passed, &seen);
    term::print(&text)?;
    Ok(ExitCode::from(u8::from(!tally.is_clean())))
}

/// What came of the programs of `chapter`. What they fail for comes first: the holes, then who stops at one.
fn report(
    workbook: &Workbook,
    chapter: &Chapter,
    judged: &[Judged],
    seen: &[Seen<'_>],
    tally: &mut Tally,
) -> String {
    let right = judged.iter().all(Judged::is_right);
    let mut text = String::new();
    if !right {
        text += &holes::reasons(workbook, chapter, seen, judged);
    }
    for hole in seen.iter().filter(|it| it.is_open()) {
        let stopped = judged.iter().filter(|judged| {
            let at = holes::stopped(seen, judged);
            at.is_some_and(|at| at.hole.number == hole.hole.number)
        });
        let names: Vec<&str> = stopped.map(|it| &*it.name).collect();
        if names.is_empty() {
            continue;
        }
        let first = match names.len() {
            1 => format!("stops at {}", hole.hole.number),
            _ => format!("stop at {}", hole.hole.number),
        };
        let first = format!("  {} {first}: ", styled(RED, "✗"));
        text += &term::hang(&first, &names.join(", "), term::width());
    }
    for judged in judged {
        let stopped = holes::stopped(seen, judged).is_some();
        if !stopped {
            text += &verdict(workbook, judged);
        }
        tally.add(judged, stopped);
    }
    text + &holes::notes(workbook, chapter, seen, judged)
}

/// The program that is called `name`, or those that try the hole of that name.
fn wanted<'a>(
    workbook: &Workbook,
    chapter: &'a Chapter,
    name: &str,
) -> Result<Vec<&'a Program>> {
    if chapter.program(name).is_none() {
        // Damaged markers are for `practice` to tell.
        let holes = chapter.holes().unwrap_or_default();
        if let Some(hole) = holes.iter().find(|hole| find::is_called(hole, name)) {
            let tried_by = hole.tried_by.iter();
            let tried_by = tried_by.filter(|it| chapter.runs(it));
            let programs = tried_by.map(|name| runnable(workbook, chapter, name));
            return programs.collect();
        }
    }
    Ok(vec![runnable(workbook, chapter, name)?])
}

fn runnable<'a>(
    workbook: &Workbook,
    chapter: &'a Chapter,
    name: &str,
) -> Result<&'a Program> {
    let program = find::runnable(workbook, chapter, name)?;
    if program.kind == Kind::WontCompile {
        let number = chapter.typed();
        return Err(refused(format!(
            "'{name}' is there to be refused by the compiler, so it prints nothing; \
             `cargo run -- run {number} {name}` shows what the compiler says"
        )));
    }
    Ok(program)
}

/// What does not compile although it is no chapter.
pub(crate) fn shared(workbook: &Workbook, built: &Built) -> String {
    let mut text = String::new();
    for (package, errors) in build::shared_errors(built, workbook) {
        let _ = writeln!(text, "{} {package} does not compile", styled(RED, "✗"));
        text += &first(errors);
    }
    text
}

/// Why a chapter was not built, with the compiler's words if they are about it.
pub(crate) fn not_built(fate: &Fate, built: &Built) -> String {
    match fate {
        Fate::Ready(_) | Fate::LeftOut(_) => String::new(),
        Fate::Broken(errors) => {
            format!("{} does not compile\n{}", styled(RED, "✗"), first(errors))
        }
        Fate::Waiting(number) => {
            let command = styled(CYAN, format!("cargo run -- check {number}"));
            format!("{} waiting for {number:02}: {command}\n", styled(RED, "✗"))
        }
        Fate::Stuck => format!("{} not built\n{}", styled(RED, "✗"), built.complaints()),
        Fate::Faulty(why) => {
            term::hang(&format!("{} ", styled(RED, "✗")), why, term::width())
        }
    }
}

/// The first of the compiler's errors: the others often follow from them.
pub(crate) fn first(errors: &[String]) -> String {
    const SHOWN: usize = 3;
    let mut text = errors[..errors.len().min(SHOWN)].concat();
    if errors.len() > SHOWN {
        let rest = count(errors.len() - SHOWN, "more error");
        let _ = writeln!(text, "{}", styled(DIM, format!("… and {rest}")));
    }
    text
}

fn verdict(workbook: &Workbook, judged: &Judged) -> String {
    let (mark, name) = (mark(judged), &judged.name);
    if judged.problems.is_empty() {
        return format!("  {mark} {name}\n");
    }
    let first = format!("  {mark} {name}: ");
    let mut text = term::hang(&first, &judged.words(), term::width());
    if judged.is_right() {
        return text;
    }
    // The reason first.
    text += &match judged.panicked_at() {
        Some(place) => format!("    at {place}\n"),
        None => last_lines("complained", &judged.stderr),
    };
    if let Some(expected) = judged.expected() {
        let snapshot = term::below(&workbook.root, &judged.snapshot);
        let _ = writeln!(text, "    {snapshot}");
        text += &textwrap::indent(&diff(expected, &judged.stdout), "    ");
    } else {
        text += &last_lines("printed", &judged.stdout);
    }
    text
}

fn mark(judged: &Judged) -> String {
    match judged.is_right() {
        false => styled(RED, "✗"),
        true if judged.problems.is_empty() => styled(GREEN, "✓"),
        true => styled(YELLOW, "·"),
    }
}

fn last_lines(did: &str, text: &str) -> String {
    const SHOWN: usize = 5;
    let lines: Vec<&str> = text.lines().collect();
    if lines.is_empty() {
        return String::new();
    }
    let last = lines[lines.len().saturating_sub(SHOWN)..].join("\n");
    format!(
        "    it last {did}:\n{}\n",
        textwrap::indent(&last, "      ")
    )
}

/// How many programs match.
#[derive(Default)]
struct Tally {
    right: usize,
    wrong: usize,
    /// Those of them that stop at an open hole.
    stopped: usize,
    /// Chapters of which no program could be run.
    missing: usize,
}

impl Tally {
    fn add(&mut self, judged: &Judged, stopped: bool) {
        self.stopped += usize::from(stopped);
        match judged.is_right() {
            true if judged.problems.is_empty() => self.right += 1,
            // The reader's own, with nothing to compare it with.
            true => {}
            false => self.wrong += 1,
        }
    }

    fn is_clean(&self) -> bool {
        self.wrong == 0 && self.missing == 0
    }

    fn words(&self) -> String {
        if self.right + self.wrong + self.missing == 0 {
            return String::new();
        }
        let mut words = Vec::new();
        if self.right + self.wrong > 0 {
            let programs = count(self.right + self.wrong, "program");
            words.push(format!("{} of {programs} as expected", self.right));
        }
        match self.stopped {
            0 => {}
            1 => words.push("1 stops at an open hole".into()),
            stopped => words.push(format!("{stopped} stop at an open hole")),
        }
        if self.missing > 0 {
            words.push(format!("{} not built", count(self.missing, "chapter")));
        }
        let text = words.join("; ");
        let style = if self.is_clean() { GREEN } else { RED };
        styled(style.bold(), text) + "\n"
    }
}
