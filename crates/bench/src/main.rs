//! Side-by-side benchmarks: what our code costs, as a ratio to something known.
//!
//! Two pieces of code that do the same work run in turns, A B A B …, each in the CPU time of this process. What is
//! compared is the ratio within a round: a machine that slows down for a second slows both. The median of the
//! rounds is the figure.
//!
//! ```sh
//! cargo run --release --manifest-path crates/bench/Cargo.toml
//! ```
#![forbid(unsafe_code)]

mod cell;
mod cell_costs;
mod rounds;
mod spawning;
mod taxi_futures;
mod taxi_loop;
mod timing;

use clap::Parser;
use rounds::{Figure, Row};
use std::process::ExitCode;

/// Compares our code with something known, in interleaved rounds of CPU time.
#[derive(Parser)]
struct Options {
    /// How many rounds of each row are counted, after one that is not.
    #[arg(long, default_value_t = 11, value_parser = clap::value_parser!(u32).range(1..1000))]
    rounds: u32,
    /// Only the rows whose name contains this.
    filter: Option<String>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let wanted = |row: &Row| {
        options
            .filter
            .as_ref()
            .is_none_or(|part| row.name.contains(part))
    };
    let all = [
        taxi_loop::rows(),
        timing::rows(),
        taxi_futures::rows(),
        spawning::rows(),
        cell::rows(),
        cell_costs::rows(),
    ];
    let rows: Vec<Row> = all.into_iter().flatten().filter(wanted).collect();
    if rows.is_empty() {
        eprintln!(
            "error: no row's name contains {:?}",
            options.filter.unwrap_or_default()
        );
        return ExitCode::from(2);
    }
    println!("{}", Figure::HEAD);
    let mut met = true;
    for row in rows {
        let figure = row.measure(options.rounds);
        met &= figure.met();
        println!("{figure}");
    }
    if met {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
