//! Chapter 16's programs: `cargo run -p ch16-cores -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: one_busy, in_turn, eight_callers, end_together, stays, mail, badly_divided, #[cfg(target_os = "linux")] serve, #[cfg(unix)] sums, #[cfg(unix)] hundred_names;
    steps: by_one_door;
    broken: own_core, blocked_core, one_listener;
    solutions: dispatcher, relay;
}
