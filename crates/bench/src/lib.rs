//! Side-by-side benchmarks: what the chapters' code costs, beside something known.
//!
//! Every row has some sides that do the same work: ours, another runtime's, and the least that the work can cost. What
//! can be counted is counted: instructions, allocations, system calls. Times are CPU times of interleaved rounds, A B C
//! A B C …, and what is compared is the ratio within a round: a machine that slows down for a second slows them all.
//!
//! ```sh
//! cargo run -- bench spawn
//! ```
//!
//! - [`row`]: what there is to measure, with the goals of `rows.toml`.
//! - [`rounds`], [`others`]: times, and how quiet the machine was.
//! - [`counts`]: what is counted.
//! - [`callers`]: who calls the servers, from a process of its own.
//! - [`peers`], [`python`]: the runtimes that do the same work.
//! - [`judge`], [`table`], [`record`]: what came of it, how it is shown, and how it is kept. The format of what is kept
//!   is told in [`catalogue::measured`], where the book reads it.
#![forbid(unsafe_code)]

pub mod callers;
pub mod counts;
pub mod judge;
pub mod others;
pub mod peers;
pub mod python;
pub mod record;
pub mod rounds;
pub mod row;
pub mod table;

mod bare;
mod cell;
mod cell_costs;
mod combining;
mod connections;
mod echo;
mod echo_peers;
mod files;
mod hello;
mod idle;
mod many_cores;
mod simulating;
mod spawning;
mod streaming;
mod sync;
mod taxi_futures;
mod taxi_loop;
mod threading;
mod timing;

/// The code of all rows.
fn works() -> Vec<row::Work> {
    let all = [
        taxi_loop::works(),
        timing::works(),
        taxi_futures::works(),
        spawning::works(),
        cell::works(),
        cell_costs::works(),
        combining::works(),
        echo::works(),
        idle::works(),
        connections::works(),
        files::works(),
        hello::works(),
        streaming::works(),
        sync::works(),
        threading::works(),
        many_cores::works(),
        simulating::works(),
    ];
    all.into_iter().flatten().collect()
}
