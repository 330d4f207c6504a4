//! Chapter 9's programs: `cargo run -p ch09-combinators -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: begin;
}
