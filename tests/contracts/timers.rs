//! What chapter 5 promises, at its public interface.

#[path = "timers/awaiting.rs"]
mod awaiting;
#[path = "timers/calling.rs"]
mod calling;
#[path = "timers/late.rs"]
mod late;
#[path = "timers/limits.rs"]
mod limits;
#[path = "timers/machine.rs"]
mod machine;
#[path = "timers/meddling.rs"]
mod meddling;
#[path = "timers/model.rs"]
mod model;
#[path = "timers/parking.rs"]
mod parking;
#[path = "timers/sleeping.rs"]
mod sleeping;
#[path = "timers/ticking.rs"]
mod ticking;

use std::any::Any;
use std::cell::RefCell;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use event_loop::{Clock, Time};
use timers::Timers;
use wakers::{Park, ThreadPark};

const SECOND: Duration = Duration::from_secs(1);

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Runs `future` on the virtual clock.
fn run<T>(future: impl Future<Output = T>) -> T {
    timers::block_on(Clock::virtual_time(), future)
}

/// How many whole seconds have passed on the clock of the current loop.
fn seconds() -> u64 {
    timers::now().as_secs()
}

/// Polls once, for nobody in particular.
fn poll<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// Timers on the virtual clock that a test turns by hand, shared with what it hands out.
#[derive(Clone)]
struct ByHand(Rc<RefCell<Timers<ThreadPark>>>);

impl ByHand {
    /// They are current until the second value is dropped.
    fn enter() -> (ByHand, Box<dyn Any>) {
        let timers = Timers::new(ThreadPark::new(), Clock::virtual_time());
        let current: Box<dyn Any> = Box::new(timers.enter());
        (ByHand(Rc::new(RefCell::new(timers))), current)
    }

    /// Lets time jump to the next deadline. `None`: there is none.
    fn jump(&self) -> Option<Time> {
        let parked = self.0.borrow_mut().park(None);
        parked.ok().map(|_| timers::now())
    }

    fn pending(&self) -> usize {
        self.0.borrow().pending()
    }
}

/// Ends the test process if `f`, which waits on the wall clock or for a thread, takes far too long.
fn bounded<T>(f: impl FnOnce() -> T) -> T {
    let (_at_work, over) = mpsc::channel::<()>();
    let name = thread::current().name().unwrap_or("a test").to_string();
    thread::spawn(move || {
        if over.recv_timeout(secs(60)) == Err(RecvTimeoutError::Timeout) {
            eprintln!("{name}: still waiting after 60 s");
            std::process::exit(1);
        }
    });
    f()
}

/// What `f` panics with, if it does.
fn panic_of(f: impl FnOnce()) -> Option<String> {
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(f));
    let payload = caught.err()?;
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| payload.downcast_ref::<&str>().map(ToString::to_string))
}

/// Awaits all of `futures`, each with a waker of its own, in the order in which they are woken.
async fn all(futures: Vec<Pin<Box<dyn Future<Output = ()>>>>) {
    use futures::StreamExt;
    use futures::stream::FuturesUnordered;
    let mut woken = pin!(FuturesUnordered::from_iter(futures));
    while woken.next().await.is_some() {}
}

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
