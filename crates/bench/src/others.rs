//! How busy other processes keep the machine while we measure. A busy neighbour slows one side more than another,
//! evenly in every round, so that the spread of the rounds alone does not show it.

use std::fs;
use std::num::NonZero;
use std::thread;
use std::time::Instant;

/// How long a tick of `/proc/stat` is: `USER_HZ` is 100 wherever Linux tells it to programs.
const TICK: f64 = 0.01;

/// A moment, and how much had been done by then.
pub struct Others {
    at: Instant,
    /// Seconds that all cores were busy, since the machine started.
    all: Option<f64>,
    /// Seconds of this process, and of children that have ended.
    ours: Option<f64>,
}

impl Others {
    /// Begins to watch.
    pub fn watch() -> Others {
        let read = |file| fs::read_to_string(file).ok();
        Others {
            at: Instant::now(),
            all: read("/proc/stat").and_then(|it| busy(&it)),
            ours: read("/proc/self/stat").and_then(|it| used(&it)),
        }
    }

    /// The part of all cores that other processes have kept busy since. `None`: this system does not tell, or it was
    /// too short.
    pub fn busy(&self) -> Option<f64> {
        let (wall, now) = (self.at.elapsed().as_secs_f64(), Others::watch());
        let others = (now.all? - self.all?) - (now.ours? - self.ours?);
        let cores = thread::available_parallelism().map_or(1, NonZero::get) as f64;
        (wall > 20.0 * TICK).then(|| (others / (wall * cores)).max(0.0))
    }
}

/// The seconds that the first line of `/proc/stat` counts as busy: all but those idle and waiting for a disk.
fn busy(stat: &str) -> Option<f64> {
    let mut words = stat.lines().next()?.split_whitespace();
    (words.next()? == "cpu").then_some(())?;
    // user, nice, system, idle, iowait, irq, softirq, steal; what follows is in user and nice already.
    let ticks: Vec<f64> = words.map_while(|word| word.parse().ok()).take(8).collect();
    let idle = ticks.get(3..5)?.iter().sum::<f64>();
    Some((ticks.iter().sum::<f64>() - idle) * TICK)
}

/// The seconds that `/proc/self/stat` counts: fields 14 to 17, of which the second, a name in parentheses, may hold
/// spaces.
fn used(stat: &str) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(") ")?;
    let ticks = rest.split_whitespace().skip(11).take(4);
    let ticks: Vec<f64> = ticks.map_while(|word| word.parse().ok()).collect();
    (ticks.len() == 4).then(|| ticks.iter().sum::<f64>() * TICK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_idle_or_ours_is_not_others() {
        let stat = "cpu  100 20 30 4000 500 6 7 8 90 1\ncpu0 1 2 3 4 5 6 7 8 0 0\n";
        let seconds = busy(stat).unwrap();
        assert!((seconds - 1.71).abs() < 1e-9, "{seconds}");
        assert_eq!(busy("intr 1"), None);
        let stat = "7 (a b) c) R 1 2 3 4 5 6 7 8 9 10 100 20 3 4 20 0 1 0 99\n";
        let seconds = used(stat).unwrap();
        assert!((seconds - 1.27).abs() < 1e-9, "{seconds}");
        assert_eq!(used("7 (a) R 1 2"), None);
        assert_eq!(busy(""), None);
    }
}
