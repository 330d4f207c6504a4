//! Measures the rows that are asked for, and says which goals are met.
#![forbid(unsafe_code)]

use std::cell::Cell;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use bench::counts::{ALONE, Counters};
use bench::judge::{Found, Verdict, judge};
use bench::record;
use bench::rounds::{round_by, rounds, run};
use bench::row::{Row, rows};
use bench::table::table;
use catalogue::measured::Record;
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};

/// Compares the chapters' code with something known.
#[derive(Parser)]
struct Options {
    /// How many rounds of a row are counted at most, after one that is not.
    #[arg(long, default_value_t = 11, value_parser = clap::value_parser!(u32).range(1..1000))]
    rounds: u32,
    /// Every side once, in a small size: do they all do the same? And ours is counted, without instructions. Only
    /// counts are judged.
    #[arg(long)]
    quick: bool,
    /// Where to write what was measured, as JSON: see `catalogue::measured`.
    #[arg(long)]
    json: Option<PathBuf>,
    /// What the record is to say of this run.
    #[arg(long, default_value = "", requires = "json")]
    note: String,
    /// Only rows with this name, or this in their name, or of the chapter with this number.
    filters: Vec<String>,
}

/// About how long a row takes that has not begun.
const A_ROW: Duration = Duration::from_secs(15);

fn main() -> ExitCode {
    if let Err(error) = catalogue::children::end_with_us() {
        eprintln!("what is started may outlive this process: {error}");
    }
    let words: Vec<String> = env::args().skip(1).collect();
    let done = match &*words {
        [first, row, side, size] if first == ALONE => alone(row, side, size),
        _ => measure_all(&Options::parse()),
    };
    done.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

/// Does the work of one side, for those who count from outside: prints its CPU nanoseconds, and what came of it.
fn alone(row: &str, side: &str, size: &str) -> Result<ExitCode> {
    let rows = rows()?;
    let row = rows.iter().find(|it| it.entry.name == row);
    let side = row.context("no such row")?.work.side(side);
    let (time, result) = run(side.context("no such side")?, size.parse()?)?;
    println!("{} {result}", time.as_nanos());
    Ok(ExitCode::SUCCESS)
}

/// The rows that are asked for. `None`: there is none, which has been said.
fn wanted(filters: &[String]) -> Result<Option<Vec<Row>>> {
    let mut wanted = rows()?;
    if filters.is_empty() {
        return Ok(Some(wanted));
    }
    let names: Vec<String> = wanted.iter().map(|it| it.entry.name.clone()).collect();
    let is_wanted = |row: &Row, filter: &String| match names.contains(filter) {
        true => row.entry.name == *filter,
        false => {
            row.entry.name.contains(filter.as_str())
                || row.entry.chapter.to_string() == *filter
        }
    };
    wanted.retain(|row| filters.iter().any(|filter| is_wanted(row, filter)));
    if wanted.is_empty() {
        let names = names.join(", ");
        eprintln!("error: there is no row {filters:?}; there are {names}");
        return Ok(None);
    }
    Ok(Some(wanted))
}

fn measure_all(options: &Options) -> Result<ExitCode> {
    let Some(wanted) = wanted(&options.filters)? else {
        return Ok(ExitCode::from(2));
    };
    let mut counters = Counters::find()?;
    if options.quick {
        counters = counters.quick();
    }
    let mut record = record::begin(options.quick, &options.note)?;
    // Before the work, and not after: it may be that nothing can be written there.
    keep(options, &record)?;
    for why in counters.missing() {
        eprintln!("{why}");
    }
    let bar = Bar::new(u32::try_from(wanted.len())?);
    let mut verdicts = Vec::new();
    let mut failed = false;
    for row in &wanted {
        let found = match options.quick {
            true => measure_quickly(row, &counters, &bar),
            false => measure(row, options.rounds, &counters, &bar),
        };
        match found {
            Ok(found) => {
                let judged = judge(row, &found);
                bar.done(|| print!("{}", table(row, &found, &judged)));
                verdicts.extend(judged.iter().map(|goal| goal.verdict));
                record.rows.push(record::row(row, &found, &judged));
                // After each row: what is measured is not lost when the next is interrupted.
                keep(options, &record)?;
            }
            Err(error) => {
                failed = true;
                bar.done(|| eprintln!("\nerror: {error:#}"));
            }
        }
    }
    bar.shown.finish_and_clear();
    println!("\n{}", summary(&verdicts));
    Ok(match failed || verdicts.contains(&Verdict::Missed) {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

/// Writes what has been measured so far, if that is asked for.
fn keep(options: &Options, record: &Record) -> Result<()> {
    match &options.json {
        Some(file) => {
            fs::write(file, record.to_json()).with_context(|| file.display().to_string())
        }
        None => Ok(()),
    }
}

/// How many goals are met. What could not be judged fails nobody.
fn summary(verdicts: &[Verdict]) -> String {
    let words = [
        (Verdict::Met, "met"),
        (Verdict::Missed, "missed"),
        (Verdict::Noisy, "too noisy to judge"),
        (Verdict::Uncounted, "not counted here"),
    ];
    let counted = words.into_iter().filter_map(|(wanted, word)| {
        let count = verdicts.iter().filter(|it| **it == wanted).count();
        (count > 0).then(|| format!("{count} {word}"))
    });
    match verdicts {
        [] => "no goals".into(),
        _ => format!("goals: {}", counted.collect::<Vec<_>>().join(", ")),
    }
}

fn measure(row: &Row, most: u32, counters: &Counters, bar: &Bar) -> Result<Found> {
    let work = &row.work;
    let mut found = Found::default();
    for (number, side) in (0..).zip(&work.sides) {
        let left = A_ROW - A_ROW / 2 * number / work.sides.len() as u32;
        bar.tell(row, &format!("counting, {}", side.name), left);
        match work.is_memory() {
            true => found.bytes.push(counters.bytes(work, side)?),
            false => found.counts.push(counters.count(work, side)?),
        }
    }
    if !work.is_memory() {
        let told = |number, count, left| {
            let what = match number {
                0 => "the first round".into(),
                _ => format!("round {number} of {count}"),
            };
            bar.tell(row, &what, left);
        };
        found.rounds = Some(rounds(work, most, told)?);
    }
    Ok(found)
}

/// Whether all sides do the same, in the size in which they are counted; and what can be counted of ours.
fn measure_quickly(row: &Row, counters: &Counters, bar: &Bar) -> Result<Found> {
    let work = &row.work;
    let mut found = Found::default();
    bar.tell(row, "the same work?", A_ROW / 2);
    let ours = &work.sides[0];
    match work.is_memory() {
        true => found.bytes.push(counters.bytes(work, ours)?),
        false => {
            round_by(work, work.small(), |side, size| {
                counters.apart(work, side, size)
            })?;
            found.counts.push(counters.count(work, ours)?);
        }
    }
    Ok(found)
}

/// What is being done, and how long it may still take; nothing at all if standard error is no terminal.
struct Bar {
    shown: ProgressBar,
    rows: u32,
    done: Cell<u32>,
}

impl Bar {
    fn new(rows: u32) -> Bar {
        let shown = ProgressBar::new(millis(A_ROW * rows));
        let style = ProgressStyle::with_template("{bar:20}  {wide_msg}");
        shown.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        shown.enable_steady_tick(Duration::from_millis(200));
        Bar {
            shown,
            rows,
            done: Cell::new(0),
        }
    }

    /// `left`: of this row.
    fn tell(&self, row: &Row, what: &str, left: Duration) {
        let number = self.done.get() + 1;
        let later = A_ROW * (self.rows - number);
        self.shown
            .set_position(millis(A_ROW * number - left.min(A_ROW)));
        let seconds = (left + later).as_secs();
        let left = match seconds {
            0..60 => format!("{} s", seconds + 1),
            _ => format!("{} min", seconds.div_ceil(60)),
        };
        let (rows, name) = (self.rows, &row.entry.name);
        let message = format!("{number}/{rows}  {name}: {what}; about {left} left");
        self.shown.set_message(message);
    }

    /// A row is done, with this to say of it.
    fn done(&self, say: impl FnOnce()) {
        self.shown.suspend(say);
        self.done.set(self.done.get() + 1);
    }
}

fn millis(time: Duration) -> u64 {
    time.as_millis() as u64
}
