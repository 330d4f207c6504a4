//! Ladders: what a reader writes from nothing, in a crate of their own, a rung at a time.
//!
//! A chapter's ladder is the folder `ladder` in it. `1.rs` is the check of its first rung: a program that uses the
//! reader's crate as `mine`, and ends well if what is there does what it should. It begins with the rung's header:
//!
//! ```text
//! //! A countdown that stops                       its title
//! //!
//! //! A call forgets its variables when …          what to write, in paragraphs
//! //!
//! //!     pub struct Countdown                     its signature, indented
//! //!
//! //! needs: 1.2                                   rungs of other ladders that it stands on
//! //!
//! //! hint: What must survive the `return`? …      three of them, from a nudge to nearly the code
//! //!
//! //! done: That is a generator. …                 what it means that it works, and what is next
//! ```
//!
//! Beside the checks, `dependencies.toml` names the crates that they use, if there are any; `solution/1.rs` is the reader's file of this chapter as it may be after rung 1, and the folder
//! `wrong` has versions of it with a mistake: `wrong/1-forgets.rs`.

mod progress;

use anyhow::{Context, Result, ensure};
use std::fs;
use std::io;
use std::path::PathBuf;

use crate::workbook::{Chapter, below};
pub use progress::{Entry, Progress};

/// The folder of the reader's own crate, in the workspace's.
pub const MINE: &str = "mine";

/// How many hints a rung has.
pub const HINTS: usize = 3;

/// The rungs of one chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ladder {
    /// The chapter's number.
    pub chapter: u32,
    /// The module of the reader's crate that it grows, such as `event_loop`.
    pub module: String,
    /// The rungs, from the first.
    pub rungs: Vec<Rung>,
    /// What its checks use beside the reader's crate: lines of a manifest.
    pub dependencies: String,
}

/// One step of a ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// Chapter and place, such as `4.1`.
    pub number: String,
    /// What it is about, in a few words.
    pub title: String,
    /// What to write.
    pub task: Vec<Block>,
    /// The rungs of other ladders that it stands on, such as `2.3`.
    pub needs: Vec<String>,
    /// From a nudge to nearly the code.
    pub hints: Vec<Vec<Block>>,
    /// What it means that it works.
    pub done: Vec<Block>,
    /// Its check.
    pub file: PathBuf,
}

/// A piece of a rung's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph, without line breaks.
    Prose(String),
    /// Lines of code.
    Code(String),
}

impl Ladder {
    /// The ladder of `chapter`, if it has one.
    ///
    /// # Errors
    ///
    /// If a check cannot be read, or its header does not say what it must.
    pub fn of(chapter: &Chapter) -> Result<Option<Ladder>> {
        let folder = chapter.dir.join("ladder");
        let root = chapter.dir.ancestors().nth(2).unwrap_or(&chapter.dir);
        let dependencies = match fs::read_to_string(folder.join("dependencies.toml")) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            read => read.context("dependencies.toml")?.replace("\r\n", "\n"),
        };
        let mut rungs = Vec::new();
        loop {
            let file = folder.join(format!("{}.rs", rungs.len() + 1));
            if !file.is_file() {
                break;
            }
            let place = below(root, &file);
            let text = fs::read_to_string(&file).with_context(|| place.clone())?;
            let number = format!("{}.{}", chapter.number, rungs.len() + 1);
            let rung = Rung::parse(number, file, &text).with_context(|| place)?;
            rungs.push(rung);
        }
        let ladder = Ladder {
            chapter: chapter.number,
            module: chapter.name.replace('-', "_"),
            rungs,
            dependencies,
        };
        Ok((!ladder.rungs.is_empty()).then_some(ladder))
    }

    /// The file that the reader writes, below the workspace's folder.
    pub fn file(&self) -> String {
        format!("{MINE}/src/{}.rs", self.module)
    }
}

impl Rung {
    /// Reads the header of the check in `file`, whose contents are `text`.
    fn parse(number: String, file: PathBuf, text: &str) -> Result<Rung> {
        let mut rung = Rung {
            number,
            title: String::new(),
            task: Vec::new(),
            needs: Vec::new(),
            hints: Vec::new(),
            done: Vec::new(),
            file,
        };
        let mut blocks = blocks(text).into_iter();
        if let Some(Block::Prose(title)) = blocks.next() {
            rung.title = title;
        }
        let mut open = Open::Task;
        for block in blocks {
            let (key, block) = keyed(block);
            match key {
                Some("needs") => {
                    let Block::Prose(needs) = block else { continue };
                    rung.needs = needs.split_whitespace().map(str::to_string).collect();
                    continue;
                }
                Some("hint") => {
                    rung.hints.push(Vec::new());
                    open = Open::Hint;
                }
                Some(_) => open = Open::Done,
                None => {}
            }
            let hint = rung.hints.last_mut();
            match (&open, hint) {
                (Open::Hint, Some(hint)) => hint.push(block),
                (Open::Done, _) => rung.done.push(block),
                _ => rung.task.push(block),
            }
        }
        ensure!(!rung.title.is_empty(), "its first line is no title");
        let has_code = !rung.signature().is_empty();
        ensure!(has_code, "it shows no signature: lines indented by four");
        let hints = rung.hints.len();
        ensure!(hints == HINTS, "it has {hints} hints, and wants {HINTS}");
        ensure!(!rung.done.is_empty(), "it has no line `done: …`");
        Ok(rung)
    }

    /// What the reader's crate is to have: the code in its task that makes something public or implements it. Other code
    /// there only shows something; if there is no such code, it is all meant.
    pub fn signature(&self) -> Vec<&str> {
        let code = self.task.iter().filter_map(|block| match block {
            Block::Code(code) => Some(&**code),
            Block::Prose(_) => None,
        });
        let all: Vec<&str> = code.collect();
        let is_wanted = |code: &&&str| code.contains("pub ") || code.starts_with("impl");
        let wanted: Vec<&str> = all.iter().filter(is_wanted).copied().collect();
        if wanted.is_empty() { all } else { wanted }
    }
}

/// What the paragraphs belong to that are read now.
enum Open {
    Task,
    Hint,
    Done,
}

/// The key that `block` begins with, if it does, and what follows.
fn keyed(block: Block) -> (Option<&'static str>, Block) {
    if let Block::Prose(text) = &block {
        for key in ["needs", "hint", "done"] {
            let rest = text.strip_prefix(key).and_then(|it| it.strip_prefix(": "));
            if let Some(rest) = rest {
                return (Some(key), Block::Prose(rest.to_string()));
            }
        }
    }
    (None, block)
}

/// The paragraphs of the `//!` lines that `text` begins with.
fn blocks(text: &str) -> Vec<Block> {
    let lines = text.lines().map_while(|line| line.strip_prefix("//!"));
    let lines = lines.map(|line| line.strip_prefix(' ').unwrap_or(line));
    let mut blocks = Vec::new();
    // Blank lines inside code belong to it.
    let mut blanks = 0;
    for line in lines {
        if line.trim().is_empty() {
            blanks += 1;
            continue;
        }
        match (line.strip_prefix("    "), blocks.last_mut()) {
            (Some(code), Some(Block::Code(lines))) => {
                *lines += &"\n".repeat(blanks + 1);
                *lines += code.trim_end();
            }
            (Some(code), _) => blocks.push(Block::Code(code.trim_end().to_string())),
            (None, Some(Block::Prose(words))) if blanks == 0 => {
                words.push(' ');
                words.push_str(line.trim());
            }
            (None, _) => blocks.push(Block::Prose(line.trim().to_string())),
        }
        blanks = 0;
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUNG: &str = "//! A title\n//!\n//! Write\n//! this:\n//!\n//!     pub fn one()\n//!\n\
        //!     pub fn two()\n//!\n//! And mind that.\n//!\n//! needs: 1.2 2.3\n//!\n\
        //! hint: First.\n//!\n//! hint: Second.\n//!\n//! hint: Third:\n//!\n//!     code\n//!\n\
        //! done: That is it.\n\nfn main() {}\n";

    fn parse(text: &str) -> Result<Rung> {
        Rung::parse("4.1".into(), PathBuf::from("1.rs"), text)
    }

    #[test]
    fn a_header_is_read() {
        let rung = parse(RUNG).unwrap();
        let prose = |text: &str| Block::Prose(text.into());
        let code = |text: &str| Block::Code(text.into());
        assert_eq!(rung.title, "A title");
        let signature = "pub fn one()\n\npub fn two()";
        let task = [
            prose("Write this:"),
            code(signature),
            prose("And mind that."),
        ];
        assert_eq!(rung.task, task);
        assert_eq!(rung.signature(), [signature]);
        assert_eq!(rung.needs, ["1.2", "2.3"]);
        assert_eq!(rung.hints[0], [prose("First.")]);
        assert_eq!(rung.hints[2], [prose("Third:"), code("code")]);
        assert_eq!(rung.done, [prose("That is it.")]);
    }

    #[test]
    fn what_is_missing_is_said() {
        let without = |old: &str| parse(&RUNG.replace(old, "")).unwrap_err().to_string();
        assert_eq!(without("done: "), "it has no line `done: …`");
        let two = "it has 2 hints, and wants 3";
        assert_eq!(without("//! hint: Second.\n"), two);
        let bare = RUNG.replace("     pub", " pub");
        let no_code = "it shows no signature: lines indented by four";
        assert_eq!(parse(&bare).unwrap_err().to_string(), no_code);
    }
}
