//! The programs of the finished runtime: `cargo run -p taxi-programs -- --list` names them.
#![forbid(unsafe_code)]

// Asked for because of its features alone.
use cores as _;

chapter::main! {
    programs: office, slow_turn, slow_callback, left_pending, swallowed, sleep_outside, loop_inside, live_view;
}
