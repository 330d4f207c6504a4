//! The mean of three rounds' percentiles is the percentile of nothing.
//!
//! twin: none, it is arithmetic and awaits nothing

use std::time::Duration;

use chapter::{Args, BadInput};
use load_test::{Latencies, short};
use trace::say;

// ANCHOR: main
pub fn run(_: &Args) -> Result<(), BadInput> {
    // In the second round the server was busy, and few requests came through.
    let rounds = [(1000, 10), (10, 5000), (1000, 10)];
    let (mut sum, mut all) = (Duration::ZERO, Latencies::new());
    for (requests, millis) in rounds {
        let mut round = Latencies::new();
        (0..requests).for_each(|_| round.record(Duration::from_millis(millis)));
        let p99 = round.quantile(0.99);
        say!("{requests:>4} requests, p99 {}", short(p99));
        sum += p99;
        all.add(&round);
    }
    say!("the mean of the three:  {}", short(sum / 3));
    say!("p99 of all requests:    {}", short(all.quantile(0.99)));
    say!("p99.9 of all requests:  {}", short(all.quantile(0.999)));
    Ok(())
}
// ANCHOR_END: main
