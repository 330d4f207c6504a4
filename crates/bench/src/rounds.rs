//! Interleaved rounds: every side once, and again, so that a machine that slows down for a second slows them all.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use catalogue::measured::Spread;
use cpu_time::ProcessTime;

use crate::others::Others;
use crate::row::{Code, OURS, Side, Work};

/// How long the rounds of a row may take, unless the fewest take longer.
const BUDGET: Duration = Duration::from_secs(8);

/// With fewer there is no telling how far they differ.
const FEWEST: u32 = 3;

/// What the rounds of a row came to.
#[derive(Debug)]
pub struct Rounds {
    /// The CPU nanoseconds that one event took: in each round, for each side. Not a number: it was absent.
    pub nanos: Vec<Vec<f64>>,
    /// The part of all cores that other processes kept busy meanwhile, where the system tells.
    pub others: Option<f64>,
}

/// Runs one side, which does the work `size` times: its CPU time, and what came of it.
///
/// # Errors
///
/// If it is a program of Python's that fails.
pub fn run(side: &Side, size: u64) -> Result<(Duration, u64)> {
    Ok(match side.code {
        Code::Whole(code) | Code::Memory(code) => {
            let start = ProcessTime::now();
            let result = black_box(code(black_box(size)));
            (start.elapsed(), result)
        }
        Code::Part(code) => code(black_box(size)),
        Code::Python(script) => script.run(size)?,
    })
}

/// Runs up to `most` rounds: as many as fit in some seconds. Before each, `tell` hears its number, how many there will
/// be, and how long they may still take. One more comes first that is not counted, since what is cold is slow; but not
/// where a round takes so long that its cold beginning does not matter.
///
/// # Errors
///
/// If two sides did not do the same.
pub fn rounds(
    work: &Work,
    most: u32,
    mut tell: impl FnMut(u32, u32, Duration),
) -> Result<Rounds> {
    let start = Instant::now();
    let others = Others::watch();
    tell(0, most, BUDGET);
    let first = round(work, work.size)?;
    let one = start.elapsed().max(Duration::from_micros(1));
    let fitting = (BUDGET.as_secs_f64() / one.as_secs_f64()) as u32;
    let count = fitting.clamp(FEWEST.min(most), most);
    let is_long = fitting < FEWEST;
    let mut nanos: Vec<_> = is_long.then_some(first).into_iter().collect();
    for number in 1 + u32::from(is_long)..=count {
        tell(number, count, one * (count - number + 1));
        nanos.push(round(work, work.size)?);
    }
    let others = others.busy();
    Ok(Rounds { nanos, others })
}

/// The CPU nanoseconds that one event took each side, where ours does the work `size` times; none of a side that is
/// absent.
///
/// # Errors
///
/// If two sides did not do the same: what each comes to is compared with ours. One that does only a part of the work is
/// compared with what that part comes to; ours does it for that once more.
pub fn round(work: &Work, size: u64) -> Result<Vec<f64>> {
    round_by(work, size, run)
}

/// The same, where `run` runs a side that does the work so often: see [`Counters::apart`].
///
/// # Errors
///
/// As [`round`], and those of `run`.
///
/// [`Counters::apart`]: crate::counts::Counters::apart
pub fn round_by(
    work: &Work,
    size: u64,
    run: impl Fn(&Side, u64) -> Result<(Duration, u64)>,
) -> Result<Vec<f64>> {
    let mut nanos = Vec::new();
    let mut ours: BTreeMap<u64, u64> = BTreeMap::new();
    for side in &work.sides {
        if (side.absent)().is_some() {
            nanos.push(f64::NAN);
            continue;
        }
        let size = side.size(size);
        let (time, result) =
            run(side, size).with_context(|| format!("{}, {}", work.name, side.name))?;
        let wanted = match ours.get(&size) {
            Some(wanted) => *wanted,
            None if side.name == OURS => result,
            None => run(&work.sides[0], size)?.1,
        };
        ours.insert(size, wanted);
        ensure!(
            result == wanted,
            "{}: ours came to {wanted}, and {} to {result}: \
             they did not do the same work, so no figure would tell anything",
            work.name,
            side.name
        );
        nanos.push(time.as_nanos() as f64 / (work.events)(size) as f64);
    }
    Ok(nanos)
}

impl Rounds {
    /// The CPU nanoseconds of a side; none if it was absent.
    pub fn of(&self, side: usize) -> Option<Spread> {
        self.spread(|nanos| nanos[side])
    }

    /// The ratio, round by round, of one side to another; none if one of them was absent.
    pub fn ratio(&self, side: usize, to: usize) -> Option<Spread> {
        self.spread(|nanos| nanos[side] / nanos[to])
    }

    /// The same, with what `floor` takes taken away from both.
    pub fn ratio_beyond(&self, side: usize, to: usize, floor: usize) -> Option<Spread> {
        self.spread(|nanos| (nanos[side] - nanos[floor]) / (nanos[to] - nanos[floor]))
    }

    /// The spread of what `figure` makes of each round.
    fn spread(&self, figure: impl Fn(&[f64]) -> f64) -> Option<Spread> {
        let figures: Vec<f64> = self.nanos.iter().map(|it| figure(it)).collect();
        let all_there = figures.iter().all(|it| !it.is_nan());
        (all_there && !figures.is_empty()).then(|| spread(figures))
    }
}

/// The spread of `values`, at least one.
pub fn spread(mut values: Vec<f64>) -> Spread {
    values.sort_by(f64::total_cmp);
    let last = values.len() - 1;
    Spread {
        low: values[last / 4],
        median: values[last / 2],
        high: values[last - last / 4],
    }
}

/// How far the middle half of the figures lies apart, as a part of the median.
pub fn width(spread: Spread) -> f64 {
    (spread.high - spread.low).abs() / spread.median.abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Side;

    fn same_work(theirs: fn(u64) -> u64) -> Result<Rounds> {
        let sides = vec![Side::new("ours", |size| size), Side::new("theirs", theirs)];
        rounds(&Work::new("test", 10, sides), 3, |_, _, _| ())
    }

    #[test]
    fn sides_that_come_to_something_else_are_refused() {
        assert_eq!(same_work(|size| size).unwrap().nanos[0].len(), 2);
        let error = same_work(|size| size + 1).unwrap_err().to_string();
        let said = "test: ours came to 10, and theirs to 11";
        assert!(error.starts_with(said), "{error}");
    }

    #[test]
    fn a_side_that_does_a_part_is_held_to_that_part() {
        let part = |theirs| {
            let theirs = Side {
                part: 5,
                ..Side::new("theirs", theirs)
            };
            let sides = vec![Side::new("ours", |size| size * size), theirs];
            round(&Work::new("test", 10, sides), 10)
        };
        assert_eq!(part(|size| size * size).unwrap().len(), 2);
        let error = part(|_| 100).unwrap_err().to_string();
        let said = "test: ours came to 4, and theirs to 100";
        assert!(error.starts_with(said), "{error}");
    }

    #[test]
    fn a_side_that_is_absent_has_no_figure_and_stops_nobody() {
        let absent = Side {
            absent: || Some("it is not here".into()),
            ..Side::new("theirs", |_| unreachable!("it is not run"))
        };
        let sides = vec![Side::new("ours", |size| size), absent];
        let found = rounds(&Work::new("test", 10, sides), 3, |_, _, _| ()).unwrap();
        assert!(found.of(0).is_some());
        assert!(found.of(1).is_none() && found.ratio(0, 1).is_none());
    }

    #[test]
    fn a_spread_is_the_middle_half() {
        let found = spread((1..=11).rev().map(f64::from).collect());
        let Spread { low, median, high } = found;
        assert_eq!((low, median, high), (3.0, 6.0, 9.0));
        assert!((width(found) - 1.0).abs() < 1e-9);
        let alone = spread(vec![2.0]);
        assert_eq!((alone.low, alone.median, alone.high), (2.0, 2.0, 2.0));
    }
}
