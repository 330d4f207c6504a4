//! What the tests of chapter 14 share.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use event_loop::Clock;
use threads::{Job, Pool};

/// Runs on virtual time.
#[track_caller]
pub(crate) fn run<F: Future>(future: F) -> F::Output {
    threads::run(Clock::virtual_time(), future).unwrap()
}

/// Runs on the wall clock.
#[track_caller]
pub(crate) fn run_real<F: Future>(future: F) -> F::Output {
    threads::run(Clock::real(), future).unwrap()
}

pub(crate) fn pool_of(threads: usize) -> Pool {
    Pool::builder().max_threads(threads).build()
}

/// A job that has begun, and goes on until it is told a value.
pub(crate) struct Blocked {
    pub(crate) job: Job<u32>,
    pub(crate) go: Sender<u32>,
}

impl Blocked {
    #[track_caller]
    pub(crate) fn on(pool: &Pool) -> Blocked {
        let (go, wait) = channel();
        let (begun, has_begun) = channel();
        let job = pool.run(move || {
            begun.send(()).unwrap();
            wait.recv().unwrap_or(0)
        });
        has_begun.recv().unwrap();
        Blocked { job, go }
    }
}

/// Says the name of the thread that drops it.
pub(crate) struct SaysWhere(Sender<String>);

impl SaysWhere {
    pub(crate) fn new() -> (SaysWhere, Receiver<String>) {
        let (says, heard) = channel();
        (SaysWhere(says), heard)
    }
}

impl Drop for SaysWhere {
    fn drop(&mut self) {
        let name = thread::current().name().unwrap_or("?").to_string();
        let _nobody_listens = self.0.send(name);
    }
}

/// The name of this thread.
pub(crate) fn here() -> String {
    thread::current().name().unwrap_or("?").to_string()
}

/// Lets other threads go on until it `is` so. A watchdog bounds it.
pub(crate) fn wait_until(is: impl Fn() -> bool) {
    while !is() {
        thread::yield_now();
    }
}
