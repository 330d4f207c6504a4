//! Chapter 4's programs: `cargo run -p ch04-wakers -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: handed_down, phone, polls, early_call, no_call, layers, any_moment, handed_on, two_calls, hangs_up;
    steps: flag_and_spin, orders, token, flag_and_park;
    broken: lost_call, check_then_register, first_waker, ignores_the_waker, spurious_error;
    solutions: one_after_the_other, switchboard;
}
