//! What chapter 8 promises: chapter 6's contracts, included as they stand, and its own.

// `tasks`, in the files of chapter 6, is here chapter 8 behind chapter 6's interface.
extern crate self as tasks;

use std::cell::RefCell;
use std::io::{self, Write as _};
use std::rc::Rc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::task::Waker;
use std::thread;
use std::time::Duration;

use event_loop::Clock;
use timers::Timers;
use wakers::{Park, ThreadPark};

pub use six::{Executor, JoinHandle, Promise, call_soon, promise, spawn, stop};

#[path = "cell/asked.rs"]
mod asked;
#[path = "cell/cancelling.rs"]
mod cancelling;
#[path = "cell/ending.rs"]
mod ending;
#[path = "tasks/ends.rs"]
mod ends;
#[path = "cell/foreign.rs"]
mod foreign;
#[path = "tasks/futures.rs"]
mod futures;
#[path = "cell/fuzz.rs"]
mod fuzz;
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
#[path = "tasks/program.rs"]
mod program;
#[path = "tasks/random.rs"]
mod random;
#[path = "cell/remote.rs"]
mod remote;
#[path = "tasks/runs.rs"]
mod runs;
#[expect(missing_docs, reason = "chapter 6 has them")]
#[path = "cell/six.rs"]
pub mod six;
#[path = "cell/sound.rs"]
mod sound;
#[cfg(target_os = "linux")]
#[path = "cell/system_calls.rs"]
mod system_calls;
#[path = "tasks/threads.rs"]
mod threads;

type Virtual = Executor<Timers<ThreadPark>>;

fn executor() -> Virtual {
    Executor::new(Timers::new(ThreadPark::new(), Clock::virtual_time()))
}

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

/// What happened, in order.
#[derive(Clone, Default)]
struct Log(Rc<RefCell<Vec<String>>>);

impl Log {
    fn say(&self, what: impl Into<String>) {
        self.0.borrow_mut().push(what.into());
    }

    /// All so far, and begins anew.
    fn all(&self) -> String {
        self.0.take().join(", ")
    }
}

/// A way to wait that says so first.
struct Told<F: FnMut()>(ThreadPark, F);

impl<F: FnMut()> Park for Told<F> {
    fn park(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        (self.1)();
        self.0.park(timeout)
    }

    fn unparker(&self) -> Waker {
        self.0.unparker()
    }

    fn enter(&self) -> impl Sized + 'static {
        self.0.enter()
    }

    fn expects_wake(&self) -> bool {
        self.0.expects_wake()
    }
}

/// Ends the process if it lives too long: a loop on the wall clock that hangs cannot be told so.
fn watchdog(test: &'static str) -> Watchdog {
    let (alive, ended) = channel();
    let thread = thread::spawn(move || {
        if ended.recv_timeout(Duration::from_secs(30)) == Err(RecvTimeoutError::Timeout) {
            // Not `eprintln!`, which the test harness keeps to itself: it dies with us.
            let _ = writeln!(io::stderr(), "{test}: hangs");
            std::process::abort();
        }
    });
    Watchdog(Some((alive, thread)))
}

/// Waits for its thread too: what that leaves at the process's end would be called a leak.
struct Watchdog(Option<(Sender<()>, thread::JoinHandle<()>)>);

impl Drop for Watchdog {
    fn drop(&mut self) {
        if let Some((alive, thread)) = self.0.take() {
            drop(alive);
            thread.join().expect("it does not panic");
        }
    }
}
