//! What chapter 11 promises.

#[path = "streams/adapting.rs"]
mod adapting;
#[path = "streams/closing.rs"]
mod closing;
#[path = "streams/contract.rs"]
mod contract;
#[path = "streams/generating.rs"]
mod generating;
#[path = "streams/leaving.rs"]
mod leaving;
#[path = "streams/many.rs"]
mod many;
#[path = "streams/random.rs"]
mod random;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use event_loop::Clock;
use streams::{Stream, StreamExt};

const SECOND: Duration = Duration::from_secs(1);

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Runs `future` on the virtual clock, as the root of chapter 8's loop.
#[track_caller]
fn run<F: Future>(future: F) -> F::Output {
    task_cell::run(Clock::virtual_time(), future)
}

/// How many whole seconds have passed on the clock of the current loop.
fn seconds() -> u64 {
    timers::now().as_secs()
}

/// All items, each with the second in which it came.
async fn timed<S: Stream>(items: S) -> Vec<(u64, S::Item)> {
    items.map(|item| (seconds(), item)).collect().await
}

/// What happened, in order.
#[derive(Clone, Default)]
struct Log(Rc<RefCell<Vec<String>>>);

impl Log {
    fn note(&self, what: impl Into<String>) {
        self.0.borrow_mut().push(what.into());
    }

    fn take(&self) -> Vec<String> {
        self.0.take()
    }
}

/// Polls a future, and counts how often.
async fn polls_counted<F: Future>(polls: &Cell<u32>, future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(|context| {
        polls.set(polls.get() + 1);
        future.as_mut().poll(context)
    })
    .await
}

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
