//! Chapter 15's programs: `cargo run -p ch15-processes -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: begin;
}
