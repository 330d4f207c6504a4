//! What chapter 15 promises.
#![cfg(unix)]

#[path = "processes/children.rs"]
mod children;
#[path = "processes/interrupted.rs"]
mod interrupted;
#[path = "processes/orphans.rs"]
mod orphans;
#[path = "processes/signals.rs"]
mod signals;

use std::fs;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use event_loop::Clock;

/// Signals, children and descriptors are the whole process's: one test at a time, also where it only starts a process
/// or reads a file, which takes a descriptor.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs `future` as the root of chapter 8's loop, alone.
#[track_caller]
fn run<T, F>(future: F) -> T
where
    F: Future<Output = io::Result<T>>,
{
    let _alone = alone();
    held(future)
}

/// As [`run`], where the test is alone already.
#[track_caller]
fn held<T, F>(future: F) -> T
where
    F: Future<Output = io::Result<T>>,
{
    net::run(Clock::real(), future).unwrap().unwrap()
}

/// How many descriptors are open.
fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

/// Whether this process has a child with this number: one that runs, or a zombie.
fn is_child(id: u32) -> bool {
    let Ok(stat) = fs::read_to_string(format!("/proc/{id}/stat")) else {
        return false;
    };
    // The program's name, in brackets, may contain anything.
    let (_, rest) = stat.rsplit_once(')').unwrap();
    let parent: u32 = rest.split_whitespace().nth(1).unwrap().parse().unwrap();
    parent == std::process::id()
}

/// Goes round the loop until this child was reaped. (One that never is makes the target end by its time limit.)
async fn reaped(id: u32) {
    while is_child(id) {
        polling::yield_now().await;
    }
}

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
