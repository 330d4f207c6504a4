//! What is foreign in a job, and panics: the closure, its value, the waker of whoever waits.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use task_cell::JoinError;
use threads::Pool;
use workbook_tests::harness::watchdog;

use crate::common::{Blocked, pool_of, run_real, wait_until};

struct PanicsAtEnd;

impl Drop for PanicsAtEnd {
    fn drop(&mut self) {
        panic!("a destructor");
    }
}

/// The thread of a pool of one is the one it was: it lives on.
#[track_caller]
fn lives_on(pool: &Pool) {
    assert_eq!(pool.run(|| 7).wait().unwrap(), 7);
    assert_eq!(pool.counts().started, 1);
}

#[test]
fn a_panic_is_a_value_and_the_thread_lives_on() {
    let _watchdog = watchdog();
    let pool = pool_of(1);
    let end = pool.run(|| panic!("no fuel")).wait();
    let Err::<(), _>(JoinError::Panicked(panic)) = end else {
        panic!("it had fuel")
    };
    assert_eq!(panic.message().as_deref(), Some("no fuel"));
    // And its payload may be thrown on.
    let payload = panic.into_payload().unwrap();
    assert_eq!(wakers::panic_message(&*payload), Some("no fuel"));
    lives_on(&pool);
}

#[test]
fn the_panic_of_a_closures_destructor_is_that_of_the_job() {
    let _watchdog = watchdog();
    let pool = pool_of(1);
    let held = PanicsAtEnd;
    let job = pool.run(move || {
        let _held = held;
        7
    });
    assert!(matches!(job.wait(), Err(JoinError::Panicked(_))));
    lives_on(&pool);
}

#[test]
fn a_panicking_value_that_nobody_wants_does_not_end_the_thread() {
    let _watchdog = watchdog();
    let pool = pool_of(1);
    let (go, wait) = channel::<()>();
    drop(pool.run(move || {
        let _gone = wait.recv();
        PanicsAtEnd
    }));
    drop(go);
    lives_on(&pool);
}

#[test]
fn a_panicking_value_dropped_with_its_job_is_contained() {
    let _watchdog = watchdog();
    let pool = pool_of(1);
    let job = pool.run(|| PanicsAtEnd);
    wait_until(|| job.is_finished());
    drop(job);
    lives_on(&pool);
}

#[test]
fn a_panicking_closure_that_is_taken_back_is_contained() {
    let _watchdog = watchdog();
    let pool = pool_of(1);
    let blocked = Blocked::on(&pool);
    let held = PanicsAtEnd;
    let job = pool.run(move || drop(held));
    assert!(job.cancel());
    let held = PanicsAtEnd;
    let queued = pool.run(move || drop(held));
    assert!(!pool.shutdown(std::time::Duration::ZERO).is_empty());
    assert!(matches!(queued.wait(), Err(JoinError::Cancelled)));
    blocked.go.send(1).unwrap();
    assert_eq!(blocked.job.wait().unwrap(), 1);
}

struct Panics;

impl Wake for Panics {
    fn wake(self: Arc<Panics>) {
        panic!("a waker");
    }
}

#[test]
fn a_waker_that_panics_does_not_end_the_thread() {
    let _watchdog = watchdog();
    let pool = pool_of(1);
    let Blocked { mut job, go } = Blocked::on(&pool);
    let waker = Waker::from(Arc::new(Panics));
    let mut context = Context::from_waker(&waker);
    assert!(Pin::new(&mut job).poll(&mut context).is_pending());
    go.send(3).unwrap();
    lives_on(&pool);
    let mut context = Context::from_waker(Waker::noop());
    assert!(matches!(
        Pin::new(&mut job).poll(&mut context),
        Poll::Ready(Ok(3))
    ));
}

/// Only the newest waker is called.
#[test]
fn a_job_that_moves_from_task_to_task_wakes_the_last() {
    let _watchdog = watchdog();
    let pool = pool_of(1);
    let Blocked { mut job, go } = Blocked::on(&pool);
    let old = Waker::from(Arc::new(Panics));
    assert!(
        Pin::new(&mut job)
            .poll(&mut Context::from_waker(&old))
            .is_pending()
    );
    go.send(3).unwrap();
    let moved = thread::spawn(move || run_real(job));
    assert_eq!(moved.join().unwrap().unwrap(), 3);
}

#[test]
#[should_panic(expected = "a pool without threads would do no work")]
fn a_pool_of_no_threads_is_refused() {
    drop(Pool::builder().max_threads(0));
}

#[test]
#[should_panic(expected = "zero byte")]
fn a_name_that_no_thread_can_have_is_refused() {
    drop(Pool::builder().name("a\0b"));
}
