//! Chapter 2's programs: `cargo run -p ch02-event-loop -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: one_by_one, taxi, rush_hour, late, breakdown, old_names, report;
    steps: looking_at_all;
    broken: max_heap, ties, stale_id, jumps_the_queue;
    solutions: impatient, two_clocks;
}
