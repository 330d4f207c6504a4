//! Interleaved rounds: every side once, and again, so that a machine that slows down for a second slows them all.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use cpu_time::ProcessTime;

use crate::others::Others;
use crate::row::{Code, Work};

/// How long the rounds of a row may take, unless the fewest take longer.
const BUDGET: Duration = Duration::from_secs(8);

/// With fewer there is no telling how far they differ.
const FEWEST: u32 = 3;

/// What the rounds of a row came to.
#[derive(Debug)]
pub struct Rounds {
    /// The CPU nanoseconds that one event took: for each side, in each round.
    pub nanos: Vec<Vec<f64>>,
    /// The part of all cores that other processes kept busy meanwhile, where the system tells.
    pub others: Option<f64>,
}

/// The middle of some figures, and between what the middle half of them lies.
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    /// The lower quartile.
    pub low: f64,
    /// The median.
    pub median: f64,
    /// The upper quartile.
    pub high: f64,
}

/// Runs one side: its CPU time, and what came of it.
pub fn run(code: Code, size: u64) -> (Duration, u64) {
    match code {
        Code::Whole(code) | Code::Memory(code) => {
            let start = ProcessTime::now();
            let result = black_box(code(black_box(size)));
            (start.elapsed(), result)
        }
        Code::Part(code) => code(black_box(size)),
    }
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
    let first = round(work)?;
    let one = start.elapsed().max(Duration::from_micros(1));
    let fitting = (BUDGET.as_secs_f64() / one.as_secs_f64()) as u32;
    let count = fitting.clamp(FEWEST.min(most), most);
    let mut nanos = vec![Vec::new(); work.sides.len()];
    let is_long = fitting < FEWEST;
    if is_long {
        for (all, nanos) in nanos.iter_mut().zip(first) {
            all.push(nanos);
        }
    }
    for number in 1 + u32::from(is_long)..=count {
        tell(number, count, one * (count - number + 1));
        for (all, nanos) in nanos.iter_mut().zip(round(work)?) {
            all.push(nanos);
        }
    }
    let others = others.busy();
    Ok(Rounds { nanos, others })
}

/// The CPU nanoseconds that one event took each side.
fn round(work: &Work) -> Result<Vec<f64>> {
    let events = (work.events)(work.size) as f64;
    let mut nanos = Vec::new();
    let mut first = None;
    for side in &work.sides {
        let (time, result) = run(side.code, work.size);
        let (ours, wanted) = *first.get_or_insert((side.name, result));
        ensure!(
            result == wanted,
            "{}: {ours} came to {wanted}, and {} to {result}: \
             they did not do the same work, so no figure would tell anything",
            work.name,
            side.name
        );
        nanos.push(time.as_nanos() as f64 / events);
    }
    Ok(nanos)
}

impl Rounds {
    /// The CPU nanoseconds of a side.
    pub fn of(&self, side: usize) -> Spread {
        Spread::of(self.nanos[side].clone())
    }

    /// The ratio, round by round, of one side to another.
    pub fn ratio(&self, side: usize, to: usize) -> Spread {
        let pairs = self.nanos[side].iter().zip(&self.nanos[to]);
        Spread::of(pairs.map(|(a, b)| a / b).collect())
    }

    /// The same, with what `floor` takes taken away from both.
    pub fn ratio_beyond(&self, side: usize, to: usize, floor: usize) -> Spread {
        let pairs = self.nanos[side].iter().zip(&self.nanos[to]);
        let pairs = pairs.zip(&self.nanos[floor]);
        Spread::of(pairs.map(|((a, b), f)| (a - f) / (b - f)).collect())
    }
}

impl Spread {
    /// The spread of `values`, at least one.
    pub fn of(mut values: Vec<f64>) -> Spread {
        values.sort_by(f64::total_cmp);
        let last = values.len() - 1;
        Spread {
            low: values[last / 4],
            median: values[last / 2],
            high: values[last - last / 4],
        }
    }

    /// How far the middle half of the figures lies apart, as a part of the median.
    pub fn width(&self) -> f64 {
        (self.high - self.low).abs() / self.median.abs()
    }
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
        assert_eq!(same_work(|size| size).unwrap().nanos.len(), 2);
        let error = same_work(|size| size + 1).unwrap_err().to_string();
        let said = "test: ours came to 10, and theirs to 11";
        assert!(error.starts_with(said), "{error}");
    }

    #[test]
    fn a_spread_is_the_middle_half() {
        let spread = Spread::of((1..=11).rev().map(f64::from).collect());
        let Spread { low, median, high } = spread;
        assert_eq!((low, median, high), (3.0, 6.0, 9.0));
        assert!((spread.width() - 1.0).abs() < 1e-9);
        let alone = Spread::of(vec![2.0]);
        assert_eq!((alone.low, alone.median, alone.high), (2.0, 2.0, 2.0));
    }
}
