//! What a row is: its entry in `rows.toml`, and the sides whose code does the same work.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::python::Script;

/// The entries of all rows.
const ROWS: &str = include_str!("../rows.toml");

/// The side of the workbook in every row: the first.
pub const OURS: &str = "ours";

/// What `rows.toml` says of a row.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What the reader types.
    pub name: String,
    /// The chapter whose code it measures.
    pub chapter: u32,
    /// What one time is.
    pub about: String,
    /// The most instructions, each time.
    pub instructions: Option<u64>,
    /// The most allocations, each time.
    pub allocations: Option<u64>,
    /// The most system calls, each time.
    pub system_calls: Option<u64>,
    /// The most bytes, each.
    pub bytes: Option<u64>,
    /// The highest ratio of CPU time to another side.
    #[serde(default)]
    pub ratio: BTreeMap<String, f64>,
    /// The highest ratio of what is left when a third side is taken away from both.
    pub beyond: Option<Beyond>,
    /// The side that is the least that the work can cost.
    pub limit: Option<String>,
}

/// A goal for what we add to a floor that nobody can do without, beside what another side adds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beyond {
    /// What is taken away from both.
    pub floor: String,
    /// The other side.
    pub than: String,
    /// The highest ratio.
    pub at_most: f64,
}

/// How a side is run.
#[derive(Debug, Clone, Copy)]
pub enum Code {
    /// Does the work so often, and returns what came of it. Its CPU time is that of the whole process.
    Whole(fn(u64) -> u64),
    /// The same, where it is the time that passes which counts, and not that of the processor: it, and what came of
    /// the work.
    Part(fn(u64) -> (Duration, u64)),
    /// Makes so many, and returns the bytes that each takes; see [`idle`](crate::idle).
    Memory(fn(u64) -> u64),
    /// A program of Python's, in a process of its own.
    Python(Script),
}

/// One of the things that do the same work.
#[derive(Debug, Clone, Copy)]
pub struct Side {
    /// What the table calls it, and what `rows.toml` does.
    pub name: &'static str,
    /// What it does.
    pub code: Code,
    /// It does the work so many times less often, if it is so slow that a round would take too long.
    pub part: u64,
    /// Why it cannot be measured on this machine, if it cannot.
    pub absent: fn() -> Option<String>,
}

/// The code of a row.
#[derive(Debug, Clone)]
pub struct Work {
    /// The name in `rows.toml`.
    pub name: &'static str,
    /// How often the work is done in a round.
    pub size: u64,
    /// How often it is done where each step is simulated, which takes some fifty times as long. 0: nothing is
    /// counted, because what is measured exists in its full size alone.
    pub counted: u64,
    /// How many events a size comes to. What is shown is for one event.
    pub events: fn(u64) -> u64,
    /// Whether another process takes part. Its system calls do not count, nor do ours that wait for it.
    pub is_helped: bool,
    /// Ours, then the others.
    pub sides: Vec<Side>,
}

/// An entry with its code.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it is, and its goals.
    pub entry: Entry,
    /// What it does.
    pub work: Work,
}

impl Side {
    /// A side whose whole CPU time counts.
    pub fn new(name: &'static str, code: fn(u64) -> u64) -> Side {
        Side::with(name, Code::Whole(code))
    }

    /// A side that makes things, of whose memory each takes a part.
    pub fn memory(name: &'static str, code: fn(u64) -> u64) -> Side {
        Side::with(name, Code::Memory(code))
    }

    /// A side that runs anywhere, and does all of the work.
    pub fn with(name: &'static str, code: Code) -> Side {
        Side {
            name,
            code,
            part: 1,
            absent: || None,
        }
    }

    /// How often it does the work where ours does it `size` times.
    pub fn size(&self, size: u64) -> u64 {
        (size / self.part).max(1)
    }
}

impl Work {
    /// Work that is done `size` times, and counted in a tenth of that at most.
    pub fn new(name: &'static str, size: u64, sides: Vec<Side>) -> Work {
        Work {
            name,
            size,
            counted: (size / 10).min(2_000),
            events: |size| size,
            is_helped: false,
            sides,
        }
    }

    /// The side with this name.
    pub fn side(&self, name: &str) -> Option<&Side> {
        self.sides.iter().find(|side| side.name == name)
    }

    /// How often the work is done where it is only tried: as often as it is counted, or a hundredth.
    pub fn small(&self) -> u64 {
        match self.counted {
            0 => (self.size / 100).max(1),
            counted => counted,
        }
    }

    /// What the tables call its time.
    pub fn time(&self) -> &'static str {
        match self.sides[0].code {
            Code::Part(_) => "ns",
            _ => "CPU ns",
        }
    }

    /// Whether it is memory that is measured, and not time.
    pub fn is_memory(&self) -> bool {
        matches!(self.sides[0].code, Code::Memory(_))
    }
}

/// All rows, in the order of `rows.toml`.
///
/// # Errors
///
/// If an entry has no code, code has no entry, or a goal names a side that its row does not have.
pub fn rows() -> Result<Vec<Row>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Rows {
        row: Vec<Entry>,
    }
    let entries: Rows = toml::from_str(ROWS).context("rows.toml")?;
    let mut works: BTreeMap<&str, Work> = BTreeMap::new();
    for work in crate::works() {
        ensure!(
            work.sides[0].name == OURS,
            "{}: ours comes first",
            work.name
        );
        let (name, before) = (work.name, works.insert(work.name, work));
        ensure!(before.is_none(), "{name}: two rows have this name");
    }
    let mut rows = Vec::new();
    for entry in entries.row {
        let work = works.remove(&*entry.name);
        let work = work.with_context(|| format!("{}: it has no code", entry.name))?;
        let beyond = entry.beyond.iter().flat_map(|it| [&it.floor, &it.than]);
        let named = entry.ratio.keys().chain(beyond).chain(&entry.limit);
        for side in named {
            let there = work.side(side).is_some();
            ensure!(there, "{}: it has no side {side:?}", entry.name);
        }
        rows.push(Row { entry, work });
    }
    let left: Vec<&str> = works.into_keys().collect();
    ensure!(left.is_empty(), "not in rows.toml: {left:?}");
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_its_code_and_every_goal_its_side() {
        assert!(rows().unwrap().len() > 10);
    }
}
