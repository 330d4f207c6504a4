//! Chapter 20's programs: `cargo run -p ch20-database -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: first;
}
