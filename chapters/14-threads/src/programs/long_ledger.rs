//! Three MiB in one `write`, which takes one of them; and in a `write_all`, which comes back for the rest.
//!
//! twin: none, Python's files take all of it, and block

use std::env;
use std::io;
use std::path::Path;
use std::process;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures::AsyncWriteExt;
use threads::fs::{self, File};
use trace::say;

// ANCHOR: main
async fn ledger(path: &Path) -> io::Result<()> {
    let fares: Vec<u8> = (0..3 << 20).map(|n: u32| (n % 251) as u8).collect();
    let mut file = File::create(path).await?;
    let taken = file.write(&fares).await?;
    say!(
        "taken at once: {} KiB of {}",
        taken >> 10,
        fares.len() >> 10
    );
    file.write_all(&fares[taken..]).await?;
    file.close().await?;

    let kept = fs::read(path).await?;
    say!("in the ledger: {} KiB", kept.len() >> 10);
    say!("the same bytes: {}", kept == fares);
    fs::remove_file(path).await
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    let path = env::temp_dir().join(format!("long-ledger-{}", process::id()));
    let ended = threads::run(Clock::real(), async { ledger(&path).await });
    ended
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
