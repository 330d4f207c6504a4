//! Files: written, read, and gone through line by line, on threads of the pool.
//!
//! twin: same

use std::env;
use std::io;
use std::path::Path;
use std::process;

use chapter::{Args, BadInput};
use event_loop::Clock;
use futures::io::BufReader;
use futures::{AsyncBufReadExt, AsyncWriteExt};
use streams::StreamExt;
use threads::fs::{self, File};
use trace::say;

// ANCHOR: main
async fn ledger(path: &Path) -> io::Result<()> {
    let mut file = File::create(path).await?;
    for fare in ["A 12\n", "B 7\n", "A 30\n"] {
        file.write_all(fare.as_bytes()).await?;
    }
    file.close().await?;

    let text = fs::read_to_string(path).await?;
    say!("{} bytes are in the ledger", text.len());

    let mut lines = BufReader::new(File::open(path).await?).lines();
    while let Some(line) = lines.next().await {
        say!("a line: {}", line?);
    }

    match fs::read(path.with_extension("old")).await {
        Ok(bytes) => say!("last year's: {} bytes", bytes.len()),
        Err(_) => say!("last year's: there is no such file"),
    }
    fs::remove_file(path).await
}
// ANCHOR_END: main

pub fn run(_: &Args) -> Result<(), BadInput> {
    let path = env::temp_dir().join(format!("ledger-{}.txt", process::id()));
    let ended = threads::run(Clock::real(), async { ledger(&path).await });
    ended
        .flatten()
        .map_err(|error| BadInput::new(error.to_string()))
}
