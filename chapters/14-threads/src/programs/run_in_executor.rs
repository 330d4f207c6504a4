//! Blocking calls in the default pool and in a pool of one's own; a result, and a panic.
//!
//! rows: P30
//! twin: same

use std::thread;

use chapter::{Args, BadInput};
use event_loop::Clock;
use task_cell::JoinError;
use threads::{Pool, spawn_blocking};
use trace::say;

// ANCHOR: main
/// The fare as it stands in the ledger of the archive.
fn fare_of(ride: usize) -> u32 {
    [12, 7, 30][ride]
}

/// On which thread this runs: its name without the number.
fn thread_name() -> String {
    let thread = thread::current();
    let name = thread.name().unwrap_or("?");
    name.trim_end_matches(|it: char| it.is_ascii_digit() || "_- ".contains(it))
        .into()
}

async fn office() -> Result<(), JoinError> {
    say!("default pool: {}", spawn_blocking(|| fare_of(2)).await?);

    let archive = Pool::builder().name("archive").max_threads(2).build();
    say!("my own pool: {}", archive.run(|| fare_of(0)).await?);
    say!("on a thread named {}", archive.run(thread_name).await?);

    match archive.run(|| fare_of(3)).await {
        Ok(fare) => say!("the fare of ride 3: {fare}"),
        Err(JoinError::Panicked(_)) => say!("ride 3 is not in the ledger"),
        Err(JoinError::Cancelled) => say!("nobody cancels here"),
    }
    say!(
        "and the pool goes on: {}",
        archive.run(|| fare_of(1)).await?
    );
    Ok(())
}

pub fn run(_: &Args) -> Result<(), BadInput> {
    // The panic is told by whoever awaits the job.
    std::panic::set_hook(Box::new(|_| {}));
    let ended = threads::run(Clock::real(), office());
    let ended = ended.map_err(|error| BadInput::new(error.to_string()))?;
    ended.map_err(|error| BadInput::new(error.to_string()))
}
// ANCHOR_END: main
