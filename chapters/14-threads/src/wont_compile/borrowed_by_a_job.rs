//! A job that borrows from the task which awaits it.

use threads::spawn_blocking;

pub async fn total(fares: Vec<u32>) -> u32 {
    let job = spawn_blocking(|| fares.iter().sum());
    job.await.unwrap_or_default()
}
