//! `hint`: one more word about the open rung.

use anyhow::Result;
use catalogue::Workbook;
use catalogue::ladders::{Entry, HINTS, MINE, Progress as Notes};
use std::process::ExitCode;

use super::super::refused;
use super::super::term::{self, BOLD, CYAN, styled};
use super::{ladder, own, words};

/// Opens the next hint of the first rung that is not done, and shows those that are open. After the last one it says
/// where ours is.
///
/// # Errors
///
/// If there is no such ladder, or the reader has not begun.
pub(crate) fn hint(workbook: &Workbook, wanted: &str) -> Result<ExitCode> {
    let (chapter, ladder) = ladder(workbook, wanted)?;
    let number = chapter.number;
    let mut notes = Notes::read(&workbook.root)?;
    if !workbook.root.join(MINE).is_dir() {
        return Err(refused(format!(
            "there is no {MINE}/ yet: `cargo run -- mine {number}` makes it, and says what to write"
        )));
    }
    let open = ladder
        .rungs
        .iter()
        .find(|rung| !notes.is_done(&rung.number));
    let Some(rung) = open else {
        return Err(refused(format!(
            "all rungs of chapter {number} are done: there is nothing to give a hint for"
        )));
    };
    let before = notes.of(rung).unwrap_or_default();
    let hints = (before.hints + 1).min(HINTS);
    let mut text = styled(BOLD, format!("{}  {}", rung.number, rung.title)) + "\n";
    for (place, hint) in (1..=hints).zip(&rung.hints) {
        let title = format!("hint {place} of {HINTS}");
        text += &format!("\n{}\n", styled(CYAN, title));
        text += &words::blocks(hint, 2, term::width());
    }
    let command = styled(CYAN, format!("cargo run -- mine {}", rung.number));
    text += &format!("\nIts task:  {command}\n");
    if before.hints == HINTS {
        let ours = own::ours(&chapter.slug, rung);
        let last = format!(
            "These are all. Ours is {ours}: the file as it may be after this rung."
        );
        text.push('\n');
        text += &term::hang("", &last, term::width());
    }
    notes.set(rung, Entry { hints, ..before });
    notes.write(&workbook.root)?;
    term::print(&text)?;
    Ok(ExitCode::SUCCESS)
}
