//! What the contracts of tasks need, of chapter 6 as of chapter 8.

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

/// An executor on virtual time.
pub(crate) type Virtual = Executor<Timers<ThreadPark>>;

/// A new one.
pub(crate) fn executor() -> Virtual {
    Executor::new(Timers::new(ThreadPark::new(), Clock::virtual_time()))
}

/// What happened, in order.
#[derive(Clone, Default)]
pub(crate) struct Log(Rc<RefCell<Vec<String>>>);

impl Log {
    pub(crate) fn say(&self, what: impl Into<String>) {
        self.0.borrow_mut().push(what.into());
    }

    /// All so far, and begins anew.
    pub(crate) fn all(&self) -> String {
        self.0.take().join(", ")
    }
}

/// A way to wait that says so first.
pub(crate) struct Told<F: FnMut()>(pub ThreadPark, pub F);

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
pub(crate) fn watchdog(test: impl Into<String>) -> Watchdog {
    let test = test.into();
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
pub(crate) struct Watchdog(Option<(Sender<()>, thread::JoinHandle<()>)>);

impl Drop for Watchdog {
    fn drop(&mut self) {
        if let Some((alive, thread)) = self.0.take() {
            drop(alive);
            thread.join().expect("it does not panic");
        }
    }
}
