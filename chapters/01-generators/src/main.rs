//! Chapter 1's programs: `cargo run -p ch01-generators -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: to_the_end, countdown, by_turns, meter, delegation, shifts, callbacks, stages;
    steps: on_a_thread, delegation_by_hand;
    broken: forgets_its_place, unprimed, resumed_after_the_end, late_fare;
    solutions: hurried, round_trip;
}
