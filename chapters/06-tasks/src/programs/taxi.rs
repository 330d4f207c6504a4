//! The taxi simulation on tasks: chapter 2's night, line for line, or a fleet.
//!
//! rows: P19
//! twin: same
//! clock: virtual
//! flag: --taxis N  how many taxis, instead of the three
//! flag: --seed S  where the random waits start (1)
//! flag: --trips T  how many trips each makes (A 4, B 3, C 2; in a fleet 1 to 4)
//! flag: --delay D  a fleet leaves within this many seconds (60)

use std::fmt;
use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::{Clock, Dice, Taxi, TaxiName, Time};
use timers::{now, sleep};
use trace::say;

/// More taxis than this would fill the screen.
const TALKATIVE: u32 = 20;

/// A taxi that has not left yet.
struct Parked {
    name: TaxiName,
    trips: u32,
    delay: Duration,
    dice: Dice,
    /// Whether it says what it does: a million of them should not.
    speaks: bool,
}

// ANCHOR: night
impl Parked {
    fn says(&self, what: fmt::Arguments<'_>) {
        if self.speaks {
            say!("{:3} s  taxi {} {what}", now().as_secs(), self.name);
        }
    }

    /// Sleeps, and tells for how many seconds.
    async fn sleep(&self, wait: Duration) -> u64 {
        let asleep = now();
        sleep(wait).await;
        (now() - asleep).as_secs()
    }

    /// The same for a time nobody knows before: 0 to 10 seconds.
    async fn a_while(&mut self) -> u64 {
        let wait = Duration::from_secs(self.dice.up_to(10));
        self.sleep(wait).await
    }

    async fn night(mut self) {
        let delay = self.delay;
        self.says(format_args!("will leave the garage in {} s", delay.as_secs()));
        let after = self.sleep(delay).await;
        self.says(format_args!("leaves the garage after {after} s"));
        for _ in 0..self.trips {
            self.says(format_args!("hovers"));
            let after = self.a_while().await;
            self.says(format_args!("picks up a passenger after {after} s"));
            let after = self.a_while().await;
            self.says(format_args!("drops off a passenger after {after} s"));
        }
        self.says(format_args!("goes home"));
        let after = self.a_while().await;
        self.says(format_args!("is home after {after} s"));
    }
}
// ANCHOR_END: night

pub fn run(args: &Args) -> Result<(), BadInput> {
    let clock = if args.real() {
        Clock::real()
    } else {
        Clock::virtual_time()
    };
    // ANCHOR: run
    let fleet = fleet(args)?;
    let total = tasks::run(clock, async {
        let taxis: Vec<_> = fleet.map(|taxi| tasks::spawn(taxi.night())).collect();
        for taxi in taxis {
            taxi.await;
        }
        now()
    });
    // ANCHOR_END: run
    say!(
        "total: {} s, as long as the last taxi was out",
        total.as_secs()
    );
    Ok(())
}

/// The taxis asked for: those of chapter 2.
fn fleet(args: &Args) -> Result<impl Iterator<Item = Parked>, BadInput> {
    let asked: Option<u32> = args.number("taxis")?;
    let seed: u64 = args.number("seed")?.unwrap_or(1);
    let trips: Option<u32> = args.number("trips")?;
    let delay: u64 = args.number("delay")?.unwrap_or(60);
    let count = asked.unwrap_or(3);
    if count == 0 {
        return Err(BadInput::new("--taxis wants at least 1, not 0"));
    }
    let night =
        Taxi::longest_night(trips.unwrap_or(4)).and_then(|n| n.checked_add(delay));
    if night.is_none_or(|s| Time::ZERO.checked_add(Duration::from_secs(s)).is_none()) {
        return Err(BadInput::new(
            "--delay and --trips: that night could last longer than the clock's 584 years",
        ));
    }
    if count > TALKATIVE {
        say!("{count} taxis, seed {seed}");
    }
    Ok((0..count).map(move |number| {
        let mut dice = Dice::new(seed.wrapping_add(u64::from(number) << 32));
        let (usual, leaves) = match asked {
            None => ([4, 3, 2][number as usize], [0, 3, 4][number as usize]),
            Some(_) => (1 + number % 4, dice.up_to(delay)),
        };
        Parked {
            name: TaxiName(number),
            trips: trips.unwrap_or(usual),
            delay: Duration::from_secs(leaves),
            dice,
            speaks: count <= TALKATIVE,
        }
    }))
}
