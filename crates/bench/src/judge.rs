//! Whether a row met its goals. A count is judged as it is. A ratio is judged where the machine was quiet enough;
//! otherwise it is only shown.

use std::fmt;

use catalogue::measured::{Spread, amount};

use crate::counts::Counts;
use crate::rounds::{Rounds, width};
use crate::row::Row;

/// The middle half of the rounds may lie apart by this part of their median.
const APART: f64 = 0.10;

/// Others may keep this part of all cores busy.
const BUSY: f64 = 0.10;

/// What is said of a goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is met.
    Met,
    /// It is not.
    Missed,
    /// The machine was too noisy to judge.
    Noisy,
    /// It was not counted here.
    Uncounted,
}

/// A goal, and what came of it.
#[derive(Debug)]
pub struct Judged {
    /// Whether it is met.
    pub verdict: Verdict,
    goal: String,
    found: String,
}

/// What was found of a row.
#[derive(Debug, Default)]
pub struct Found {
    /// Its rounds, unless it is memory, or only counted.
    pub rounds: Option<Rounds>,
    /// What each side's events take. Of a quick run, only ours is here.
    pub counts: Vec<Counts>,
    /// The bytes that each takes, of each side, if it is memory. Of a quick run, only ours is here.
    pub bytes: Vec<Option<u64>>,
}

impl Judged {
    fn count(goal: u64, thing: &str, found: Option<f64>) -> Judged {
        // A list that doubles now and then is no allocation each time.
        let verdict = match found {
            None => Verdict::Uncounted,
            Some(found) if found < goal as f64 + 0.05 => Verdict::Met,
            Some(_) => Verdict::Missed,
        };
        let thing = if goal == 1 {
            thing.trim_end_matches('s')
        } else {
            thing
        };
        Judged {
            verdict,
            goal: format!("at most {goal} {thing}"),
            found: found.map_or("not counted here".into(), amount),
        }
    }

    fn ratio(at_most: f64, to: &str, found: Spread, others: Option<f64>) -> Judged {
        let noise = noise(found, others);
        let verdict = match noise {
            Some(_) => Verdict::Noisy,
            None if found.median <= at_most => Verdict::Met,
            None => Verdict::Missed,
        };
        let noise = noise.map_or(String::new(), |why| format!("; {why}"));
        Judged {
            verdict,
            goal: format!("at most {at_most:.2} of {to}"),
            found: format!("{:.2}{noise}", found.median),
        }
    }
}

/// Why the rounds tell too little, if they do.
fn noise(found: Spread, others: Option<f64>) -> Option<String> {
    if width(found) > APART {
        let percent = (width(found) * 100.0).round();
        return Some(format!("rounds differ by {percent} %"));
    }
    let busy = others.filter(|busy| *busy > BUSY)?;
    let percent = (busy * 100.0).round();
    Some(format!("others took {percent} % CPU"))
}

/// All goals of a row, judged.
pub fn judge(row: &Row, found: &Found) -> Vec<Judged> {
    let (entry, work) = (&row.entry, &row.work);
    let counts = found.counts.first().copied().unwrap_or_default();
    let bytes = found.bytes.first().copied().flatten();
    let counted = [
        (entry.instructions, "instructions", counts.instructions),
        (entry.allocations, "allocations", counts.allocations),
        (entry.system_calls, "system calls", counts.system_calls),
        (entry.bytes, "bytes", bytes.map(|bytes| bytes as f64)),
    ];
    let counted = counted.into_iter().filter_map(|(goal, thing, found)| {
        goal.map(|goal| Judged::count(goal, thing, found))
    });
    let mut all: Vec<Judged> = counted.collect();
    let Some(rounds) = &found.rounds else {
        return all;
    };
    let side = |name: &str| work.sides.iter().position(|it| it.name == name);
    for (to, at_most) in &entry.ratio {
        if let Some(ratio) = side(to).and_then(|other| rounds.ratio(0, other)) {
            all.push(Judged::ratio(*at_most, to, ratio, rounds.others));
        }
    }
    if let Some(beyond) = &entry.beyond
        && let (Some(than), Some(floor)) = (side(&beyond.than), side(&beyond.floor))
        && let Some(ratio) = rounds.ratio_beyond(0, than, floor)
    {
        let to = format!("{} less {}", beyond.than, beyond.floor);
        all.push(Judged::ratio(beyond.at_most, &to, ratio, rounds.others));
    }
    all
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Met => "met",
            Verdict::Missed => "missed",
            Verdict::Noisy => "noisy",
            Verdict::Uncounted => "–",
        };
        write!(f, "  {verdict:6}  {}: {}", self.goal, self.found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(low: f64, median: f64, high: f64) -> Spread {
        Spread { low, median, high }
    }

    #[test]
    fn a_ratio_is_judged_where_the_machine_was_quiet() {
        let quiet = spread(0.19, 0.19, 0.20);
        let judged = |at_most, spread, others| {
            let judged = Judged::ratio(at_most, "tokio", spread, others);
            (judged.verdict, judged.to_string())
        };
        assert_eq!(judged(0.20, quiet, Some(0.05)).0, Verdict::Met);
        assert_eq!(judged(0.18, quiet, Some(0.05)).0, Verdict::Missed);
        assert_eq!(judged(0.18, quiet, None).0, Verdict::Missed);
        for (noisy, others, why) in [
            (spread(0.10, 0.19, 0.20), None, "rounds differ by 53 %"),
            (quiet, Some(0.8), "others took 80 % CPU"),
        ] {
            for goal in [0.01, 9.0] {
                let (verdict, said) = judged(goal, noisy, others);
                assert_eq!(verdict, Verdict::Noisy);
                assert!(said.ends_with(why), "{said}");
            }
        }
    }

    #[test]
    fn a_count_is_judged_on_any_machine() {
        let judged = |found| Judged::count(1, "allocations", found).verdict;
        assert_eq!(judged(Some(1.0)), Verdict::Met);
        assert_eq!(judged(Some(1.002)), Verdict::Met);
        assert_eq!(judged(Some(1.1)), Verdict::Missed);
        assert_eq!(judged(None), Verdict::Uncounted);
    }
}
