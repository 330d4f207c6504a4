//! Chapter 18's programs: `cargo run -p ch18-crawler -- --list` names them.
#![forbid(unsafe_code)]

chapter::main! {
    programs: first;
}
