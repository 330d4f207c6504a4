//! Calls the echo of the rows `echo` and `echo-1000`, which starts it.
#![forbid(unsafe_code)]

use std::env;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let words: Vec<String> = env::args().skip(1).collect();
    let [address, connections, rounds] = &*words else {
        bail!("usage: callers ADDRESS CONNECTIONS ROUNDS");
    };
    bench::callers::call(address, connections.parse()?, rounds.parse()?)
}
