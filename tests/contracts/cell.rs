//! What chapter 8 promises: chapter 6's contracts, included as they stand, and its own.

// `tasks`, in the files of chapter 6, is here chapter 8 behind chapter 6's interface.
extern crate self as tasks;

use common::{Log, Told, Virtual, executor, watchdog};
use event_loop::Clock;

pub use six::{Executor, JoinHandle, Promise, call_soon, promise, spawn, stop};

#[path = "cell/asked.rs"]
mod asked;
#[path = "cell/cancelling.rs"]
mod cancelling;
#[path = "tasks/common.rs"]
mod common;
#[path = "cell/discards.rs"]
mod discards;
#[path = "cell/ending.rs"]
mod ending;
#[path = "tasks/ends.rs"]
mod ends;
#[path = "cell/foreign.rs"]
mod foreign;
#[path = "cell/forgotten.rs"]
mod forgotten;
#[path = "tasks/futures.rs"]
mod futures;
#[path = "cell/fuzz.rs"]
mod fuzz;
#[path = "cell/handles.rs"]
mod handles;
#[path = "cell/kept.rs"]
mod kept;
#[path = "tasks/misuse.rs"]
mod misuse;
#[path = "tasks/model.rs"]
mod model;
#[path = "tasks/order.rs"]
mod order;
#[path = "tasks/others_code.rs"]
mod others_code;
#[path = "cell/over.rs"]
mod over;
#[path = "cell/panics.rs"]
mod panics;
#[path = "cell/parts.rs"]
mod parts;
#[path = "tasks/program.rs"]
mod program;
#[path = "tasks/random.rs"]
mod random;
#[path = "cell/remote.rs"]
mod remote;
#[path = "cell/requests.rs"]
mod requests;
#[path = "tasks/runs.rs"]
mod runs;
#[path = "cell/scope_model.rs"]
mod scope_model;
#[expect(missing_docs, reason = "chapter 6 has them")]
#[path = "cell/six.rs"]
pub mod six;
#[path = "cell/sizes.rs"]
mod sizes;
#[path = "cell/sound.rs"]
mod sound;
#[cfg(target_os = "linux")]
#[path = "cell/system_calls.rs"]
mod system_calls;
#[path = "tasks/threads.rs"]
mod threads;
#[path = "tasks/turns.rs"]
mod turns;

/// Runs on virtual time.
#[track_caller]
fn run<F: Future>(future: F) -> F::Output {
    six::run(Clock::virtual_time(), future)
}

/// Runs by `clock`.
#[track_caller]
fn run_on<F: Future>(clock: Clock, future: F) -> F::Output {
    six::run(clock, future)
}

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
