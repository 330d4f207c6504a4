//! What `check` says of the holes that do not hold the code they came with.

use catalogue::holes::Hole;
use catalogue::{Chapter, Workbook};
use std::fmt::Write as _;

use super::store::{State, Store};
use super::term::{self, CYAN, styled};

/// After the programs of `chapter`: where the reader's code is, and, if all is `right`, what else would test it.
///
/// A panic is blamed on the line that called the hole's function, so the hole itself is named here.
pub(crate) fn notes(workbook: &Workbook, chapter: &Chapter, right: bool) -> String {
    let mut text = String::new();
    let mut tests: Vec<String> = Vec::new();
    for below in &workbook.chapters {
        if below.number > chapter.number || (right && below.number < chapter.number) {
            continue;
        }
        let store = Store::new(workbook, below);
        // A chapter whose markers are damaged is checked nevertheless; `practice` says what is wrong with them.
        for hole in below.holes().unwrap_or_default() {
            let Ok(state) = store.state(&hole) else {
                continue;
            };
            let own = below.number == chapter.number;
            text += &note(workbook, &store, &hole, state, right, own);
            if state == State::Yours {
                tests.extend(hole.tests());
            }
        }
    }
    tests.sort();
    tests.dedup();
    if right && !tests.is_empty() {
        text += &term::hang("  · ", "what no transcript sees:", term::width());
        for test in tests {
            let _ = writeln!(text, "      {}", styled(CYAN, test));
        }
    }
    text
}

/// What is to be said of one hole.
fn note(
    workbook: &Workbook,
    store: &Store<'_>,
    hole: &Hole,
    state: State,
    right: bool,
    own: bool,
) -> String {
    let title = format!("hole {} {}", hole.number, hole.name);
    let what = match state {
        State::Ours => match store.yours(hole) {
            Some(kept) if own => {
                format!("hole {} is ours; yours is kept in {kept}", hole.name)
            }
            _ => return String::new(),
        },
        State::Cut | State::Yours if right => return String::new(),
        State::Cut => format!("{title} is cut: {}", place(workbook, hole)),
        State::Yours => format!("{title} holds your code: {}", place(workbook, hole)),
    };
    term::hang("  · ", &what, term::width())
}

fn place(workbook: &Workbook, hole: &Hole) -> String {
    format!("{}:{}", term::below(&workbook.root, &hole.file), hole.line)
}
