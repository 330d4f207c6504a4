//! Wrong versions of a rung: changes of ours.
//!
//! `wrong/1.txt` has those of the first rung, one after another:
//!
//! ```text
//! # says-2-first: the number is taken down before it is said
//! -        CoroutineState::Yielded(self.n + 1)
//! +        CoroutineState::Yielded(self.n)
//! ```
//!
//! Lines with `-` stand in our version, once, and are replaced by the lines with `+` below them. There may be several
//! such changes. One that never ends says so: `# waits (hangs): …`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

/// A version that fails.
#[derive(Debug, Clone)]
pub(crate) struct Wrong {
    pub name: String,
    /// What the mistake is.
    pub about: String,
    /// Whether it never ends.
    pub hangs: bool,
    /// What is replaced by what.
    changes: Vec<(String, String)>,
}

impl Wrong {
    /// The wrong versions of the rung `place`, of the ladder in `folder`.
    pub(crate) fn of(folder: &Path, place: usize) -> Result<Vec<Wrong>> {
        let file = folder.join(format!("wrong/{place}.txt"));
        let shown = || file.display().to_string();
        let text = fs::read_to_string(&file).with_context(shown)?;
        let all = parse(&text.replace("\r\n", "\n")).with_context(shown)?;
        ensure!(!all.is_empty(), "{} has none", shown());
        Ok(all)
    }

    /// `ours` with this mistake.
    pub(crate) fn applied(&self, ours: &str) -> Result<String> {
        let mut text = ours.replace("\r\n", "\n");
        for (old, new) in &self.changes {
            let times = text.matches(old).count();
            ensure!(
                times == 1,
                "{}: this stands {times} times in ours:\n{old}",
                self.name
            );
            text = text.replace(old, new);
        }
        Ok(text)
    }
}

fn parse(text: &str) -> Result<Vec<Wrong>> {
    let mut all: Vec<Wrong> = Vec::new();
    // Whether the last change is still open: another `-` after a `+` begins the next one.
    let (mut open, mut filled) = (false, false);
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("# ") {
            let (name, about) = heading
                .split_once(": ")
                .with_context(|| format!("no name and `: ` in {line}"))?;
            all.push(Wrong {
                name: name.trim_end_matches(" (hangs)").to_string(),
                about: about.to_string(),
                hangs: name.ends_with(" (hangs)"),
                changes: Vec::new(),
            });
            open = false;
            continue;
        }
        let Some(wrong) = all.last_mut() else {
            bail!("{line} before the first heading");
        };
        if let Some(old) = line.strip_prefix('-') {
            if !open || filled {
                wrong.changes.push((String::new(), String::new()));
                (open, filled) = (true, false);
            }
            let change = wrong.changes.last_mut().context("a change")?;
            change.0 += &format!("{old}\n");
        } else if let Some(new) = line.strip_prefix('+') {
            ensure!(open, "{line} replaces nothing");
            let change = wrong.changes.last_mut().context("a change")?;
            change.1 += &format!("{new}\n");
            filled = true;
        } else {
            ensure!(line.trim().is_empty(), "neither - nor +: {line}");
            open = false;
        }
    }
    for wrong in &all {
        ensure!(!wrong.changes.is_empty(), "{} changes nothing", wrong.name);
    }
    Ok(all)
}
