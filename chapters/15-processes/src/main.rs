//! Chapter 15's programs: `cargo run -p ch15-processes -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: #[cfg(unix)] child, #[cfg(unix)] output, #[cfg(unix)] communicate, #[cfg(unix)] dialogue, #[cfg(unix)] ticks, #[cfg(unix)] goes_on, #[cfg(unix)] pipeline, #[cfg(unix)] told_once, #[cfg(unix)] thousand_signals, #[cfg(unix)] ctrl_c, #[cfg(unix)] twice, #[cfg(unix)] drain;
    broken: #[cfg(unix)] full_pipe, #[cfg(unix)] kept_pipe, #[cfg(unix)] blocking_wait, #[cfg(target_os = "linux")] zombies, #[cfg(unix)] anybodys;
    solutions: #[cfg(unix)] limited, #[cfg(unix)] reload;
}
