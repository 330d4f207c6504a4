//! Chapter 7's programs: `cargo run -p ch07-readiness -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: would_block, select_loop, echo, half_close, slow_server, outside, busy, pluggable;
    steps: one_at_a_time;
    broken: one_read, lost_close, starved_timer;
    solutions: gives_up, daytime;
}
