//! Chapter 10's programs: `cargo run -p ch10-sync -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: race, mended, passed_on, event, lock, queue, fetches, in_line, condition, barrier, channels, between_threads, stackless, in_flight;
    steps: flag_in_a_loop;
    broken: one_waiter, barging, turn_kept, held_too_long, lock_twice, half_changed;
    solutions: two_at_once, car_wash;
}
