//! Chapter 12's programs: `cargo run -p ch12-net -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: begin;
}
