//! Chapter 16's programs: `cargo run -p ch16-cores -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: begin;
}
