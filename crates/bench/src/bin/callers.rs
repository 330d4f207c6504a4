//! Calls the server of a row, such as `echo` and `hello`, which starts it.
#![forbid(unsafe_code)]

use std::env;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let words: Vec<String> = env::args().skip(1).collect();
    let [spoken, address, connections, rounds] = &*words else {
        bail!("usage: callers WORDS ADDRESS CONNECTIONS ROUNDS");
    };
    bench::callers::call(
        spoken.parse()?,
        address,
        connections.parse()?,
        rounds.parse()?,
    )
}
