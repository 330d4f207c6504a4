//! What is kept of a run: [`catalogue::measured`] says what each field means, and is what the book reads.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use catalogue::measured::{self, FORMAT, Machine, Record, Unit};
use catalogue::process;
use serde::Deserialize;
use sysinfo::{CpuRefreshKind, MemoryRefreshKind, RefreshKind, System};

use crate::judge::{Found, Judged};
use crate::peers;
use crate::python;
use crate::row::{Code, Row};

/// What this package was built with.
const LOCK: &str = include_str!("../Cargo.lock");

/// Of what the version is kept.
const PEERS: [&str; 12] = [
    "async-channel",
    "async-executor",
    "async-lock",
    "async-stream",
    "blocking",
    "compio",
    "futures",
    "hyper",
    "mio",
    "monoio",
    "smol",
    "tokio",
];

/// A record without rows, of a run that begins now.
///
/// # Errors
///
/// If this package's lock file cannot be read.
pub fn begin(quick: bool, note: &str) -> Result<Record> {
    Ok(Record {
        format: FORMAT,
        date: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
        quick,
        note: note.into(),
        machine: machine(),
        versions: versions()?,
        rows: Vec::new(),
    })
}

fn machine() -> Machine {
    let what = RefreshKind::nothing()
        .with_cpu(CpuRefreshKind::nothing())
        .with_memory(MemoryRefreshKind::nothing().with_ram());
    // What a system does not tell is left out.
    let system = System::new_with_specifics(what).ok();
    let cpu = system.as_ref().and_then(|it| it.cpus().first());
    let cpu = cpu.map(|it| it.brand().trim()).filter(|it| !it.is_empty());
    Machine {
        cpu: cpu.unwrap_or(std::env::consts::ARCH).into(),
        cores: std::thread::available_parallelism().map_or(1, |it| it.get()),
        memory: system.map(|it| it.total_memory()).filter(|it| *it > 0),
        system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        kernel: System::kernel_version().ok(),
        load: System::load_average().ok().map(|it| it.one),
    }
}

fn versions() -> Result<BTreeMap<String, String>> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        version: String,
    }
    let lock: Lock = toml::from_str(LOCK).context("Cargo.lock")?;
    let peers = lock.package.into_iter();
    let peers = peers.filter(|it| PEERS.contains(&&*it.name) || it.name == "taxi");
    let mut versions: BTreeMap<_, _> = peers.map(|it| (it.name, it.version)).collect();
    for (name, driver) in peers::drivers() {
        if let Some(version) = versions.get_mut(name) {
            *version += &format!(" ({driver})");
        }
    }
    versions.extend(rustc().map(|version| ("rustc".into(), version)));
    let python = python::versions();
    for (name, version) in [("python", &python.python), ("uvloop", &python.uvloop)] {
        versions.extend(version.iter().map(|it| (name.into(), it.clone())));
    }
    Ok(versions)
}

/// The compiler's version: it has just built this.
fn rustc() -> Option<String> {
    let rustc = std::env::var("RUSTC").unwrap_or("rustc".into());
    let limit = Duration::from_secs(30);
    let said = process::run(Command::new(rustc).arg("--version"), limit).ok()?;
    Some(said.stdout.split_whitespace().nth(1)?.into())
}

/// What is kept of a row.
pub fn row(row: &Row, found: &Found, judged: &[Judged]) -> measured::Row {
    let place = |name: &str| row.work.sides.iter().position(|it| it.name == name);
    let (tokio, limit) = (place("tokio"), row.entry.limit.as_deref().and_then(place));
    let rounds = found.rounds.as_ref();
    let sides = row.work.sides.iter().enumerate().map(|(number, side)| {
        let to = |other: Option<usize>| rounds?.ratio(number, other?);
        let counts = found.counts.get(number).copied().unwrap_or_default();
        measured::Side {
            name: side.name.into(),
            time: rounds.and_then(|it| it.of(number)),
            to_tokio: to(tokio),
            to_limit: to(limit),
            instructions: counts.instructions,
            atomics: counts.atomics,
            allocations: counts.allocations,
            system_calls: counts.system_calls,
            bytes: found.bytes.get(number).copied().flatten(),
            absent: (side.absent)(),
        }
    });
    measured::Row {
        name: row.entry.name.clone(),
        chapter: row.entry.chapter,
        about: row.entry.about.clone(),
        unit: match row.work.sides[0].code {
            Code::Memory(_) => Unit::Bytes,
            Code::Part(_) => Unit::WallNs,
            _ => Unit::CpuNs,
        },
        limit: row.entry.limit.clone(),
        others: rounds.and_then(|it| it.others),
        goals: judged
            .iter()
            .map(|it| it.to_string().trim().into())
            .collect(),
        sides: sides.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::judge;
    use crate::rounds::Rounds;
    use crate::row::rows;

    #[test]
    fn a_record_says_where_and_with_what() {
        let record = begin(true, "a test").unwrap();
        assert!(record.date.ends_with('Z'), "{}", record.date);
        assert!(!record.machine.cpu.is_empty());
        for name in ["rustc", "tokio", "smol", "monoio"] {
            assert!(record.versions.contains_key(name), "{:?}", record.versions);
        }
        assert_eq!(Record::parse(&record.to_json()).unwrap(), record);
    }

    #[test]
    fn a_row_is_kept_with_its_ratios() {
        let mut rows = rows().unwrap().into_iter();
        let row = rows.find(|it| it.entry.name == "yield").unwrap();
        let sides = row.work.sides.len();
        // Each side takes 100 ns more than the one before.
        let nanos = (1..=sides).map(|number| 100.0 * number as f64).collect();
        let found = Found {
            rounds: Some(Rounds {
                nanos: vec![nanos; 3],
                others: None,
            }),
            counts: Vec::new(),
            bytes: Vec::new(),
        };
        let kept = super::row(&row, &found, &judge(&row, &found));
        let of = |spread: Option<measured::Spread>| spread.unwrap().median;
        let ours = kept.side("ours").unwrap();
        assert_eq!(of(ours.time), 100.0);
        assert_eq!(of(ours.to_tokio), 0.5);
        assert_eq!(of(ours.to_limit), 1.0 / sides as f64);
        assert_eq!(of(kept.side("tokio").unwrap().to_tokio), 1.0);
        assert!(kept.goals.iter().any(|it| it.starts_with("missed")));
    }
}
