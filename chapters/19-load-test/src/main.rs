//! Chapter 19's programs: `cargo run -p ch19-load-test -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: first;
}
