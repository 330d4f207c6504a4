//! Interleaved rounds, and the figure that comes of them.

use cpu_time::ProcessTime;
use std::fmt;
use std::hint::black_box;

/// Two pieces of code that do the same work.
pub struct Row {
    /// What is measured.
    pub name: &'static str,
    /// What it is compared with.
    pub beside: &'static str,
    /// How many events one run handles: times are per event.
    pub events: u64,
    /// The ratio it may cost, if there is a goal; without one it is a yardstick for later.
    pub goal: Option<f64>,
    /// Our code. What it returns must be what `theirs` returns.
    pub ours: Box<dyn FnMut() -> u64>,
    /// The other code.
    pub theirs: Box<dyn FnMut() -> u64>,
}

/// What a row came to.
pub struct Figure {
    name: &'static str,
    beside: &'static str,
    goal: Option<f64>,
    ours: Spread,
    theirs: Spread,
    ratio: Spread,
}

struct Spread {
    low: f64,
    median: f64,
    high: f64,
}

impl Row {
    /// Runs `rounds` rounds after one that warms up.
    ///
    /// # Panics
    ///
    /// If the two do not return the same: then they did not do the same work.
    pub fn measure(mut self, rounds: u32) -> Figure {
        let (mut ours, mut theirs, mut ratios) = (vec![], vec![], vec![]);
        for round in 0..=rounds {
            let (a, our_result) = per_event(&mut self.ours, self.events);
            let (b, their_result) = per_event(&mut self.theirs, self.events);
            assert_eq!(
                our_result, their_result,
                "{}: both must do the same",
                self.name
            );
            if round > 0 {
                ours.push(a);
                theirs.push(b);
                ratios.push(a / b);
            }
        }
        Figure {
            name: self.name,
            beside: self.beside,
            goal: self.goal,
            ours: Spread::of(ours),
            theirs: Spread::of(theirs),
            ratio: Spread::of(ratios),
        }
    }
}

/// CPU nanoseconds an event, and what the code returned.
fn per_event(code: &mut dyn FnMut() -> u64, events: u64) -> (f64, u64) {
    let start = ProcessTime::now();
    let result = black_box(code());
    (start.elapsed().as_nanos() as f64 / events as f64, result)
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Spread {
        values.sort_by(f64::total_cmp);
        let last = values.len() - 1;
        Spread {
            low: values[0],
            median: values[last / 2],
            high: values[last],
        }
    }
}

impl Figure {
    /// The head of the table whose rows [`Figure`]s print.
    pub const HEAD: &str = "row                                  beside                   \
                            ns ours  ns other   ratio  (low–high)   goal";

    /// Whether the goal is met.
    pub fn met(&self) -> bool {
        self.goal.is_none_or(|goal| self.ratio.median <= goal)
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let goal = match (self.goal, self.met()) {
            (None, _) => String::new(),
            (Some(goal), true) => format!("<= {goal:.2} met"),
            (Some(goal), false) => format!("<= {goal:.2} MISSED"),
        };
        write!(
            f,
            "{:36} {:24} {:7.1} {:9.1} {:7.2}  ({:.2}–{:.2})  {goal}",
            self.name,
            self.beside,
            self.ours.median,
            self.theirs.median,
            self.ratio.median,
            self.ratio.low,
            self.ratio.high,
        )
    }
}
