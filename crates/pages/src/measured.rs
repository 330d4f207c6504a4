//! What the benchmarks found, from `book/bench`: `{{figure: spawn ours instructions}}` within a line.
//!
//! The charts are drawn from the same records ([`crate::chart`]), so that no page can say what is not there.

use std::fs;
use std::path::Path;

use catalogue::measured::{Record, Row, Side, Spread, Unit, amount, time};

use crate::expand::Expander;
use crate::problem::Problem;

/// How such a figure begins.
pub(crate) const START: &str = "{{figure:";

/// Where the records are, below the workspace.
const FOLDER: &str = "book/bench";

/// A reader's own record, which is laid beside ours.
const OWN: &str = "mine.json";

/// All records.
#[derive(Default)]
pub(crate) struct Measured {
    /// Ours, the latest first.
    records: Vec<Record>,
    /// The reader's.
    pub own: Option<Record>,
    /// What cannot be read.
    pub problems: Vec<Problem>,
}

/// Which of a side's figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// CPU time, or memory where that is what the row measures.
    Time,
    /// The ratio to tokio in the same round.
    ToTokio,
    /// The ratio to the row's limit in the same round.
    ToLimit,
    /// Instructions of the process.
    Instructions,
    /// Allocations.
    Allocations,
    /// Atomic instructions.
    Atomics,
    /// System calls.
    SystemCalls,
    /// Bytes.
    Bytes,
}

/// Every [`What`], by what a page calls it and what a table does.
pub(crate) const WHATS: [(What, &str, &str); 8] = [
    (What::Time, "time", "CPU time"),
    (What::ToTokio, "to-tokio", "of tokio's"),
    (What::ToLimit, "to-limit", "of the limit's"),
    (What::Instructions, "instructions", "instructions"),
    (What::Allocations, "allocations", "allocations"),
    (What::Atomics, "atomics", "atomics"),
    (What::SystemCalls, "system-calls", "system calls"),
    (What::Bytes, "bytes", "bytes"),
];

impl Measured {
    /// Reads all records of the workbook at `root`.
    pub(crate) fn read(root: &Path) -> Measured {
        let mut all = Measured::default();
        let entries = fs::read_dir(root.join(FOLDER));
        let files = entries.into_iter().flatten().flatten();
        let mut files: Vec<_> = files.map(|entry| entry.path()).collect();
        files.retain(|file| file.extension().is_some_and(|it| it == "json"));
        files.sort();
        for file in files {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let text = fs::read_to_string(&file).map_err(Into::into);
            match text.and_then(|it| Record::parse(&it)) {
                Ok(record) if name == OWN => all.own = Some(record),
                // A smoke run's times tell nothing.
                Ok(record) if !record.quick => all.records.push(record),
                Ok(_) => {}
                Err(why) => {
                    let file = format!("{FOLDER}/{name}");
                    all.problems.push(Problem::with(&file, format!("{why:#}")));
                }
            }
        }
        // The dates are written so that their order is that of time.
        all.records.sort_by(|one, other| other.date.cmp(&one.date));
        all
    }

    /// The row `name` of the latest record that has it, and the record.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub(crate) fn row(&self, name: &str) -> Result<(&Record, &Row), String> {
        let mut with = self
            .records
            .iter()
            .filter_map(|it| Some((it, it.row(name)?)));
        with.next().ok_or_else(|| {
            let all = self.records.iter().flat_map(|it| &it.rows);
            let near = chapter::nearest(name, all.map(|it| it.name.as_str()));
            let near = near.map_or(String::new(), |it| format!("; did you mean `{it}`?"));
            format!("no record in {FOLDER} has a row `{name}`{near}")
        })
    }

    /// What `words` ask for: `spawn ours instructions`, or `start thread/ours time`, a ratio.
    ///
    /// # Errors
    ///
    /// If it is not recorded.
    pub(crate) fn figure(&self, words: &str) -> Result<String, String> {
        let usage = || {
            let whats = WHATS.map(|(_, name, _)| name).join(", ");
            format!(
                "`{{{{figure: {words}}}}}`: a row, a side, and one of {whats}, as in `spawn ours time`"
            )
        };
        let (name, rest) = words.split_once(' ').ok_or_else(usage)?;
        let (side, what) = rest.trim().rsplit_once(' ').ok_or_else(usage)?;
        let what = What::named(what).ok_or_else(usage)?;
        let (_, row) = self.row(name)?;
        let of = |side: &str| {
            let found = row.side(side).ok_or_else(|| {
                let sides: Vec<&str> = row.sides.iter().map(|it| &*it.name).collect();
                let sides = sides.join(", ");
                format!("the row `{name}` has no side `{side}`; it has {sides}")
            });
            found.and_then(|it| {
                let found = what.of(it).map(|it| it.median);
                found.ok_or_else(|| {
                    let (_, what, _) = what.entry();
                    format!("of `{side}` in the row `{name}`, `{what}` is not recorded")
                })
            })
        };
        match side.split_once('/') {
            Some((one, other)) => Ok(ratio(of(one)? / of(other)?)),
            None => Ok(what.shown(row.unit, of(side)?)),
        }
    }
}

impl Expander<'_> {
    /// What `{{figure: words}}` within a line becomes.
    pub(crate) fn figure(&self, words: &str) -> Result<String, String> {
        let figure = self.site.measured.figure(words)?;
        Ok(format!("<span class=\"figure\">{figure}</span>"))
    }
}

impl What {
    /// What a page calls `name`.
    pub(crate) fn named(name: &str) -> Option<What> {
        let found = WHATS.into_iter().find(|(_, it, _)| *it == name);
        found.map(|(what, _, _)| what)
    }

    /// Its line in [`WHATS`].
    pub(crate) fn entry(self) -> (What, &'static str, &'static str) {
        let mut all = WHATS.into_iter();
        all.find(|(what, _, _)| *what == self)
            .expect("all are there")
    }

    /// This figure of `side`, if it is recorded.
    pub(crate) fn of(self, side: &Side) -> Option<Spread> {
        let count = |count: Option<f64>| {
            count.map(|it| Spread {
                low: it,
                median: it,
                high: it,
            })
        };
        match self {
            What::Time => side.time,
            What::ToTokio => side.to_tokio,
            What::ToLimit => side.to_limit,
            What::Instructions => count(side.instructions),
            What::Allocations => count(side.allocations),
            What::Atomics => count(side.atomics),
            What::SystemCalls => count(side.system_calls),
            What::Bytes => count(side.bytes.map(|it| it as f64)),
        }
    }

    /// A figure as a reader sees it.
    pub(crate) fn shown(self, unit: Unit, figure: f64) -> String {
        match (self, unit) {
            (What::Time, Unit::Bytes) | (What::Bytes, _) => {
                format!("{} bytes", amount(figure))
            }
            (What::Time, _) => time(figure),
            (What::ToTokio | What::ToLimit, _) => ratio(figure),
            _ => amount(figure),
        }
    }
}

fn ratio(figure: f64) -> String {
    match figure {
        ..0.1 if figure > 0.0 => format!("{figure:.3}"),
        ..10.0 => format!("{figure:.2}"),
        _ => amount(figure.round()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short() {
        let ratios = [0.0016, 0.071, 0.4, 1.0, 9.99, 626.2].map(ratio);
        assert_eq!(ratios, ["0.002", "0.071", "0.40", "1.00", "9.99", "626"]);
    }
}
