//! Chapter 10's programs: `cargo run -p ch10-sync -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: race;
    steps: flag_in_a_loop;
    broken: one_waiter, turn_kept, barging;
}
