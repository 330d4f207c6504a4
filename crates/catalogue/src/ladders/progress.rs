//! Which rungs are done, and which hints are open: a plain file in the reader's crate.

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use super::{HINTS, MINE, Rung};

const FILE: &str = ".progress";

const HEADING: &str = "\
# Which rungs are done, and how many of their hints are open. `cargo run -- mine` keeps this file.
";

/// How far a reader has come on the ladders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress(BTreeMap<(u32, u32), Entry>);

/// How far a reader has come with one rung that was shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Entry {
    /// Whether its check has passed, the last time it ran.
    pub done: bool,
    /// How many of its hints are open.
    pub hints: usize,
}

impl Progress {
    /// What is kept in the reader's crate in the workspace `root`; nothing if there is none yet.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or a line of it not be understood.
    pub fn read(root: &Path) -> Result<Progress> {
        let place = format!("{MINE}/{FILE}");
        match fs::read_to_string(root.join(&place)) {
            Ok(text) => Progress::parse(&text).with_context(|| {
                format!(
                    "{place} is damaged; mend that line or remove it: it says only which rungs are \
                     done and which hints are open"
                )
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok(Progress::default())
            }
            Err(error) => Err(error).context(place),
        }
    }

    fn parse(text: &str) -> Result<Progress> {
        let mut rungs = BTreeMap::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let Some((rung, entry)) = entry(line) else {
                bail!(
                    "line {number} is `{line}`, and should be like `2.3 done` or `2.4 open, 1 hint`"
                );
            };
            rungs.insert(rung, entry);
        }
        Ok(Progress(rungs))
    }

    /// What is known of `rung`; `None` if it was never shown.
    pub fn of(&self, rung: &Rung) -> Option<Entry> {
        self.0.get(&key(&rung.number)?).copied()
    }

    /// Whether the check of the rung `number`, such as `2.3`, has passed.
    pub fn is_done(&self, number: &str) -> bool {
        let entry = key(number).and_then(|key| self.0.get(&key));
        entry.is_some_and(|entry| entry.done)
    }

    /// Notes what is known of `rung` now.
    pub fn set(&mut self, rung: &Rung, entry: Entry) {
        if let Some(key) = key(&rung.number) {
            self.0.insert(key, entry);
        }
    }

    /// Keeps it in the reader's crate, which is there. The file is whole at any moment.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn write(&self, root: &Path) -> Result<()> {
        let mut text = HEADING.to_string();
        for ((chapter, rung), entry) in &self.0 {
            let state = if entry.done { "done" } else { "open" };
            text += &format!("{chapter}.{rung} {state}");
            text += &match entry.hints {
                0 => "\n".to_string(),
                1 => ", 1 hint\n".to_string(),
                hints => format!(", {hints} hints\n"),
            };
        }
        let file = root.join(MINE).join(FILE);
        let new = root.join(MINE).join(".progress.new");
        let written = fs::write(&new, text).and_then(|()| fs::rename(&new, &file));
        written.with_context(|| format!("{MINE}/{FILE}"))
    }
}

/// Chapter and place of a rung, from a number such as `2.3`.
fn key(number: &str) -> Option<(u32, u32)> {
    let (chapter, rung) = number.split_once('.')?;
    Some((chapter.parse().ok()?, rung.parse().ok()?))
}

/// What a line such as `2.4 open, 1 hint` says.
fn entry(line: &str) -> Option<((u32, u32), Entry)> {
    let (state, hints) = match line.split_once(", ") {
        Some((state, hints)) => {
            let (number, word) = hints.split_once(' ')?;
            let number: usize = number.parse().ok()?;
            let right = matches!(word, "hint" | "hints") && number <= HINTS;
            (state, right.then_some(number)?)
        }
        None => (line, 0),
    };
    let (number, state) = state.split_once(' ')?;
    let done = match state {
        "done" => true,
        "open" => false,
        _ => return None,
    };
    Some((key(number)?, Entry { done, hints }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_one_rung() {
        let progress =
            Progress::parse("# a note\n\n2.3 done\n2.4 open, 1 hint\n").unwrap();
        assert!(progress.is_done("2.3"));
        assert!(!progress.is_done("2.4"));
        let open = Entry {
            done: false,
            hints: 1,
        };
        assert_eq!(progress.0[&(2, 4)], open);
    }

    #[test]
    fn a_damaged_line_is_named() {
        for line in [
            "2.3",
            "2.3 finished",
            "two done",
            "2.3 open, 9 hints",
            "2.3 open, x",
        ] {
            let error = Progress::parse(&format!("1.1 done\n{line}\n")).unwrap_err();
            let said = format!("line 2 is `{line}`, and should be like");
            assert!(error.to_string().starts_with(&said), "{error}");
        }
    }
}
