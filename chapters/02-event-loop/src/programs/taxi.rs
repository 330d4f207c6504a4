//! The taxi simulation: three taxis and one clock, or a million.
//!
//! Three taxis tell what they do; so do up to twenty. More of them only count.
//!
//! rows: P19
//! twin: same
//! clock: virtual
//! flag: --taxis N  how many taxis, instead of the three
//! flag: --seed S  where the random waits start (1)
//! flag: --trips T  how many trips each makes (A 4, B 3, C 2; in a fleet 1 to 4)
//! flag: --delay D  a fleet leaves within this many seconds (60)

use std::time::Duration;

use chapter::{Args, BadInput};
use event_loop::{Clock, Dice, EventLoop, Taxi, Time};
use trace::say;

/// More taxis than this would fill the screen.
const TALKATIVE: u32 = 20;

// ANCHOR: run
pub fn run(args: &Args) -> Result<(), BadInput> {
    let clock = if args.real() {
        Clock::real()
    } else {
        Clock::virtual_time()
    };
    let mut event_loop = EventLoop::new(clock);
    for taxi in fleet(args)? {
        event_loop.start(taxi);
    }
    let total = event_loop.run();
    say!(
        "total: {} s, as long as the last taxi was out",
        total.as_secs()
    );
    Ok(())
}
// ANCHOR_END: run

/// The taxis asked for, made one by one as they start.
fn fleet(args: &Args) -> Result<impl Iterator<Item = Taxi>, BadInput> {
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
        let taxi = Taxi::new(
            number,
            trips.unwrap_or(usual),
            Duration::from_secs(leaves),
            dice,
        );
        if count > TALKATIVE {
            taxi.silent()
        } else {
            taxi
        }
    }))
}
