//! A fair comparison: the sides work by turns, and what is compared is the ratio within a round.

use std::error::Error;
use std::fmt;

use event_loop::Time;

// ANCHOR: side
/// Some code that does a work, and says what came of it.
///
/// ```
/// use performance::Side;
///
/// let sum = Side::new("a loop", || (1..=100_u64).sum::<u64>().to_string());
/// assert_eq!(sum.name, "a loop");
/// ```
pub struct Side<'a> {
    /// What it is called.
    pub name: &'static str,
    work: Box<dyn FnMut() -> String + 'a>,
}
// ANCHOR_END: side

impl<'a> Side<'a> {
    /// A side that works by calling `work`.
    pub fn new(name: &'static str, work: impl FnMut() -> String + 'a) -> Side<'a> {
        let work = Box::new(work);
        Side { name, work }
    }
}

impl fmt::Debug for Side<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Side").field(&self.name).finish()
    }
}

// ANCHOR: rounds
/// How long each side took in each round; made by [`compare`].
#[derive(Debug, Clone)]
pub struct Rounds {
    names: Vec<&'static str>,
    /// Nanoseconds, side by side in the order of `names`.
    nanos: Vec<Vec<u64>>,
}

/// The middle of the rounds, and where the middle half lies; made by [`Rounds::ratio`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// A quarter of the rounds is below.
    pub low: f64,
    /// The middle one.
    pub median: f64,
    /// A quarter is above.
    pub high: f64,
}
// ANCHOR_END: rounds

// ANCHOR: compare
/// Lets all sides work by turns, in so many rounds and one before them that does not count.
///
/// # Errors
///
/// If their work does not come to the same: then their times say nothing about each other.
///
/// # Panics
///
/// If there are no sides or no rounds.
///
/// ```
/// use event_loop::Time;
/// use performance::{Side, compare};
///
/// let mut sides = [
///     Side::new("the sum", || (1..=100).sum::<u32>().to_string()),
///     Side::new("half of it", || (1..=50).sum::<u32>().to_string()),
/// ];
/// let refused = compare(&|| Time::ZERO, 3, &mut sides).unwrap_err();
/// assert_eq!(refused.to_string(), "the sum came to 5050, half of it to 1275");
/// let rounds = compare(&|| Time::ZERO, 3, &mut sides[..1]).unwrap();
/// // No time has passed on this clock.
/// assert_eq!(rounds.ratio("the sum", "the sum").median, 0.0);
/// ```
pub fn compare(
    now: &dyn Fn() -> Time,
    rounds: usize,
    sides: &mut [Side<'_>],
) -> Result<Rounds, Unlike> {
    assert!(rounds > 0 && !sides.is_empty(), "nothing is to be compared");
    let names: Vec<_> = sides.iter().map(|side| side.name).collect();
    let mut all = vec![Vec::new(); sides.len()];
    for round in 0..=rounds {
        let results = take_turns(now, round > 0, sides, &mut all);
        Unlike::check(&names, &results)?;
    }
    Ok(Rounds { names, nanos: all })
}
// ANCHOR_END: compare

// ANCHOR: turns
/// A turn for each side, and what came of it. How long it took is noted if it counts.
fn take_turns(
    now: &dyn Fn() -> Time,
    counts: bool,
    sides: &mut [Side<'_>],
    all: &mut [Vec<u64>],
) -> Vec<String> {
    // hole: rounds — each side once: its result, and if it counts the nanoseconds that it took
    // tried by: fair, four-tasks
    // also: performance
    let mut results = Vec::new();
    for (side, nanos) in sides.iter_mut().zip(all) {
        let start = now();
        results.push((side.work)());
        if counts {
            nanos.push((now() - start).as_nanos() as u64);
        }
    }
    results
    // end hole
}
// ANCHOR_END: turns

impl Rounds {
    // ANCHOR: ratio
    /// How many times as long as `other` `side` took: in each round, then the middle.
    ///
    /// # Panics
    ///
    /// If one of them was not compared.
    pub fn ratio(&self, side: &str, other: &str) -> Spread {
        let of = |name: &str| {
            let at = self.names.iter().position(|it| *it == name);
            &self.nanos[at.unwrap_or_else(|| panic!("{name} was not compared"))]
        };
        let pairs = of(side).iter().zip(of(other));
        // A clock may not see that time passed.
        let ratios = pairs.map(|(one, other)| *one as f64 / (*other).max(1) as f64);
        Spread::of(ratios.collect())
    }
    // ANCHOR_END: ratio
}

impl Spread {
    // ANCHOR: spread
    /// Of at least one figure.
    fn of(mut figures: Vec<f64>) -> Spread {
        figures.sort_by(f64::total_cmp);
        let last = figures.len() - 1;
        Spread {
            low: figures[last / 4],
            median: figures[last / 2],
            high: figures[last - last / 4],
        }
    }
    // ANCHOR_END: spread
}

// ANCHOR: unlike
/// Two sides whose work did not come to the same; made by [`compare`], its error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlike {
    one: (&'static str, String),
    other: (&'static str, String),
}
// ANCHOR_END: unlike

impl Unlike {
    // ANCHOR: check
    /// Whether all results are the same.
    fn check(names: &[&'static str], results: &[String]) -> Result<(), Unlike> {
        let named = |at: usize| (names[at], results[at].clone());
        match results.iter().position(|it| *it != results[0]) {
            None => Ok(()),
            Some(other) => Err(Unlike {
                one: named(0),
                other: named(other),
            }),
        }
    }
    // ANCHOR_END: check
}

impl fmt::Display for Unlike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((one, first), (other, second)) = (&self.one, &self.other);
        write!(f, "{one} came to {first}, {other} to {second}")
    }
}

impl Error for Unlike {}
