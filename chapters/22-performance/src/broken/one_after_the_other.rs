//! First all of ours, then all of theirs: the machine becomes slow half-way, and the same work takes twice as long.
//!
//! twin: none, it would be the same in any language

use chapter::{Args, BadInput};
use trace::say;

// ANCHOR: main
/// Seconds that a round takes. From 5 on, others want the machine, too.
fn round(now: u64) -> u64 {
    if now >= 5 { 2 } else { 1 }
}

fn five_rounds(now: &mut u64) -> u64 {
    let start = *now;
    for _ in 0..5 {
        *now += round(*now);
    }
    *now - start
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    let mut now = 0;
    let (ours, theirs) = (five_rounds(&mut now), five_rounds(&mut now));
    say!("ours: {ours} s, theirs: {theirs} s");
    say!("theirs takes {:.2} of ours", theirs as f64 / ours as f64);
    Ok(())
}
// ANCHOR_END: main
