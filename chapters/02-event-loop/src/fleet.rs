//! The taxis that a program is asked for: three, or a million.

use std::time::Duration;

use chapter::{Args, BadInput};
use trace::say;

use crate::taxi::LONGEST;
use crate::{Dice, Taxi, Time};

/// More taxis than this would fill the screen: they say nothing.
const TALKATIVE: u32 = 20;

/// More take gigabytes, and minutes.
const MOST_TAXIS: u32 = 10_000_000;

/// More take minutes, or hours.
const MOST_TRIPS: u64 = 100_000_000;

/// The trips of the usual three, and the seconds after which they leave.
const THREE: [(u32, u64); 3] = [(4, 0), (3, 3), (2, 4)];

/// Some taxis, which are made one by one as they start.
///
/// ```
/// let fleet = event_loop::Fleet::of(1000, 7);
/// assert_eq!(fleet.taxis().map(|taxi| taxi.trips()).max(), Some(4));
/// ```
#[derive(Debug, Clone)]
pub struct Fleet {
    /// How many, or `None` for the usual three.
    asked: Option<u32>,
    seed: u64,
    trips: Option<u32>,
    delay: u64,
}

impl Fleet {
    /// So many taxis, which leave within a minute and make 1 to 4 trips. If they are more than twenty, they say nothing.
    pub fn of(taxis: u32, seed: u64) -> Fleet {
        Fleet {
            asked: Some(taxis),
            seed,
            trips: None,
            delay: 60,
        }
    }

    /// The taxis that a program's flags ask for: `--taxis`, `--seed`, `--trips` and `--delay`, or the usual three.
    /// Those that will say nothing are announced.
    ///
    /// ```
    /// use chapter::{Args, BadInput};
    /// use event_loop::Fleet;
    ///
    /// /// A program with these four flags in its header.
    /// pub fn run(args: &Args) -> Result<(), BadInput> {
    ///     println!("{} taxis", Fleet::from_args(args)?.taxis().count());
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// If a flag has no number that it could mean, or no clock could hold that night.
    ///
    /// # Panics
    ///
    /// If the program's header does not declare these flags.
    pub fn from_args(args: &Args) -> Result<Fleet, BadInput> {
        let fleet = Fleet {
            asked: args.number("taxis", 1..=MOST_TAXIS)?,
            seed: args.number("seed", 0..=u64::MAX)?.unwrap_or(1),
            trips: args.number("trips", 0..=u32::MAX)?,
            delay: args.number("delay", 0..=u64::MAX)?.unwrap_or(60),
        };
        if fleet.all_trips() > MOST_TRIPS {
            return Err(BadInput::new(
                "--taxis and --trips: that night would have more than 100,000,000 trips",
            ));
        }
        if fleet.last_home().is_none() {
            return Err(BadInput::new(
                "--delay and --trips: that night could last longer than the clock's 584 years",
            ));
        }
        if fleet.is_silent() {
            say!("{} taxis, seed {}", fleet.size(), fleet.seed);
        }
        Ok(fleet)
    }

    /// Its taxis, in order, the same whenever they are asked for.
    pub fn taxis(self) -> impl Iterator<Item = Taxi> {
        (0..self.size()).map(move |number| self.taxi(number))
    }

    fn taxi(&self, number: u32) -> Taxi {
        let mut dice = Dice::new(self.seed.wrapping_add(u64::from(number) << 32));
        let (trips, delay) = match self.asked {
            None => THREE[number as usize],
            Some(_) => (1 + number % 4, dice.up_to(self.delay)),
        };
        let trips = self.trips.unwrap_or(trips);
        let taxi = Taxi::new(number, trips, Duration::from_secs(delay), dice);
        if self.is_silent() {
            taxi.silent()
        } else {
            taxi
        }
    }

    fn size(&self) -> u32 {
        self.asked.unwrap_or(3)
    }

    fn is_silent(&self) -> bool {
        self.size() > TALKATIVE
    }

    /// How many trips all of them make together, at most.
    fn all_trips(&self) -> u64 {
        u64::from(self.size()) * u64::from(self.trips.unwrap_or(4))
    }

    /// When the last of them is home at the latest, if that is a time at all.
    fn last_home(&self) -> Option<Time> {
        let waits = 2 * u64::from(self.trips.unwrap_or(4)) + 1;
        let seconds = waits.checked_mul(LONGEST)?.checked_add(self.delay)?;
        Time::ZERO.checked_add(Duration::from_secs(seconds))
    }
}
