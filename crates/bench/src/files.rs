//! A file that is read on other threads: chapter 14's beside others', and with no loop at all.

use std::fs;
use std::path::PathBuf;

use event_loop::Clock;

use crate::peers::{Compio, Peer, Smol};
use crate::python;
use crate::row::{Side, Work};
use crate::timing::tokio;

/// How many bytes the file has.
const LENGTH: usize = 4096;

/// The rows of this file.
pub fn works() -> Vec<Work> {
    let mut sides = vec![
        Side::new("ours", read),
        Side::new("tokio", tokio_read),
        Side::of::<Smol>(smol_read),
        Side::of::<Compio>(compio_read),
    ];
    sides.extend(python::sides("file", 10));
    sides.push(Side::new("std", std_read));
    vec![Work {
        // What is counted on other threads is no figure of the loop's.
        counted: 0,
        ..Work::new("file", 10_000, sides)
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

fn smol_read(count: u64) -> u64 {
    let file = File::new();
    let path = file.0.clone();
    Smol::run(async move {
        let mut bytes = 0;
        for _ in 0..count {
            bytes += smol::fs::read(&path).await.expect("it is there").len();
        }
        bytes as u64
    })
}

/// By io_uring, if that is allowed here: then no thread takes part.
fn compio_read(count: u64) -> u64 {
    let file = File::new();
    let path = file.0.clone();
    Compio::run(async move {
        let mut bytes = 0;
        for _ in 0..count {
            #[cfg(target_os = "linux")]
            let read = compio::fs::read(&path).await;
            #[cfg(not(target_os = "linux"))]
            let read = fs::read(&path);
            bytes += read.expect("it is there").len();
        }
        bytes as u64
    })
}

fn std_read(count: u64) -> u64 {
    let file = File::new();
    let bytes = (0..count).map(|_| fs::read(&file.0).expect("it is there").len());
    bytes.sum::<usize>() as u64
}
