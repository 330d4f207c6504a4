//! What may go wrong, and when.

use std::fmt;
use std::time::Duration;

use fastrand::Rng;

use taxi::Time;

use crate::event::seed_for;

/// Something that goes wrong for a while.
///
/// ```
/// use simulation::Fault;
///
/// let fault = Fault::Cut { from: "a".into(), to: "b".into() };
/// assert_eq!(fault.to_string(), "nothing gets from a to b");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Nothing gets from one host to another; the other way it does.
    Cut {
        /// The host that is not heard.
        from: String,
        /// The host that does not hear.
        to: String,
    },
    /// Nothing gets from these hosts to all others, nor back.
    Partition(Vec<String>),
    /// The host loses its power: all its tasks are gone, its peers hear nothing, and what its disk has not synced may be
    /// lost. At the end it starts again.
    Crash(String),
    /// The host's program is ended: its tasks are gone, its peers' streams are reset, its disk has everything. At the
    /// end it starts again.
    Kill(String),
    /// The host's clock runs wrong: faster, by so many millionths, or slower.
    Drift {
        /// Whose clock.
        host: String,
        /// Millionths of a second that it gains in a second.
        ppm: i32,
    },
}

/// A fault, when it begins, and how long it lasts.
///
/// ```
/// use simulation::{Fault, Planned};
/// use taxi::Time;
/// use std::time::Duration;
///
/// let planned = Planned {
///     at: Time::from_secs(3),
///     lasts: Duration::from_millis(500),
///     fault: Fault::Crash("b".into()),
/// };
/// assert_eq!(planned.to_string(), "at 3.000 s, for 0.500 s: b loses its power");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Planned {
    /// When it begins.
    pub at: Time,
    /// After how long it is over.
    pub lasts: Duration,
    /// What goes wrong.
    pub fault: Fault,
}

/// So many faults among `hosts`, of every kind, each beginning within `time` and lasting a tenth of it at most: those of
/// this seed.
///
/// ```
/// use std::time::Duration;
///
/// let hour = Duration::from_secs(3600);
/// let faults = simulation::faults(7, &["a", "b", "c"], 20, hour);
/// assert_eq!(faults.len(), 20);
/// assert_eq!(faults, simulation::faults(7, &["a", "b", "c"], 20, hour));
/// assert!(faults.is_sorted_by_key(|it| it.at));
/// ```
///
/// # Panics
///
/// If there are fewer than two hosts.
pub fn faults(seed: u64, hosts: &[&str], count: usize, time: Duration) -> Vec<Planned> {
    assert!(hosts.len() > 1, "a network has two hosts at least");
    let mut dice = Rng::with_seed(seed_for(seed, &["faults"]));
    let mut faults: Vec<_> = (0..count)
        .map(|_| Planned {
            at: Time::ZERO.saturating_add(time.mul_f64(dice.f64())),
            lasts: time.mul_f64(dice.f64() / 10.0),
            fault: any_fault(&mut dice, hosts),
        })
        .collect();
    faults.sort_by_key(|it| it.at);
    faults
}

fn any_fault(dice: &mut Rng, hosts: &[&str]) -> Fault {
    let mut hosts: Vec<String> = hosts.iter().map(|it| it.to_string()).collect();
    dice.shuffle(&mut hosts);
    let [one, other] = [hosts[0].clone(), hosts[1].clone()];
    match dice.u8(0..5) {
        0 => Fault::Cut {
            from: one,
            to: other,
        },
        1 => {
            hosts.truncate(dice.usize(1..hosts.len()));
            hosts.sort();
            Fault::Partition(hosts)
        }
        2 => Fault::Crash(one),
        3 => Fault::Kill(one),
        _ => Fault::Drift {
            host: one,
            ppm: dice.i32(-50_000..=50_000),
        },
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Cut { from, to } => write!(f, "nothing gets from {from} to {to}"),
            Fault::Partition(side) => {
                write!(f, "{} cut off from the others", side.join(", "))
            }
            Fault::Crash(host) => write!(f, "{host} loses its power"),
            Fault::Kill(host) => write!(f, "{host}'s program is ended"),
            Fault::Drift { host, ppm } => write!(f, "{host}'s clock drifts by {ppm} ppm"),
        }
    }
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (at, lasts) = (self.at.as_nanos() as f64 / 1e9, self.lasts.as_secs_f64());
        write!(f, "at {at:.3} s, for {lasts:.3} s: {}", self.fault)
    }
}
