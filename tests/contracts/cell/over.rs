//! A task that is over: a wake puts nothing on the queue.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::io;
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use event_loop::Clock;
use polling::yield_now;
use task_cell::{Executor, spawn};
use timers::{Timers, sleep};
use wakers::{Park, ThreadPark};

const SECOND: Duration = Duration::from_secs(1);

/// How long the loop may wait, each time that it does: not at all while anybody is in its queue.
type Looks = Rc<RefCell<Vec<Option<Duration>>>>;

struct Noted<P>(P, Looks);

impl<P: Park> Park for Noted<P> {
    fn park(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        self.1.borrow_mut().push(timeout);
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

/// Whether anybody is in the queue while the only other task sleeps, after `wake` was called with the waker of a task
/// that may be `over`.
fn queues(over: bool, wake: fn(Waker)) -> bool {
    let looks = Looks::default();
    let timers = Timers::new(ThreadPark::new(), Clock::virtual_time());
    let mut executor = Executor::new(Noted(timers, Rc::clone(&looks)));
    let seen = Rc::clone(&looks);
    executor.run_until_complete(async move {
        let slot: Rc<Cell<Option<Waker>>> = Rc::default();
        let given = Rc::clone(&slot);
        let task = spawn(poll_fn(move |context| {
            given.set(Some(context.waker().clone()));
            if over { Poll::Ready(()) } else { Poll::Pending }
        }));
        yield_now().await;
        assert_eq!(task.is_finished(), over);
        seen.borrow_mut().clear();
        wake(slot.take().expect("it has been polled"));
        sleep(SECOND).await;
        seen.take().contains(&Some(Duration::ZERO))
    })
}

fn locally(waker: Waker) {
    waker.wake_by_ref();
    waker.wake();
}

fn remotely(waker: Waker) {
    thread::spawn(move || locally(waker)).join().unwrap();
}

#[test]
fn a_wake_of_a_task_that_is_over_puts_nothing_on_the_queue() {
    for wake in [locally, remotely] {
        assert!(queues(false, wake), "one that waits is polled");
        assert!(!queues(true, wake), "one that is over is not");
    }
}
