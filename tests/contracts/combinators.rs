//! What chapter 9 promises.

#[path = "combinators/cancelling.rs"]
mod cancelling;
#[path = "combinators/completed.rs"]
mod completed;
#[path = "combinators/foreign.rs"]
mod foreign;
#[path = "combinators/futures.rs"]
mod futures_contract;
#[path = "combinators/gathering.rs"]
mod gathering;
#[path = "combinators/groups.rs"]
mod groups;
#[path = "combinators/in_place.rs"]
mod in_place;
#[path = "combinators/limits.rs"]
mod limits;
#[path = "combinators/passes.rs"]
mod passes;
#[path = "combinators/shielding.rs"]
mod shielding;
#[path = "combinators/threads.rs"]
mod threads;
#[path = "combinators/turns.rs"]
mod turns;
#[path = "combinators/waiting.rs"]
mod waiting;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use event_loop::Clock;
use task_cell::{Cancelled, Executor, JoinError, catch_cancel};
use timers::{Timers, sleep};
use wakers::ThreadPark;

const SECOND: Duration = Duration::from_secs(1);

/// Runs on virtual time.
#[track_caller]
fn run<F: Future>(future: F) -> F::Output {
    task_cell::run(Clock::virtual_time(), future)
}

/// An executor on virtual time.
fn executor() -> Executor<Timers<ThreadPark>> {
    Executor::new(Timers::new(ThreadPark::new(), Clock::virtual_time()))
}

/// The whole seconds on the clock of the current loop.
fn now() -> u64 {
    timers::now().as_secs()
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

/// Does something when it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// Takes so many seconds, and gives their number.
async fn takes(seconds: u32) -> u32 {
    sleep(seconds * SECOND).await;
    seconds
}

/// Takes so many seconds, then panics.
async fn breaks_after(seconds: u32) -> u32 {
    sleep(seconds * SECOND).await;
    panic!("broken after {seconds}")
}

/// Waits for ever. When it is cancelled it cleans up for so many seconds, and says so.
async fn cleans_up(log: Log, name: &'static str, seconds: u32) {
    if let Err(Cancelled) = catch_cancel(std::future::pending::<()>()).await {
        log.say(format!("{name} hears it at {}", now()));
        sleep(seconds * SECOND).await;
        log.say(format!("{name} is clean at {}", now()));
        Cancelled::resume().await;
    }
}

/// Says it when it is dropped before its end, which is far off.
async fn is_dropped(log: Log, name: &'static str) {
    let _says = OnDrop(|| log.say(format!("{name} is dropped at {}", now())));
    sleep(1000 * SECOND).await;
}

fn is_cancelled<T>(end: &Result<T, JoinError>) -> bool {
    matches!(end, Err(JoinError::Cancelled))
}

fn has_panicked<T>(end: &Result<T, JoinError>) -> bool {
    matches!(end, Err(JoinError::Panicked(_)))
}

/// What the current task is suspended at, as another task sees it.
fn suspended(name: &str) -> (&'static str, String, u32) {
    let tasks = task_cell::tasks();
    let task = tasks
        .iter()
        .find(|it| it.name == name)
        .expect("it is there");
    let at = task.suspended.expect("it says where");
    let file = at.location.file().replace('\\', "/");
    let file = file.rsplit('/').next().unwrap().to_string();
    (at.why, file, at.location.line())
}

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
