//! Chapter 19's programs, and the load tester: `cargo run -p ch19-load-test -- --list` names them.
#![forbid(unsafe_code)]

use load_test::TOOL;

chapter::main! {
    tool = TOOL;
    programs: get, upload, errors, closed_loop, open_loop, stalls, omission, advice;
    broken: mean_of_percentiles, timeouts_left_out, a_connection_each;
    solutions: think_time, capacity;
}
