//! Chapter 8's programs: `cargo run -p ch08-task-cell -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: cancel_and_catch, before_it_begins, same_instant, scopes, put_aside, abort, leftovers, letters, second_call, late_wakers, panics, ctrl_c, where_they_wait;
    steps: one_wake;
    broken: polled_elsewhere, stale_bit, unlisted, cleanup_in_drop, swallowed, knot;
    solutions: two_calls_off, garage;
}
