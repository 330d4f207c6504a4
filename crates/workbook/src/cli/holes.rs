//! The holes as they are now: which are open, which hold the reader's code, and which of those have passed.

use anyhow::Result;
use catalogue::holes::Hole;
use catalogue::{Chapter, Workbook};
use std::fmt::Write as _;

use super::judge::Judged;
use super::store::{State, Store, Unchanged};
use super::term::{self, BOLD, CYAN, GREEN, YELLOW, styled};

/// A hole, and what is in it.
pub(crate) struct Seen<'a> {
    /// Its chapter.
    pub chapter: &'a Chapter,
    /// The hole.
    pub hole: Hole,
    /// Whose code is in it.
    pub state: State,
    /// Whether the reader wrote what is in it, be it the same as ours.
    pub filled: bool,
    /// Whether code of the reader's has passed in it.
    pub passed: bool,
}

/// All holes, chapter by chapter, in the order in which the pages set them. A chapter whose markers are damaged has none
/// here; `list` and `practice` say what is wrong with it.
pub(crate) fn look(workbook: &Workbook) -> Vec<Seen<'_>> {
    let unchanged = Unchanged::since_the_last_commit(&workbook.root);
    let mut all = Vec::new();
    for chapter in &workbook.chapters {
        let store = Store::knowing(workbook, chapter, &unchanged);
        for hole in chapter.holes().unwrap_or_default() {
            let Ok(state) = store.state(&hole) else {
                continue;
            };
            let kept = store.has_original(&hole);
            all.push(Seen {
                chapter,
                state,
                filled: state == State::Yours || state == State::Ours && kept,
                passed: store.has_passed(&hole),
                hole,
            });
        }
    }
    all
}

impl Seen<'_> {
    /// `hole 2.1 push`.
    pub(crate) fn title(&self) -> String {
        format!("hole {} {}", self.hole.number, self.hole.name)
    }

    /// Its file and line.
    pub(crate) fn place(&self, workbook: &Workbook) -> String {
        let file = term::below(&workbook.root, &self.hole.file);
        format!("{file}:{}", self.hole.line)
    }

    /// Whether nothing is in it.
    pub(crate) fn is_open(&self) -> bool {
        self.state == State::Cut
    }

    /// Whether the reader has nothing to do with it yet, or any more.
    fn is_untouched(&self) -> bool {
        !self.is_open() && !self.filled && !self.passed
    }

    /// Whether one of the `judged` came to it while it was open, or tries it.
    fn is_met_by(&self, judged: &[Judged]) -> bool {
        is_touched(&self.hole, judged) || judged.iter().any(|it| self.stopped(it))
    }

    /// Whether `judged` came to it while it was open. Who panics there is blamed on the line that called, so the
    /// message is what names it.
    fn stopped(&self, judged: &Judged) -> bool {
        let (number, name) = (&self.hole.number, &self.hole.name);
        let message = format!("not yet implemented: {number}: {name}");
        let said = [&judged.stdout, &judged.stderr];
        self.is_open() && said.iter().any(|text| text.contains(&message))
    }
}

/// The open hole at which a program stopped, if that is what it did.
pub(crate) fn stopped<'a, 'b>(
    seen: &'b [Seen<'a>],
    judged: &Judged,
) -> Option<&'b Seen<'a>> {
    if judged.is_right() {
        return None;
    }
    seen.iter().find(|it| it.stopped(judged))
}

/// A line for each open hole, at the top of whatever fails because of them.
pub(crate) fn open(workbook: &Workbook, seen: &[Seen<'_>]) -> String {
    const SHOWN: usize = 5;
    let mut text = String::new();
    let open = || seen.iter().filter(|it| it.is_open());
    for hole in open().take(SHOWN) {
        let title = styled(YELLOW, format!("{} is open", hole.title()));
        text += &term::hang(&format!("{title}: "), &hole.place(workbook), term::width());
    }
    let rest = open().count().saturating_sub(SHOWN);
    if rest > 0 {
        let command = styled(CYAN, "cargo run -- progress");
        let _ = writeln!(text, "{}: {command}", term::count(rest, "more open hole"));
    }
    text
}

/// The hole to fill next: the first that is untouched, since the later ones stand on it.
pub(crate) fn next<'a, 'b>(seen: &'b [Seen<'a>]) -> Option<&'b Seen<'a>> {
    seen.iter().find(|it| it.is_untouched())
}

/// Notes which of the holes of `chapter` hold code of the reader's by which every program that tries them does what it
/// should, and returns them.
///
/// # Errors
///
/// If that cannot be written down.
pub(crate) fn note_passed<'a, 'b>(
    workbook: &Workbook,
    seen: &'b mut [Seen<'a>],
    chapter: &Chapter,
    judged: &[Judged],
) -> Result<Vec<&'b Seen<'a>>> {
    let mut passed = Vec::new();
    let own = seen.iter_mut().filter(|it| it.chapter.slug == chapter.slug);
    for it in own.filter(|it| it.filled) {
        if is_tried(chapter, &it.hole, judged) {
            Store::new(workbook, chapter).keep_passed(&it.hole)?;
            it.passed = true;
            passed.push(&*it);
        }
    }
    Ok(passed)
}

/// Whether every program that tries `hole`, and runs on this system, is among the `judged`, and right.
fn is_tried(chapter: &Chapter, hole: &Hole, judged: &[Judged]) -> bool {
    let right = |name: &String| {
        let mut judged = judged.iter();
        judged.any(|it| it.name == *name && it.is_right())
    };
    let mut tried_by = hole.tried_by.iter().filter(|it| chapter.runs(it));
    tried_by.all(right)
}

/// Whether one of the `judged` tries `hole`.
fn is_touched(hole: &Hole, judged: &[Judged]) -> bool {
    let mut judged = judged.iter();
    judged.any(|it| hole.tried_by.contains(&it.name))
}

/// What it means that these have passed, and what is next.
pub(crate) fn success(passed: &[Hole], seen: &[Seen<'_>]) -> String {
    let Some(last) = passed.last() else {
        return String::new();
    };
    let (unsure, sure): (Vec<_>, Vec<_>) =
        passed.iter().partition(|hole| hole.has_more_tests());
    let titles: Vec<String> = sure.iter().map(|hole| title(hole)).collect();
    let titles = match &*titles {
        [] => String::new(),
        [one] => format!("hole {one} is yours"),
        [most @ .., last] => format!("holes {} and {last} are yours", most.join(", ")),
    };
    let mut text = String::new();
    if !titles.is_empty() {
        let _ = writeln!(text, "{}", styled(GREEN.bold(), titles));
    }
    text += &to_be_sure(&unsure);
    let number = &last.number;
    let chapter = seen.iter().find(|it| it.hole.number == *number);
    if let Some(chapter) = chapter.map(|it| it.chapter) {
        let mut own = seen.iter().filter(|it| it.chapter.slug == chapter.slug);
        if own.all(|it| it.passed) {
            let words = format!("With it all of chapter {}", chapter.number);
            text += &term::hang(&format!("{words}: "), &chapter.adds, term::width());
        }
    }
    match next(seen) {
        Some(next) => {
            let (number, name) = (next.chapter.number, &next.hole.name);
            let command = styled(CYAN, format!("cargo run -- practice {number} {name}"));
            let first = format!("next: {} {name}", next.hole.number);
            text += &term::hang(&format!("{first}  "), &command, term::width());
        }
        None => text += &format!("{}\n", styled(BOLD, "There is no hole left.")),
    }
    text
}

/// `2.1 push`.
fn title(hole: &Hole) -> String {
    format!("{} {}", hole.number, hole.name)
}

/// What is said of holes that may still be wrong though each transcript is right: what would tell.
fn to_be_sure(unsure: &[&Hole]) -> String {
    let titles: Vec<String> = unsure.iter().map(|hole| title(hole)).collect();
    let titles = match &*titles {
        [] => return String::new(),
        [one] => format!("hole {one}"),
        [most @ .., last] => format!("holes {} and {last}", most.join(", ")),
    };
    let words = format!("{titles}: the transcripts agree; to be sure:");
    styled(GREEN, words) + "\n" + &tests_of(unsure)
}

/// The commands of the tests that see more of `holes`, each once.
fn tests_of(holes: &[&Hole]) -> String {
    let mut tests: Vec<String> = holes.iter().flat_map(|hole| hole.tests()).collect();
    tests.sort();
    tests.dedup();
    let lines = tests
        .iter()
        .map(|test| format!("      {}\n", styled(CYAN, test)));
    lines.collect()
}

/// What is said before the programs of `chapter` that fail: where the reader's code is. An open hole is a reason only
/// for those who came to it.
pub(crate) fn reasons(
    workbook: &Workbook,
    chapter: &Chapter,
    seen: &[Seen<'_>],
    judged: &[Judged],
) -> String {
    let mut text = String::new();
    for it in seen.iter().filter(|it| it.chapter.number <= chapter.number) {
        let place = it.place(workbook);
        let what = match it.state {
            State::Ours => continue,
            State::Cut if !it.is_met_by(judged) => continue,
            State::Cut => format!("{} is open: {place}", it.title()),
            State::Yours if it.chapter.number < chapter.number => {
                format!(
                    "{} holds your code, and may be the cause: {place}",
                    it.title()
                )
            }
            State::Yours => format!("{} holds your code: {place}", it.title()),
        };
        text += &term::hang("  · ", &what, term::width());
    }
    text
}

/// What is said after the programs of `chapter`: where code of the reader's is kept, and, if all that was run is right
/// and is not all that tries the code that is in, what else would test it. A hole that none of them tries is not spoken
/// of.
pub(crate) fn notes(
    workbook: &Workbook,
    chapter: &Chapter,
    seen: &[Seen<'_>],
    judged: &[Judged],
) -> String {
    let store = Store::new(workbook, chapter);
    let mut text = String::new();
    let mut untold = Vec::new();
    let own = seen.iter().filter(|it| it.chapter.slug == chapter.slug);
    for it in own.filter(|it| is_touched(&it.hole, judged)) {
        match (it.state, store.yours(&it.hole)) {
            (State::Ours, Some(kept)) => {
                let name = &it.hole.name;
                let what = format!("hole {name} is ours; yours is kept in {kept}");
                text += &term::hang("  · ", &what, term::width());
            }
            (State::Yours, _) if !is_tried(chapter, &it.hole, judged) => {
                untold.push(&it.hole)
            }
            _ => {}
        }
    }
    let tests = tests_of(&untold);
    if judged.iter().all(Judged::is_right) && !tests.is_empty() {
        text += &term::hang("  · ", "what no transcript sees:", term::width());
        text += &tests;
    }
    text
}
