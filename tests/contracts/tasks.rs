//! What chapter 6 promises, at its public interface.

use std::cell::RefCell;
use std::io::{self, Write as _};
use std::rc::Rc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::task::Waker;
use std::thread;
use std::time::Duration;

use event_loop::Clock;
use tasks::Executor;
use timers::Timers;
use wakers::{Park, ThreadPark};

#[path = "tasks/ends.rs"]
mod ends;
#[path = "tasks/futures.rs"]
mod futures;
#[path = "tasks/misuse.rs"]
mod misuse;
#[path = "tasks/model.rs"]
mod model;
#[path = "tasks/order.rs"]
mod order;
#[path = "tasks/others_code.rs"]
mod others_code;
#[path = "tasks/program.rs"]
mod program;
#[path = "tasks/random.rs"]
mod random;
#[path = "tasks/runs.rs"]
mod runs;
#[path = "tasks/safe.rs"]
mod safe;
#[path = "tasks/threads.rs"]
mod threads;

type Virtual = Executor<Timers<ThreadPark>>;

fn executor() -> Virtual {
    Executor::new(Timers::new(ThreadPark::new(), Clock::virtual_time()))
}

/// Runs on virtual time.
#[track_caller]
fn run<F: Future>(future: F) -> F::Output {
    tasks::run(Clock::virtual_time(), future)
}

/// Runs by `clock`.
#[track_caller]
fn run_on<F: Future>(clock: Clock, future: F) -> F::Output {
    tasks::run(clock, future)
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
fn watchdog(test: &'static str) -> Sender<()> {
    let (alive, ended) = channel();
    thread::spawn(move || {
        if ended.recv_timeout(Duration::from_secs(30)) == Err(RecvTimeoutError::Timeout) {
            // Not `eprintln!`, which the test harness keeps to itself: it dies with us.
            let _ = writeln!(io::stderr(), "{test}: hangs");
            std::process::abort();
        }
    });
    alive
}
