//! Chapter 11's programs: `cargo run -p ch11-streams -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: ticker, counter, orders, generator, three_items, both_ways, first_error, resource, transaction, several, four_ends, called_off, merge, pipeline;
    steps: all_at_once, a_slot;
    broken: dropped_half_way, exit_in_drop;
    solutions: on_time, bridge;
}
