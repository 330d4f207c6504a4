//! Chapter 2's programs: `cargo run -p ch02-event-loop -- --list` names them.
chapter::main! {
    programs: one_by_one, taxi, rush_hour, late, breakdown, report;
    steps: looking_at_all;
    broken: max_heap, ties, stale_id;
    solutions: impatient, two_clocks;
}
