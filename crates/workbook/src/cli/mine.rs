//! `mine` and `hint`: the ladders, on which a reader writes a runtime from nothing.

mod hint;
mod own;
mod trial;
mod words;

use anyhow::{Context, Result};
use catalogue::ladders::{Entry, Ladder, MINE, Progress as Notes, Rung};
use catalogue::{Chapter, Workbook};
use std::process::ExitCode;

use super::progress::Progress;
use super::term;
use super::{find, refused};
pub(crate) use hint::hint;
use trial::{Trial, Verdict};

/// Makes the reader's crate if there is none, and checks the ladder of a chapter: the rungs in order, up to the first
/// that does not hold. Without a chapter, says how far the reader has come.
///
/// # Errors
///
/// If there is no such ladder, or the reader's crate cannot be made, or be built by cargo at all.
pub(crate) fn mine(workbook: &Workbook, wanted: Option<&str>) -> Result<ExitCode> {
    let Some(wanted) = wanted else {
        return where_you_are(workbook);
    };
    let (chapter, ladder) = ladder(workbook, wanted)?;
    let mut notes = Notes::read(&workbook.root)?;
    if let Some(text) = waits_for(workbook, &ladder, &notes)? {
        term::print(&text)?;
        return Ok(ExitCode::FAILURE);
    }
    let mut text = own::make(workbook, &ladder)?;
    let progress = Progress::start();
    let climbed = climb(workbook, chapter, &ladder, &progress);
    drop(progress);
    let climbed = match climbed {
        Ok(climbed) => climbed,
        Err(error) => {
            // What was made is there, whatever comes of it.
            term::print(&text)?;
            return Err(error);
        }
    };
    text += &words::climbed(workbook, &ladder, &climbed, &notes);
    let right = climbed.is_right(&ladder, &notes);
    climbed.note(&ladder, &mut notes);
    notes.write(&workbook.root)?;
    term::print(&text)?;
    Ok(ExitCode::from(u8::from(!right)))
}

/// What came of the rungs of a ladder.
pub(super) struct Climbed {
    /// What the rungs printed that hold.
    held: Vec<String>,
    /// What is the matter with the next one, if there is one.
    stopped: Option<Verdict>,
}

impl Climbed {
    /// The rung that does not hold.
    fn open<'a>(&self, ladder: &'a Ladder) -> Option<&'a Rung> {
        self.stopped.as_ref()?;
        ladder.rungs.get(self.held.len())
    }

    /// Whether nothing is wrong: what nobody has begun is not.
    fn is_right(&self, ladder: &Ladder, notes: &Notes) -> bool {
        match (&self.stopped, self.open(ladder)) {
            (None, _) | (_, None) => true,
            (Some(Verdict::Unusable { missing, .. }), Some(rung)) => {
                *missing && !notes.is_done(&rung.number)
            }
            // Its task has not been read yet.
            (Some(Verdict::Fails { .. }), Some(rung)) => notes.of(rung).is_none(),
            _ => false,
        }
    }

    fn note(&self, ladder: &Ladder, notes: &mut Notes) {
        let shown = self.held.len() + usize::from(self.stopped.is_some());
        for (index, rung) in ladder.rungs.iter().take(shown).enumerate() {
            let hints = notes.of(rung).unwrap_or_default().hints;
            let done = index < self.held.len();
            notes.set(rung, Entry { done, hints });
        }
    }
}

fn climb(
    workbook: &Workbook,
    chapter: &Chapter,
    ladder: &Ladder,
    progress: &Progress,
) -> Result<Climbed> {
    let mut climbed = Climbed {
        held: Vec::new(),
        stopped: None,
    };
    let trial = Trial::build(workbook, chapter, ladder, progress)?;
    for rung in &ladder.rungs {
        progress.doing(format!("trying {}", rung.number));
        match trial.try_rung(workbook, rung)? {
            Verdict::Holds(printed) => climbed.held.push(printed),
            verdict => {
                climbed.stopped = Some(verdict);
                break;
            }
        }
    }
    Ok(climbed)
}

/// The chapter that `wanted` names, or a rung of it as `4.2` does, and its ladder.
fn ladder<'a>(workbook: &'a Workbook, wanted: &str) -> Result<(&'a Chapter, Ladder)> {
    let (chapter, rung) = wanted.split_once('.').unwrap_or((wanted, "1"));
    let wanted = rung.parse::<u32>().map_or(wanted, |_| chapter);
    let chapter = find::chapter(workbook, wanted)?;
    let number = chapter.number;
    match Ladder::of(chapter)? {
        Some(ladder) => Ok((chapter, ladder)),
        None => {
            let all = ladders(workbook)?;
            let numbers = all.iter().map(|it| it.chapter.to_string());
            let numbers = numbers.collect::<Vec<_>>().join(", ");
            Err(refused(format!(
                "chapter {number} has no ladder; there is one of chapters {numbers}"
            )))
        }
    }
}

/// All ladders that there are.
fn ladders(workbook: &Workbook) -> Result<Vec<Ladder>> {
    let chapters = workbook.chapters.iter().filter(|it| it.fault.is_none());
    let ladders = chapters.filter_map(|chapter| Ladder::of(chapter).transpose());
    ladders.collect()
}

/// If the first open rung stands on rungs of other ladders that are not done: which.
fn waits_for(
    workbook: &Workbook,
    ladder: &Ladder,
    notes: &Notes,
) -> Result<Option<String>> {
    let open = ladder
        .rungs
        .iter()
        .find(|rung| !notes.is_done(&rung.number));
    let Some(open) = open else { return Ok(None) };
    let missing = open.needs.iter().find(|number| !notes.is_done(number));
    let Some(missing) = missing else {
        return Ok(None);
    };
    let all = ladders(workbook)?;
    let mut rungs = all
        .iter()
        .flat_map(|it| it.rungs.iter().map(move |rung| (it, rung)));
    let (on, rung) = rungs
        .find(|(_, rung)| rung.number == *missing)
        .with_context(|| {
            format!("{} stands on {missing}, which does not exist", open.number)
        })?;
    Ok(Some(words::waits_for(workbook, open, on, rung)))
}

fn where_you_are(workbook: &Workbook) -> Result<ExitCode> {
    let notes = Notes::read(&workbook.root)?;
    let begun = workbook.root.join(MINE).join("Cargo.toml").is_file();
    let text = words::where_you_are(workbook, &ladders(workbook)?, &notes, begun);
    term::print(&text)?;
    Ok(ExitCode::SUCCESS)
}
