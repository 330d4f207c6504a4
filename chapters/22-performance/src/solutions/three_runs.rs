//! Three runs of the same comparison. The one to tell is the one in the middle.

use std::cell::{Cell, RefCell};

use chapter::{Args, BadInput};
use event_loop::{Dice, Time};
use performance::{Side, compare};
use trace::say;

/// The ratio of a run on a machine whose others come and go by chance.
fn one_run(seed: u64) -> Result<f64, BadInput> {
    let (now, dice) = (Cell::new(0), RefCell::new(Dice::new(seed)));
    let work = |nanos: u64| {
        // Now and then somebody else has the core for as long as the work takes.
        let others = dice.borrow_mut().up_to(3) / 3;
        now.set(now.get() + nanos * (1 + others));
        "done".to_string()
    };
    let mut sides = [
        Side::new("ours", || work(100)),
        Side::new("theirs", || work(150)),
    ];
    let rounds = compare(&|| Time::from_nanos(now.get()), 5, &mut sides);
    let rounds = rounds.map_err(|error| BadInput::new(error.to_string()))?;
    let ratio = rounds.ratio("theirs", "ours");
    say!(
        "{:.2} ({:.2} to {:.2})",
        ratio.median,
        ratio.low,
        ratio.high
    );
    Ok(ratio.median)
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut ratios = [one_run(1)?, one_run(2)?, one_run(3)?];
    ratios.sort_by(f64::total_cmp);
    say!("the middle run: {:.2}", ratios[1]);
    Ok(())
}
