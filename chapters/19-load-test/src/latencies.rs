//! Many latencies in little room.
//!
//! A list of all would do, and would have to be sorted for each question. For a hundred million requests it takes 800 MB.
//! A histogram with bars of one width needs to know beforehand what is to come: bars of a millisecond tell nothing about
//! a fast server, and bars of a microsecond are a billion if one answer takes a quarter of an hour. Gil Tene's HdrHistogram
//! has bars whose width grows with what they count: each is at most a ten-thousandth of its value wide.

use std::time::Duration;

use hdrhistogram::Histogram;

// ANCHOR: latencies
/// Latencies: how many of each length, to four figures.
///
/// The shortest, the longest and the mean are exact.
///
/// ```
/// use std::time::Duration;
/// use load_test::Latencies;
///
/// let mut latencies = Latencies::new();
/// for millis in [50, 10, 20, 40, 30] {
///     latencies.record(Duration::from_millis(millis));
/// }
/// assert_eq!(latencies.count(), 5);
/// assert_eq!(latencies.mean(), Duration::from_millis(30));
/// assert_eq!(latencies.max(), Duration::from_millis(50));
/// assert_eq!(latencies.quantile(1.0), Duration::from_millis(50));
///
/// let mut twice = latencies.clone();
/// twice.add(&latencies);
/// assert_eq!(twice.count(), 10);
/// assert_eq!(twice.min(), Duration::from_millis(10));
/// assert_eq!(twice.bars().len(), 3); // from 10, 20 and 50 ms
/// ```
#[derive(Debug, Clone)]
pub struct Latencies {
    bars: Histogram<u64>, // in nanoseconds
    sum: Duration,
    min: Duration,
    max: Duration,
}
// ANCHOR_END: latencies

/// How many latencies there are from one length to another.
///
/// ```
/// use std::time::Duration;
/// use load_test::Latencies;
///
/// let mut latencies = Latencies::new();
/// for millis in [20, 30, 49, 50] {
///     latencies.record(Duration::from_millis(millis));
/// }
/// let bars = latencies.bars();
/// assert_eq!(bars[0].from, Duration::from_millis(20));
/// assert_eq!(bars[0].to, Duration::from_millis(50)); // which is not in it
/// assert_eq!(bars[0].count, 3);
/// assert_eq!(bars[1].count, 1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    /// The shortest in it.
    pub from: Duration,
    /// The shortest that is not in it any more.
    pub to: Duration,
    /// How many there are.
    pub count: u64,
}

/// What is longer counts as this: an hour, in nanoseconds.
const LONGEST: u64 = 3_600_000_000_000;

impl Latencies {
    /// None yet.
    pub fn new() -> Latencies {
        let bars = Histogram::new_with_bounds(1000, LONGEST, 4);
        Latencies {
            bars: bars.expect("the bounds are in order"),
            sum: Duration::ZERO,
            min: Duration::MAX,
            max: Duration::ZERO,
        }
    }

    // ANCHOR: record
    /// Adds one.
    pub fn record(&mut self, latency: Duration) {
        let nanos = u64::try_from(latency.as_nanos()).unwrap_or(LONGEST);
        self.bars.saturating_record(nanos);
        self.sum = self.sum.saturating_add(latency);
        self.min = self.min.min(latency);
        self.max = self.max.max(latency);
    }

    /// Adds all of `others`.
    pub fn add(&mut self, others: &Latencies) {
        // hole: add — count these as if they had all been recorded here
        // tried by: upload
        // also: load_test
        self.bars
            .add(&others.bars)
            .expect("all have the same bounds");
        self.sum = self.sum.saturating_add(others.sum);
        self.min = self.min.min(others.min);
        self.max = self.max.max(others.max);
        // end hole
    }
    // ANCHOR_END: record

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.bars.len()
    }

    /// The shortest; zero if there is none.
    pub fn min(&self) -> Duration {
        self.min.min(self.max)
    }

    /// The longest; zero if there is none.
    pub fn max(&self) -> Duration {
        self.max
    }

    /// Their mean; zero if there is none.
    pub fn mean(&self) -> Duration {
        let count = u128::from(self.count().max(1));
        let nanos = self.sum.as_nanos() / count;
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }

    // ANCHOR: quantile
    /// The shortest latency that so large a part of all do not exceed: with 0.99, what 99
    /// of 100 stay within. Zero if there is none.
    ///
    /// # Panics
    ///
    /// If `part` is not from 0 to 1.
    #[track_caller]
    pub fn quantile(&self, part: f64) -> Duration {
        assert!(
            (0.0..=1.0).contains(&part),
            "a part of all is from 0 to 1, and not {part}"
        );
        // A bar stands for all that it counts. Neither end of all may move by that.
        let bar = Duration::from_nanos(self.bars.value_at_quantile(part));
        bar.clamp(self.min(), self.max)
    }
    // ANCHOR_END: quantile

    // ANCHOR: bars
    /// How many there are from 1 to 2, from 2 to 5, and from 5 to 10 of each power of ten,
    /// from the first bar that has any to the last.
    pub fn bars(&self) -> Vec<Bar> {
        let steps = (2..13).flat_map(|power| [1, 2, 5].map(|it| it * 10_u64.pow(power)));
        let edges: Vec<u64> = std::iter::once(0).chain(steps).collect();
        let mut bars: Vec<Bar> = edges
            .windows(2)
            .map(|edge| Bar {
                from: Duration::from_nanos(edge[0]),
                to: Duration::from_nanos(edge[1]),
                count: 0,
            })
            .collect();
        for recorded in self.bars.iter_recorded() {
            let value = recorded.value_iterated_to();
            let above = edges.partition_point(|edge| *edge <= value);
            let place = above.clamp(1, bars.len()) - 1;
            bars[place].count += recorded.count_at_value();
        }
        let used = |bar: &Bar| bar.count > 0;
        let end = bars.iter().rposition(used).map_or(0, |last| last + 1);
        bars.truncate(end);
        bars.drain(..bars.iter().position(used).unwrap_or(0));
        bars
    }
    // ANCHOR_END: bars
}

impl Default for Latencies {
    fn default() -> Latencies {
        Latencies::new()
    }
}
