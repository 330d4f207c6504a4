//! Chapter 17's programs: `cargo run -p ch17-web -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: first;
}
