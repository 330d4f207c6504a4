//! The cell's small tests: quick enough for Miri, which sees what breaks the rules of the language.
//! `cargo +nightly miri test -p ch08-task-cell --test small`
#![cfg(not(loom))]

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::thread;

use polling::yield_now;
use task_cell::{Cancelled, Executor, JoinError, JoinHandle, catch_cancel, spawn};
use wakers::ThreadPark;

fn executor() -> Executor<ThreadPark> {
    Executor::new(ThreadPark::new())
}

/// Wakes, clones and drops a waker on another thread.
fn abuse(waker: &Waker) {
    let waker = waker.clone();
    let thread = thread::spawn(move || {
        waker.wake_by_ref();
        let other = waker.clone();
        waker.wake();
        drop(other.clone());
        other.wake();
    });
    thread.join().unwrap();
}

#[test]
fn a_value_goes_from_the_task_to_whoever_awaits_it() {
    let mut executor = executor();
    let kept = String::from("Street");
    // The root borrows, and a task it spawns does not.
    let words = executor.run_until_complete(async {
        let task = spawn(async {
            yield_now().await;
            String::from("Main ")
        });
        task.await.unwrap() + &kept
    });
    assert_eq!(words, "Main Street");
}

#[test]
fn a_waker_outlives_its_task_and_its_runtime() {
    let mut executor = executor();
    let slot: Rc<Cell<Option<Waker>>> = Rc::default();
    let given = Rc::clone(&slot);
    let task = executor.spawn(poll_fn(move |context| {
        given.set(Some(context.waker().clone()));
        Poll::Ready(7)
    }));
    executor.run_until_complete(yield_now());
    let waker = slot.take().unwrap();
    abuse(&waker);
    assert_eq!(executor.run_until_complete(task).unwrap(), 7);
    abuse(&waker);
    drop(executor);
    abuse(&waker);
    waker.wake();
}

#[test]
fn a_task_is_woken_from_another_thread() {
    let mut executor = executor();
    let mut started = false;
    executor.run_until_complete(poll_fn(|context| {
        if std::mem::replace(&mut started, true) {
            return Poll::Ready(());
        }
        let waker = context.waker().clone();
        thread::spawn(move || waker.wake());
        Poll::Pending
    }));
}

#[test]
fn a_cancelled_task_cleans_up_and_one_that_is_left_is_dropped() {
    let mut executor = executor();
    let left = Rc::new(());
    let held = Rc::clone(&left);
    let waits = executor.spawn(async move {
        let _held = held;
        pending::<()>().await;
    });
    let task = executor.spawn(async {
        assert_eq!(catch_cancel(pending::<()>()).await, Err(Cancelled));
        yield_now().await;
        Cancelled::resume().await;
    });
    executor.run_until_complete(yield_now());
    assert!(task.cancel());
    let ended = executor.run_until_complete(task);
    assert!(matches!(ended, Err(JoinError::Cancelled)));
    assert_eq!(executor.close().len(), 1);
    assert!(waits.is_cancelled() && Rc::strong_count(&left) == 1);
}

/// A value whose clone awaits, and drops, the handle that it came from.
struct Traitor(String, Rc<RefCell<Option<JoinHandle<Traitor>>>>);

impl Clone for Traitor {
    fn clone(&self) -> Traitor {
        if let Some(mut handle) = self.1.take() {
            let mut context = Context::from_waker(Waker::noop());
            let joining = pin!((&mut handle).into_future());
            assert!(joining.poll(&mut context).is_pending());
        }
        Traitor(self.0.clone(), Rc::clone(&self.1))
    }
}

#[test]
fn a_value_is_there_as_long_as_it_is_cloned() {
    let mut executor = executor();
    let handle = Rc::new(RefCell::new(None));
    let given = Rc::clone(&handle);
    let task = executor.spawn(async move { Traitor(String::from("Main Street"), given) });
    let heard = Rc::new(Cell::new(0));
    let told = Rc::clone(&heard);
    task.add_done_callback(move |value| told.set(value.as_ref().ok().unwrap().0.len()));
    handle.replace(Some(task));
    for _ in 0..2 {
        executor.run_until_complete(yield_now());
    }
    assert_eq!(heard.get(), 11);
}
