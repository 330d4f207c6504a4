//! Chapter 11's programs: `cargo run -p ch11-streams -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: ticker, counter, generator, orders, first_error, stop_early, transaction, back_pressure, three_items, two_at_once, given_up, both_ways, four_ends, resource, several, called_off, pipeline, merge, in_flight, iterator_ends;
    steps: all_at_once, by_a_queue, a_slot;
    broken: dropped_half_way, slot_in_a_join, exit_in_drop, unbounded_buffer;
    solutions: on_time, bridge;
}
