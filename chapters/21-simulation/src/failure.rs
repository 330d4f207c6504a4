//! How a simulation ends.

use std::error::Error;
use std::fmt;
use std::time::Duration;

/// How a host's program ends: an error ends the simulation.
pub type Outcome = Result<(), Box<dyn Error>>;

/// Why a simulation has ended before its clients had.
///
/// ```
/// use simulation::{Failure, Simulation};
///
/// let mut simulation = Simulation::new(1);
/// simulation.client("a", async |_| Err("no fuel".into()));
/// let failure = simulation.run().unwrap_err();
/// assert_eq!(failure, Failure::Failed { host: "a".into(), error: "no fuel".into() });
/// assert_eq!(failure.to_string(), "a: no fuel");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The program of this host has returned an error.
    Failed {
        /// Whose program.
        host: String,
        /// What it says.
        error: String,
    },
    /// The program of this host, or one of its tasks, has panicked.
    Panicked {
        /// Whose program.
        host: String,
        /// What the panic says.
        message: String,
    },
    /// Nothing can ever happen again.
    Deadlock {
        /// Who waits where.
        waiting: String,
    },
    /// The clients were not done when so much time had passed.
    TooLong(Duration),
    /// The tasks of this host ran, again and again, without an end, while the clock stood still.
    Busy {
        /// Whose tasks.
        host: String,
    },
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Failed { host, error } => write!(f, "{host}: {error}"),
            Failure::Panicked { host, message } => {
                write!(f, "{host} panicked: {message}")
            }
            Failure::Deadlock { waiting } => {
                write!(f, "nothing can happen any more; waiting: {waiting}")
            }
            Failure::TooLong(limit) => write!(f, "no end within {limit:?}"),
            Failure::Busy { host } => {
                write!(f, "{host} is busy for ever, while the clock stands still")
            }
        }
    }
}

impl Error for Failure {}
