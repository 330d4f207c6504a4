//! Chapter 11's programs: `cargo run -p ch11-streams -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: begin;
}
