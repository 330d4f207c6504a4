//! How long a test may take, and how thorough it is.
//!
//! Nothing that is right comes near a limit, so they are wide: a machine may be busy with other things. What reaches
//! one hangs, and the process is ended, since nothing else gets out of a lock that is held or a sleep that nobody ends.

use std::env;
use std::io::{self, Write};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::process::BUILD_LIMIT;

/// How long a test with a [`watchdog`] may take.
const ONE_TEST: Duration = Duration::from_secs(60);

/// How long a trial may take: it may build, and wait for another one's build.
pub(crate) const ONE_TRIAL: Duration = Duration::from_secs(2 * BUILD_LIMIT.as_secs());

/// Whether tests are to do all they can. `.ci/run` sets `WORKBOOK_THOROUGH=1`. In `cargo test`, what is slow for its
/// thoroughness takes a quick form: see *Tests and their time* in CONTRIBUTING.md.
pub fn thorough() -> bool {
    env::var("WORKBOOK_THOROUGH").is_ok_and(|value| value == "1")
}

/// `full` where tests are [`thorough`], otherwise `quick`.
pub fn quick_or_full<T>(quick: T, full: T) -> T {
    if thorough() { full } else { quick }
}

/// Ends the test process if what it returns lives for more than a minute.
///
/// Every [`Contract`](crate::harness::Contract) has one. Tests of your own that could hang begin with
/// `let _watchdog = watchdog();`.
#[must_use = "it watches as long as it lives"]
pub fn watchdog() -> mpsc::Sender<()> {
    let name = thread::current().name().unwrap_or("a test").to_string();
    end_process(name, ONE_TEST)
}

/// Runs `test` on a thread of its own, and fails if it takes more than a minute.
///
/// # Panics
///
/// With the panic of `test`, or because it is still running.
pub fn limited<T: Send + 'static>(test: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    let thread = thread::spawn(move || drop(sender.send(test())));
    match receiver.recv_timeout(ONE_TEST) {
        Ok(value) => value,
        Err(RecvTimeoutError::Timeout) => panic!("still running after {ONE_TEST:?}"),
        Err(RecvTimeoutError::Disconnected) => {
            std::panic::resume_unwind(thread.join().unwrap_err())
        }
    }
}

/// Ends the test process if it lives for longer than all its tests may take: a build, and what a fuzz was given.
///
/// Every target of ordinary tests has a test that only calls this, with a name that puts it first. Which test hangs,
/// the runner has said by then.
pub fn watch_over_all() {
    let fuzz = env::var("CELL_FUZZ_SECONDS").ok();
    let fuzz = fuzz.and_then(|seconds| seconds.parse().ok()).unwrap_or(0);
    let limit = BUILD_LIMIT + Duration::from_secs(fuzz);
    // It watches as long as the process lives.
    std::mem::forget(end_process("all tests together".into(), limit));
}

/// Ends the process if what it returns lives for longer than `limit`; says that `who` was at work.
#[must_use = "it watches as long as it lives"]
pub(crate) fn end_process(who: String, limit: Duration) -> mpsc::Sender<()> {
    let (alive, gone) = mpsc::channel();
    thread::spawn(move || {
        if gone.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
            let seconds = limit.as_secs();
            // `eprintln!` would be caught, to be shown when the test ends.
            let words = format!("{who}: still at work after {seconds} s: a deadlock?\n");
            drop(io::stderr().write_all(words.as_bytes()));
            std::process::exit(1);
        }
    });
    alive
}
