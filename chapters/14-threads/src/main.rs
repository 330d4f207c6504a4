//! Chapter 14's programs: `cargo run -p ch14-threads -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: begin;
}
