//! What `cargo run -- bench --json FILE` writes: what was measured, on what machine, when, and with which versions. The
//! book's own runs are in `book/bench`; its charts are drawn from them.
//!
//! ```json
//! {
//!   "format": 1,
//!   "date": "2026-12-01T22:15:00Z",
//!   "quick": false,
//!   "note": "",
//!   "machine": {
//!     "cpu": "AMD EPYC", "cores": 2, "memory": 25216000000,
//!     "system": "linux x86_64", "kernel": "6.18.44", "load": 0.4
//!   },
//!   "versions": { "python": "3.11.7", "rustc": "1.95.0", "tokio": "1.54.0" },
//!   "rows": [
//!     {
//!       "name": "yield", "chapter": 8, "about": "a yield of a lone task",
//!       "unit": "cpu_ns", "limit": "loop alone", "others": 0.01, "goals": ["…"],
//!       "sides": [
//!         {
//!           "name": "ours",
//!           "time": { "low": 37.1, "median": 37.9, "high": 38.6 },
//!           "to_tokio": { "low": 0.16, "median": 0.17, "high": 0.17 },
//!           "to_limit": { "low": 2.1, "median": 2.2, "high": 2.2 },
//!           "instructions": 181.0, "allocations": 0.0, "system_calls": 0.0
//!         },
//!         { "name": "monoio", "absent": "io_uring is not allowed here" }
//!       ]
//!     }
//!   ]
//! }
//! ```
//!
//! What was not measured is left out; so are `to_tokio` and `to_limit` of a row that has no such side, and `absent` of
//! a side that is there.
//!
//! ```
//! use catalogue::measured::Record;
//!
//! let text = r#"{
//!   "format": 1, "date": "2026-12-01T22:15:00Z", "quick": false, "note": "",
//!   "machine": { "cpu": "AMD EPYC", "cores": 2, "memory": 25216000000,
//!                "system": "linux x86_64", "kernel": "6.18.44" },
//!   "versions": { "rustc": "1.95.0", "tokio": "1.54.0" },
//!   "rows": [ { "name": "yield", "chapter": 8, "about": "a yield of a lone task", "unit": "cpu_ns",
//!               "sides": [ { "name": "ours", "instructions": 181.0 } ] } ]
//! }"#;
//! let record = Record::parse(text)?;
//! let side = record.side("yield", "ours").unwrap();
//! assert_eq!(side.instructions, Some(181.0));
//! assert!(record.side("yield", "theirs").is_none());
//! # Ok::<(), anyhow::Error>(())
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

/// The format that is written, and the only one that is read.
pub const FORMAT: u32 = 1;

/// One run of the benchmarks, whole or of some rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// [`FORMAT`].
    pub format: u32,
    /// When it was begun, in UTC: `2026-12-01T22:15:00Z`.
    pub date: String,
    /// Whether it was a smoke run, `--quick`, whose times tell nothing.
    pub quick: bool,
    /// What whoever ran it says of it, such as what else the machine did.
    pub note: String,
    /// Where it ran.
    pub machine: Machine,
    /// The version of each thing that was measured or measured with, by its name: `rustc`, `tokio`, `python` …
    pub versions: BTreeMap<String, String>,
    /// What was measured, in the order of `crates/bench/rows.toml`.
    pub rows: Vec<Row>,
}

/// A computer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// The processor, as it calls itself.
    pub cpu: String,
    /// How many of its cores could be used.
    pub cores: usize,
    /// Bytes of memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<u64>,
    /// The operating system and the architecture: `linux x86_64`.
    pub system: String,
    /// The release of its kernel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kernel: Option<String>,
    /// How many processes wanted to run, on average, in the minute before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub load: Option<f64>,
}

/// What the figures of a row are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Nanoseconds of CPU time that one event takes; of all threads of the process.
    CpuNs,
    /// Nanoseconds that pass while one event is done.
    WallNs,
    /// Bytes that each takes.
    Bytes,
}

/// Some work, and what it cost those who did it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// As in `crates/bench/rows.toml`.
    pub name: String,
    /// The chapter whose code it measures.
    pub chapter: u32,
    /// What one event is.
    pub about: String,
    /// What is measured.
    pub unit: Unit,
    /// Which of its sides is the least that the work can cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// The part of all cores that other processes kept busy meanwhile, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub others: Option<f64>,
    /// What came of its goals, a line each: `met     at most 1 allocation: 1`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goals: Vec<String>,
    /// Who did it: ours first.
    pub sides: Vec<Side>,
}

/// What the work cost one of those who did it. All is for one event.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// `ours`; a runtime: `tokio` (its runtime for one thread), `tokio, many threads`, `smol`, `LocalExecutor`,
    /// `LocalPool`, `monoio`, `compio`, `asyncio`, `uvloop`; or what only this row has, such as `bare heap`.
    pub name: String,
    /// The time, in the row's unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<Spread>,
    /// How many times as long as `tokio` took in the same round.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_tokio: Option<Spread>,
    /// How many times as long as the row's limit took in the same round.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_limit: Option<Spread>,
    /// Instructions of the process, not of the kernel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instructions: Option<f64>,
    /// Allocations; growing or shrinking one counts, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allocations: Option<f64>,
    /// Instructions for which a core must have the memory to itself: `lock` and its like, as
    /// `callgrind --collect-bus=yes` counts them (`Ge`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub atomics: Option<f64>,
    /// System calls of all threads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_calls: Option<f64>,
    /// Bytes of memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Why it could not be measured on this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absent: Option<String>,
}

/// The middle of some figures, and between what the middle half of them lies.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The lower quartile.
    pub low: f64,
    /// The median.
    pub median: f64,
    /// The upper quartile.
    pub high: f64,
}

impl Record {
    /// Reads what `bench --json` has written.
    ///
    /// # Errors
    ///
    /// If `text` is something else, or of another [`FORMAT`].
    pub fn parse(text: &str) -> Result<Record> {
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        // First, so that a later format is named, and not the first field that it lacks.
        let Head { format } = serde_json::from_str(text)
            .context("not what `cargo run -- bench --json` writes")?;
        ensure!(
            format == FORMAT,
            "it has the format {format}; this workbook reads {FORMAT}"
        );
        Ok(serde_json::from_str(text)?)
    }

    /// The same, from a file.
    ///
    /// # Errors
    ///
    /// As [`parse`](Record::parse), or if it cannot be read. The file is named.
    pub fn read(file: &Path) -> Result<Record> {
        let text = fs::read_to_string(file);
        let record = text.map_err(Into::into).and_then(|it| Record::parse(&it));
        record.with_context(|| file.display().to_string())
    }

    /// What is written: JSON for people, too.
    ///
    /// # Panics
    ///
    /// Never: all of it can be written.
    pub fn to_json(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("numbers and strings");
        text + "\n"
    }

    /// The row of this name.
    pub fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }

    /// What the row of this name cost that side.
    pub fn side(&self, row: &str, side: &str) -> Option<&Side> {
        self.row(row)?.side(side)
    }
}

impl Row {
    /// What it cost the side of this name.
    pub fn side(&self, name: &str) -> Option<&Side> {
        self.sides.iter().find(|side| side.name == name)
    }
}

/// A count as it is shown: whole where it is large, with a digit after the point where that tells more.
///
/// ```
/// use catalogue::measured::amount;
///
/// let shown = [0.0, 1.04, 2.5, 99.96, 907.6, 1_234_567.0].map(amount);
/// assert_eq!(shown, ["0", "1", "2.5", "100", "908", "1,234,567"]);
/// ```
pub fn amount(count: f64) -> String {
    // `-0` is what a difference of two equal runs may round to.
    let rounded = (count * 10.0).round() / 10.0 + 0.0;
    if rounded.abs() < 100.0 && rounded.fract() != 0.0 {
        return format!("{rounded:.1}");
    }
    let sign = if rounded < 0.0 { "-" } else { "" };
    let digits = format!("{:.0}", rounded.abs());
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    sign.to_string() + &text
}

/// Nanoseconds as they are shown: in the unit in which they are short.
///
/// ```
/// use catalogue::measured::time;
///
/// let shown = [3.456, 38.61, 394.4, 1357.0, 31_940.0, 2.5e6, 7e9].map(time);
/// let wanted = ["3.46 ns", "38.6 ns", "394 ns", "1.36 µs", "31.9 µs", "2.50 ms", "7.00 s"];
/// assert_eq!(shown, wanted);
/// ```
pub fn time(nanos: f64) -> String {
    // At least this many of a unit: 1,000 ns are 1 µs.
    let units = [(1e9, "s"), (1e6, "ms"), (1e3, "µs")];
    let unit = units.into_iter().find(|(size, _)| nanos >= *size);
    let (size, unit) = unit.unwrap_or((1.0, "ns"));
    format!("{} {unit}", three_digits(nanos / size))
}

/// With three digits that tell something.
fn three_digits(figure: f64) -> String {
    match figure {
        ..10.0 => format!("{figure:.2}"),
        ..100.0 => format!("{figure:.1}"),
        _ => amount(figure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = r#""date": "", "quick": true, "note": "", "versions": {}, "rows": [],
        "machine": { "cpu": "", "cores": 1, "system": "" }"#;

    #[test]
    fn what_is_written_is_read_again() {
        let text = format!("{{\"format\": 1, {LEAST}}}");
        let mut record = Record::parse(&text).unwrap();
        record.rows.push(Row {
            name: "yield".into(),
            chapter: 8,
            about: "a yield".into(),
            unit: Unit::CpuNs,
            limit: None,
            others: Some(0.5),
            goals: vec!["met".into()],
            sides: vec![Side {
                name: "ours".into(),
                time: Some(Spread {
                    low: 0.1,
                    median: 0.2,
                    high: 0.3,
                }),
                ..Side::default()
            }],
        });
        assert_eq!(Record::parse(&record.to_json()).unwrap(), record);
    }

    #[test]
    fn another_format_is_refused_by_its_number() {
        let why = Record::parse(r#"{ "format": 2 }"#).unwrap_err();
        assert_eq!(
            why.to_string(),
            "it has the format 2; this workbook reads 1"
        );
        assert!(Record::parse("{}").is_err());
    }

    #[test]
    fn a_count_below_nothing_is_shown_as_it_is() {
        let shown = [-0.001, -0.5, -1_234.0].map(amount);
        assert_eq!(shown, ["0", "-0.5", "-1,234"]);
    }
}
