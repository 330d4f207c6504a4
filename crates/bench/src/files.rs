//! A file that is read on other threads: chapter 14's beside tokio's, and with no loop at all.

use std::fs;
use std::path::PathBuf;

use event_loop::Clock;

use crate::row::{Side, Work};
use crate::timing::tokio;

/// How many bytes the file has.
const LENGTH: usize = 4096;

/// The rows of this file.
pub fn works() -> Vec<Work> {
    vec![Work {
        // What is counted on other threads is no figure of the loop's.
        counted: 0,
        ..Work::new(
            "file",
            10_000,
            vec![
                Side::new("ours", read),
                Side::new("tokio", tokio_read),
                Side::new("std", std_read),
            ],
        )
    }]
}

/// A file of this process, which goes with what is returned.
struct File(PathBuf);

impl File {
    fn new() -> File {
        let name = format!("taxi-bench-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::write(&path, [7; LENGTH]).expect("a file of 4 KiB");
        File(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.0));
    }
}

fn read(count: u64) -> u64 {
    let file = File::new();
    let read = threads::run(Clock::real(), async {
        let mut bytes = 0;
        for _ in 0..count {
            bytes += threads::fs::read(&file.0).await.expect("it is there").len();
        }
        bytes as u64
    });
    read.expect("a loop")
}

fn tokio_read(count: u64) -> u64 {
    let file = File::new();
    tokio().block_on(async {
        let mut bytes = 0;
        for _ in 0..count {
            bytes += tokio::fs::read(&file.0).await.expect("it is there").len();
        }
        bytes as u64
    })
}

fn std_read(count: u64) -> u64 {
    let file = File::new();
    let bytes = (0..count).map(|_| fs::read(&file.0).expect("it is there").len());
    bytes.sum::<usize>() as u64
}
