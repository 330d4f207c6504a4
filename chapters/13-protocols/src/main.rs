//! Chapter 13's programs: `cargo run -p ch13-protocols -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: begin;
}
