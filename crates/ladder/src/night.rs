//! The taxis of the simulation, for whoever lets them drive: as coroutines in chapter 2, as tasks in chapter 7.

use std::time::Duration;

use crate::say;

/// The longest that a taxi waits, in seconds.
const LONGEST: u64 = 10;

/// A taxi on its way. It knows what it does next, and leaves it to others to wait.
#[derive(Debug)]
pub struct Taxi {
    name: char,
    trips: u32,
    delay: u64,
    dice: u64,
    asleep: Duration,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Start,
    Garage,
    Hovering,
    Driving,
    GoingHome,
    Home,
}

impl Taxi {
    /// The three taxis of the night in the book.
    pub fn three() -> [Taxi; 3] {
        [('A', 4, 0), ('B', 3, 3), ('C', 2, 4)].map(|(name, trips, delay)| Taxi {
            name,
            trips,
            delay,
            // A seed of its own for each.
            dice: 1 + (u64::from(name as u32 - 'A' as u32) << 32),
            asleep: Duration::ZERO,
            place: Place::Start,
        })
    }

    /// Does what comes next at the moment `now`; when it wants to go on, or `None` if it is home.
    ///
    /// # Panics
    ///
    /// If it is home already.
    pub fn go_on(&mut self, now: Duration) -> Option<Duration> {
        let after = now.saturating_sub(self.asleep).as_secs();
        let wait = match self.place {
            Place::Start => {
                let delay = self.delay;
                self.says(now, &format!("will leave the garage in {delay} s"));
                self.place = Place::Garage;
                delay
            }
            Place::Garage => {
                self.says(now, &format!("leaves the garage after {after} s"));
                self.hover(now)
            }
            Place::Hovering => {
                self.says(now, &format!("picks up a passenger after {after} s"));
                self.place = Place::Driving;
                self.roll()
            }
            Place::Driving => {
                self.says(now, &format!("drops off a passenger after {after} s"));
                self.hover(now)
            }
            Place::GoingHome => {
                self.says(now, &format!("is home after {after} s"));
                self.place = Place::Home;
                return None;
            }
            Place::Home => panic!("taxi {} resumed after completion", self.name),
        };
        self.asleep = now;
        Some(now + Duration::from_secs(wait))
    }

    /// Looks for a passenger, or goes home after the last trip; how long that takes.
    fn hover(&mut self, now: Duration) -> u64 {
        if self.trips == 0 {
            self.says(now, "goes home");
            self.place = Place::GoingHome;
        } else {
            self.trips -= 1;
            self.says(now, "hovers");
            self.place = Place::Hovering;
        }
        self.roll()
    }

    fn says(&self, now: Duration, what: &str) {
        say(format_args!(
            "{:3} s  taxi {} {what}",
            now.as_secs(),
            self.name
        ));
    }

    /// Rolls the next wait, as chapter 2's dice do: 0 to 10 seconds.
    fn roll(&mut self) -> u64 {
        self.dice = self.dice.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.dice;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        ((u128::from(z) * u128::from(LONGEST + 1)) >> 64) as u64
    }
}
