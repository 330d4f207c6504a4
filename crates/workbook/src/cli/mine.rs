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
    if let Some((_, rung)) = wanted.split_once('.') {
        return task(&ladder, rung);
    }
    let mut notes = Notes::read(&workbook.root)?;
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
    let waits = waits_for(workbook, &ladder, &climbed, &notes)?;
    let (right, shown) = (climbed.is_right(&ladder, &notes), waits.is_none());
    text += &words::climbed(workbook, &ladder, &climbed, &notes, waits);
    climbed.note(&ladder, &mut notes, shown);
    notes.write(&workbook.root)?;
    term::print(&text)?;
    Ok(ExitCode::from(u8::from(!(right && shown))))
}

/// Shows what one rung asks for, once more.
fn task(ladder: &Ladder, place: &str) -> Result<ExitCode> {
    let number = format!("{}.{place}", ladder.chapter);
    let rung = ladder.rungs.iter().find(|rung| rung.number == number);
    let rung = rung.ok_or_else(|| {
        let last = ladder.rungs.last().map_or("", |rung| &rung.number);
        refused(format!(
            "there is no rung {number}: those of chapter {} are {}.1 to {last}",
            ladder.chapter, ladder.chapter
        ))
    })?;
    term::print(&(words::task(rung) + &words::commands(ladder, None)))?;
    Ok(ExitCode::SUCCESS)
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
            _ if self.is_untried() => false,
            // Nobody has been asked for it yet.
            (Some(_), Some(rung)) if notes.of(rung).is_none() => true,
            (Some(Verdict::Unusable { missing, .. }), Some(rung)) => {
                *missing && !notes.is_done(&rung.number)
            }
            _ => false,
        }
    }

    /// Whether no rung was tried, since the reader's crate as a whole cannot be used.
    fn is_untried(&self) -> bool {
        matches!(self.stopped, Some(Verdict::Broken(_) | Verdict::Unnamed))
    }

    /// Notes what holds, and, if its task or what is wrong with it is `shown`, the open rung.
    fn note(&self, ladder: &Ladder, notes: &mut Notes, shown: bool) {
        if self.is_untried() {
            return;
        }
        let shown = self.held.len() + usize::from(shown && self.stopped.is_some());
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
    if let Some(system) = chapter.lacks() {
        return Err(refused(format!(
            "the ladder of chapter {number} needs {system}, which this system is not"
        )));
    }
    match Ladder::of(chapter)? {
        Some(ladder) => Ok((chapter, ladder)),
        None => {
            let all = ladders(workbook);
            let numbers = all.iter().map(|it| it.chapter.to_string());
            let numbers = numbers.collect::<Vec<_>>().join(", ");
            Err(refused(format!(
                "chapter {number} has no ladder; there is one of chapters {numbers}"
            )))
        }
    }
}

/// All ladders that can be climbed here. One that cannot be read is told of by whoever asks for it.
fn ladders(workbook: &Workbook) -> Vec<Ladder> {
    let chapters = workbook.chapters.iter();
    let chapters = chapters.filter(|it| it.fault.is_none() && it.lacks().is_none());
    let ladders = chapters.map(|chapter| Ladder::of(chapter).ok().flatten());
    ladders.flatten().collect()
}

/// If the open rung stands on one of another ladder that is not done: what to do first.
fn waits_for(
    workbook: &Workbook,
    ladder: &Ladder,
    climbed: &Climbed,
    notes: &Notes,
) -> Result<Option<String>> {
    let open = climbed.open(ladder).filter(|_| !climbed.is_untried());
    let Some(open) = open else { return Ok(None) };
    let missing = open.needs.iter().find(|number| !notes.is_done(number));
    let Some(missing) = missing else {
        return Ok(None);
    };
    let all = ladders(workbook);
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
    let text = words::where_you_are(workbook, &ladders(workbook), &notes, begun);
    term::print(&text)?;
    Ok(ExitCode::SUCCESS)
}
