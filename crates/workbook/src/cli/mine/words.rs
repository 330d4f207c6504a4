//! What a reader is told about the rungs.

use catalogue::Workbook;
use catalogue::ladders::{Block, Ladder, Progress as Notes, Rung};
use std::fmt::Write as _;

use super::super::check::first;
use super::super::term::{self, BOLD, CYAN, DIM, GREEN, RED, styled};
use super::own;
use super::trial::Verdict;
use super::{Climbed, ladders};

/// How much of what a check printed is shown, at its beginning and at its end.
const SHOWN: (usize, usize) = (6, 2);

/// Paragraphs and code, indented by `indent` columns.
pub(super) fn blocks(blocks: &[Block], indent: usize, width: usize) -> String {
    let space = " ".repeat(indent);
    let mut texts = Vec::new();
    for block in blocks {
        texts.push(match block {
            Block::Prose(text) => term::hang(&space, text, width),
            Block::Code(code) => {
                let code = textwrap::indent(code, &format!("{space}    "));
                format!("{}\n", styled(CYAN, code))
            }
        });
    }
    texts.join("\n")
}

/// The rungs of a ladder that was checked: which hold, and what is to be done about the next.
pub(super) fn climbed(
    workbook: &Workbook,
    ladder: &Ladder,
    climbed: &Climbed,
    notes: &Notes,
    waits: Option<String>,
) -> String {
    let mut text = heading(workbook, ladder);
    if let (true, Some(verdict)) = (climbed.is_untried(), &climbed.stopped) {
        let mut rungs = ladder.rungs.iter();
        let next = rungs.find(|rung| !notes.is_done(&rung.number));
        let rung = next.unwrap_or(&ladder.rungs[0]);
        return text + "\n" + &open(ladder, rung, verdict) + &commands(ladder, next);
    }
    for (index, rung) in ladder.rungs.iter().enumerate() {
        let new = notes.of(rung).is_none();
        text += &line(rung, index.cmp(&climbed.held.len()), climbed, new);
    }
    let width = term::width();
    for (rung, printed) in ladder.rungs.iter().zip(&climbed.held) {
        if !notes.is_done(&rung.number) {
            let title = format!("{} holds.", rung.number);
            let _ = write!(text, "\n{}\n", styled(GREEN.bold(), title));
            text += &excerpt(printed);
            text += &blocks(&rung.done, 0, width);
        }
    }
    match (&climbed.stopped, climbed.open(ladder)) {
        (Some(verdict), Some(rung)) => {
            text.push('\n');
            text += &match (waits, notes.of(rung)) {
                (Some(waits), _) => waits + &beside(ladder, rung, verdict),
                (None, Some(_)) => {
                    open(ladder, rung, verdict) + &commands(ladder, Some(rung))
                }
                (None, None) => task(rung) + &so_far(verdict) + &commands(ladder, None),
            };
        }
        _ => text += &after_the_last(workbook, ladder, notes),
    }
    text
}

fn heading(workbook: &Workbook, ladder: &Ladder) -> String {
    let chapter = workbook.chapter(ladder.chapter);
    let name = chapter.map_or("", |chapter| &chapter.name);
    let title = format!("Chapter {}, {name}, by you", ladder.chapter);
    format!("{}  {}\n", styled(BOLD, title), styled(DIM, ladder.file()))
}

/// A rung in a line, before, at or after the one that is open.
fn line(rung: &Rung, place: std::cmp::Ordering, climbed: &Climbed, new: bool) -> String {
    let mark = match place {
        std::cmp::Ordering::Less => styled(GREEN, "✓"),
        std::cmp::Ordering::Equal => match climbed.stopped {
            Some(Verdict::Unusable { missing: true, .. }) => styled(CYAN, "›"),
            _ if new => styled(CYAN, "›"),
            _ => styled(RED, "✗"),
        },
        std::cmp::Ordering::Greater => styled(DIM, "·"),
    };
    term::hang(
        &format!("  {mark} {}  ", rung.number),
        &rung.title,
        term::width(),
    )
}

/// What a check printed, shortened.
fn excerpt(printed: &str) -> String {
    let lines: Vec<&str> = printed.lines().collect();
    let (head, tail) = SHOWN;
    let mut text = String::new();
    if lines.len() <= head + tail + 1 {
        for line in &lines {
            let _ = writeln!(text, "  {line}");
        }
    } else {
        for line in &lines[..head] {
            let _ = writeln!(text, "  {line}");
        }
        let _ = writeln!(text, "  …");
        for line in &lines[lines.len() - tail..] {
            let _ = writeln!(text, "  {line}");
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// What a rung asks for.
pub(super) fn task(rung: &Rung) -> String {
    styled(BOLD, format!("{}  {}", rung.number, rung.title))
        + "\n\n"
        + &blocks(&rung.task, 0, term::width())
}

/// What is wrong with what is there for a rung.
fn open(ladder: &Ladder, rung: &Rung, verdict: &Verdict) -> String {
    let width = term::width();
    let file = ladder.file();
    let title = styled(BOLD, format!("{}  {}", rung.number, rung.title)) + "\n\n";
    let wants = |how: &str| {
        let words = format!("{} wants this in {file}{how}:", rung.number);
        let mut text = term::hang("", &words, width) + "\n";
        for code in rung.signature() {
            let code = textwrap::indent(code, "    ");
            let _ = write!(text, "{}\n\n", styled(CYAN, code));
        }
        text
    };
    match verdict {
        Verdict::Holds(_) => String::new(),
        Verdict::Unusable { missing, errors } => {
            let how = match missing {
                true => ", and it is not all there",
                false => ", and what is there cannot be used so",
            };
            wants(how) + "The compiler says:\n\n" + first(errors).trim_end() + "\n"
        }
        Verdict::Broken(errors) => {
            let words = styled(RED, "Your crate does not compile.");
            format!("{words}\n\n{}\n", first(errors).trim_end())
        }
        Verdict::Unnamed => {
            let line = styled(CYAN, format!("    pub mod {};", ladder.module));
            format!("Nobody sees {file}: mine/src/lib.rs lacks a line.\n\n{line}\n")
        }
        Verdict::Fails { tried, how, why } => title + &failure(tried, how, why, width),
        Verdict::Died { how, stderr } => {
            format!("{title}The check ended with {how}.\n\n{stderr}")
        }
    }
}

/// What there is may compile from the beginning, where a rung asks for more of the same.
fn so_far(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Fails { tried, how, why } => {
            format!("\nSo far:\n{}", failure(tried, how, why, term::width()))
        }
        _ => String::new(),
    }
}

/// What is wrong with the reader's own, where something else is to be done first.
fn beside(ladder: &Ladder, rung: &Rung, verdict: &Verdict) -> String {
    match verdict {
        // Nobody has begun it.
        Verdict::Unusable { missing: true, .. } => String::new(),
        Verdict::Fails { .. } => so_far(verdict),
        _ => format!("\n{}", open(ladder, rung, verdict)),
    }
}

fn failure(tried: &str, how: &str, why: &str, width: usize) -> String {
    let mut text = term::hang("  tried  ", tried, width);
    let label = match how {
        "panicked" => "  panic  ",
        "hung" => "  hangs  ",
        _ => "  found  ",
    };
    let mut lines = why.lines();
    text += &term::hang(&styled(RED, label), lines.next().unwrap_or_default(), width);
    for line in lines {
        let _ = writeln!(text, "         {line}");
    }
    text
}

/// What can be done next; with `rung`, whose task is not shown, also how to see that.
pub(super) fn commands(ladder: &Ladder, rung: Option<&Rung>) -> String {
    let number = ladder.chapter;
    let mut text = format!("\n{:10} {}\n", "Write in:", styled(CYAN, ladder.file()));
    let task = rung.map(|rung| ("Its task:", format!("mine {}", rung.number)));
    let check = ("Try it:", format!("mine {number}"));
    let hint = ("Stuck:", format!("hint {number}"));
    for (what, command) in task.into_iter().chain([check, hint]) {
        let command = styled(CYAN, format!("cargo run -- {command}"));
        let _ = writeln!(text, "{what:10} {command}");
    }
    text
}

/// Where to go from a ladder whose last rung holds.
fn after_the_last(workbook: &Workbook, ladder: &Ladder, notes: &Notes) -> String {
    let ladders = ladders(workbook);
    let is_open = |it: &&Ladder| {
        let mut rungs = it.rungs.iter();
        it.chapter != ladder.chapter && !rungs.all(|rung| notes.is_done(&rung.number))
    };
    let after = ladders.iter().filter(|it| it.chapter > ladder.chapter);
    let before = ladders.iter().filter(|it| it.chapter < ladder.chapter);
    let words = match after.chain(before).find(is_open) {
        Some(next) => {
            let command = format!("cargo run -- mine {}", next.chapter);
            format!("All of it holds. Next: {}", styled(CYAN, command))
        }
        None => "All of it holds, and so does every other ladder.".to_string(),
    };
    format!("\n{words}\n")
}

/// The rung `open` stands on `rung` of the ladder `on`, which is not done.
pub(super) fn waits_for(
    workbook: &Workbook,
    open: &Rung,
    on: &Ladder,
    rung: &Rung,
) -> String {
    let words = format!(
        "{} stands on what you write at {} ({}), and that was not seen to hold yet.",
        open.number, rung.number, rung.title
    );
    let command = styled(CYAN, format!("cargo run -- mine {}", on.chapter));
    let mut text = term::hang("", &words, term::width());
    text += &format!("\nCheck it:  {command}\n");
    // What the reader has written is not to be copied over.
    if own::is_empty(&workbook.root, on) {
        text.push('\n');
        let copies = own::copies(workbook, on, rung);
        if let [(ours, file)] = &copies[..] {
            let instead = format!("Or copy ours, {ours}, to {file}.");
            return text + &term::hang("", &instead, term::width());
        }
        text += "Or copy ours, with what it uses:\n\n";
        for (ours, file) in copies {
            let _ = writeln!(text, "  {ours}\n      to {file}");
        }
    }
    text
}

/// All ladders, a line each, and which command goes on.
pub(super) fn where_you_are(
    workbook: &Workbook,
    ladders: &[Ladder],
    notes: &Notes,
    begun: bool,
) -> String {
    let mut text = styled(BOLD, "Your own runtime, rung by rung") + "\n";
    let names = workbook.chapters.iter().map(|it| it.name.len());
    let widest = names.max().unwrap_or(0);
    let most = ladders.iter().map(|it| it.rungs.len()).max().unwrap_or(0);
    let mut next = None;
    for ladder in ladders {
        let name = workbook.chapter(ladder.chapter).map_or("", |it| &it.name);
        let mut rungs = String::new();
        for rung in &ladder.rungs {
            rungs += &match notes.of(rung) {
                Some(entry) if entry.done => styled(GREEN, "✓"),
                Some(_) => styled(CYAN, "›"),
                None => styled(DIM, "·"),
            };
        }
        rungs += &" ".repeat(most - ladder.rungs.len());
        let open = ladder.rungs.iter().find(|it| !notes.is_done(&it.number));
        if next.is_none() && open.is_some() {
            next = Some(ladder.chapter);
        }
        let words = match open {
            Some(rung) => format!("{} {}", rung.number, rung.title),
            None => "done".to_string(),
        };
        let first = format!("  {:02} {name:widest$}  {rungs}  ", ladder.chapter);
        text += &term::hang(&first, &words, term::width());
    }
    let what = if begun { "Go on:" } else { "Begin:" };
    match next {
        Some(number) => {
            let command = styled(CYAN, format!("cargo run -- mine {number}"));
            let _ = write!(text, "\n{what} {command}\n");
        }
        None => text += "\nEvery rung holds.\n",
    }
    text
}
