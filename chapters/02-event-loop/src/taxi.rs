//! The taxi of the simulation: a coroutine of six stops.

use std::fmt;
use std::time::Duration;

use generators::{Coroutine, CoroutineState};
use trace::say;

use crate::{Dice, Time};

/// The longest a passenger lets a taxi wait, or a trip lasts, in seconds.
pub(crate) const LONGEST: u64 = 10;

// ANCHOR: taxi
/// Leaves the garage after a delay, makes its trips, drives home.
///
/// It yields the moment at which it wants to go on, and is sent the present moment.
///
/// ```
/// use event_loop::{Dice, Taxi, Time};
/// use generators::{Coroutine, CoroutineState};
/// use std::time::Duration;
///
/// let mut taxi = Taxi::new(0, 4, Duration::from_secs(3), Dice::new(1));
/// taxi.says(Time::ZERO, format_args!("is washed"));
/// assert!(taxi.a_while() <= Duration::from_secs(10));
/// // Primed, it says when it wants to leave the garage.
/// assert_eq!(taxi.resume(Time::ZERO), CoroutineState::Yielded(Time::from_secs(3)));
/// ```
#[derive(Debug)]
pub struct Taxi {
    name: TaxiName,
    trips: u32,
    /// When it fell asleep.
    asleep: Time,
    delay: Duration,
    dice: Dice,
    place: Place,
    /// Whether it says what it does: a million of them should not.
    speaks: bool,
}

#[derive(Debug, Clone, Copy)]
enum Place {
    Start,
    Garage,
    Hovering,
    Driving,
    GoingHome,
    Home,
}
// ANCHOR_END: taxi

/// A taxi's number, shown as a letter while there are letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct TaxiName(u32);

impl fmt::Display for TaxiName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match u8::try_from(self.0) {
            Ok(n @ 0..26) => write!(f, "{}", char::from(b'A' + n)),
            _ => write!(f, "{}", self.0 + 1),
        }
    }
}

impl Taxi {
    /// Taxi number `name`, which leaves `delay` after its start and makes `trips` trips, whose lengths are rolled
    /// with `dice`.
    pub fn new(name: u32, trips: u32, delay: Duration, dice: Dice) -> Taxi {
        let (name, asleep, speaks) = (TaxiName(name), Time::ZERO, true);
        Taxi {
            name,
            trips,
            asleep,
            delay,
            dice,
            place: Place::Start,
            speaks,
        }
    }

    /// The same taxi, but it says nothing.
    pub fn silent(self) -> Taxi {
        Taxi {
            speaks: false,
            ..self
        }
    }

    /// Its name, as it says it.
    pub fn name(&self) -> impl fmt::Display {
        self.name
    }

    /// How many trips it has before it.
    pub fn trips(&self) -> u32 {
        self.trips
    }

    /// How long it stays in the garage.
    pub fn delay(&self) -> Duration {
        self.delay
    }

    /// Says what it does, with the time in front.
    pub fn says(&self, now: Time, what: fmt::Arguments<'_>) {
        if self.speaks {
            say!("{:3} s  taxi {} {what}", now.as_secs(), self.name);
        }
    }

    // ANCHOR: sleep
    /// Stops here, to be resumed at `place` after `wait`.
    #[track_caller]
    fn sleep(
        &mut self,
        now: Time,
        wait: Duration,
        place: Place,
    ) -> CoroutineState<Time, ()> {
        self.asleep = now;
        self.place = place;
        trace::suspended(trace::here(), "yield");
        CoroutineState::Yielded(now.saturating_add(wait))
    }

    /// The same, for a time that nobody knows beforehand.
    #[track_caller]
    fn sleep_a_while(&mut self, now: Time, place: Place) -> CoroutineState<Time, ()> {
        let wait = self.a_while();
        self.sleep(now, wait, place)
    }

    /// Rolls the next wait: 0 to 10 seconds.
    pub fn a_while(&mut self) -> Duration {
        Duration::from_secs(self.dice.up_to(LONGEST))
    }
    // ANCHOR_END: sleep

    // ANCHOR: hover
    /// Looks for a passenger, or goes home after the last trip.
    fn hover(&mut self, now: Time) -> CoroutineState<Time, ()> {
        if self.trips == 0 {
            self.says(now, format_args!("goes home"));
            return self.sleep_a_while(now, Place::GoingHome);
        }
        self.trips -= 1;
        self.says(now, format_args!("hovers"));
        self.sleep_a_while(now, Place::Hovering)
    }
    // ANCHOR_END: hover
}

impl Coroutine<Time> for Taxi {
    type Yield = Time;
    type Return = ();

    // ANCHOR: resume
    fn resume(&mut self, now: Time) -> CoroutineState<Time, ()> {
        let after = (now - self.asleep).as_secs();
        match self.place {
            Place::Start => {
                trace::name(format_args!("taxi {}", self.name));
                let delay = self.delay.as_secs();
                self.says(now, format_args!("will leave the garage in {delay} s"));
                self.sleep(now, self.delay, Place::Garage)
            }
            Place::Garage => {
                self.says(now, format_args!("leaves the garage after {after} s"));
                self.hover(now)
            }
            Place::Hovering => {
                self.says(now, format_args!("picks up a passenger after {after} s"));
                self.sleep_a_while(now, Place::Driving)
            }
            Place::Driving => {
                self.says(now, format_args!("drops off a passenger after {after} s"));
                self.hover(now)
            }
            Place::GoingHome => {
                self.says(now, format_args!("is home after {after} s"));
                self.place = Place::Home;
                CoroutineState::Complete(())
            }
            Place::Home => panic!("taxi {} resumed after completion", self.name),
        }
    }
    // ANCHOR_END: resume
}
