//! Chapter 5's programs: `cargo run -p ch05-timers -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: print_sum, sleep, handed_on, wall_clock, below, at_once, taxi, blocking_caller, timer, order, timeout,
        ticks, answered, deadlock, outside;
    steps: looking_at_the_clock;
    broken: a_thread_a_timer, rounded_down, by_place, leaky_timeout;
    solutions: long_work, silence;
}
