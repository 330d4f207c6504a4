//! Taking a job back: it is either not begun, and never runs, or begun, and runs to its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use task_cell::JoinError;
use workbook_tests::harness::watchdog;
use workbook_tests::limits::quick_or_full;

use crate::common::{Blocked, SaysWhere, here, pool_of};

#[test]
fn before_it_began_it_never_runs_and_its_closure_is_dropped_here() {
    let _watchdog = watchdog();
    let pool = pool_of(1);
    let blocked = Blocked::on(&pool);
    let (held, dropped) = SaysWhere::new();
    let job = pool.run(move || {
        let _held = &held;
        unreachable!("it was taken back")
    });
    assert!(job.cancel());
    assert_eq!(dropped.try_recv().unwrap(), here());
    assert!(job.is_finished());
    assert!(!job.cancel(), "there is nothing to take back any more");
    assert!(matches!(job.wait(), Err::<(), _>(JoinError::Cancelled)));
    assert_eq!(pool.counts().queued, 0);
    blocked.go.send(1).unwrap();
    assert_eq!(blocked.job.wait().unwrap(), 1);
}

#[test]
fn a_job_that_has_begun_goes_on() {
    let _watchdog = watchdog();
    let blocked = Blocked::on(&pool_of(1));
    assert!(!blocked.job.cancel());
    blocked.go.send(4).unwrap();
    assert_eq!(blocked.job.wait().unwrap(), 4);
}

#[test]
fn a_job_that_is_over_keeps_its_value() {
    let _watchdog = watchdog();
    let job = pool_of(1).run(|| 5);
    crate::common::wait_until(|| job.is_finished());
    assert!(!job.cancel());
    assert_eq!(job.wait().unwrap(), 5);
}

#[test]
fn from_the_middle_of_the_queue_the_others_keep_their_order() {
    let _watchdog = watchdog();
    let pool = pool_of(1);
    let blocked = Blocked::on(&pool);
    let (order, heard) = std::sync::mpsc::channel();
    let jobs: Vec<_> = (0..1000)
        .map(|number| {
            let order = order.clone();
            pool.run(move || order.send(number).unwrap())
        })
        .collect();
    for job in jobs.iter().skip(1).step_by(2).rev() {
        assert!(job.cancel());
    }
    blocked.go.send(1).unwrap();
    for (number, job) in jobs.into_iter().enumerate() {
        assert_eq!(job.wait().is_ok(), number % 2 == 0);
    }
    assert!(heard.try_iter().eq((0..1000).step_by(2)));
}

/// A request that races the beginning has one outcome.
#[test]
fn a_race_with_its_beginning_has_one_outcome() {
    let _watchdog = watchdog();
    let pool = pool_of(2);
    let ran = Arc::new(AtomicUsize::new(0));
    let (mut taken, mut done) = (0, 0);
    let rounds = quick_or_full(2_000, 50_000);
    for round in 0..rounds {
        let counts = Arc::clone(&ran);
        let job = pool.run(move || counts.fetch_add(1, Ordering::SeqCst));
        if round % 3 == 0 {
            thread::yield_now();
        }
        let is_taken = job.cancel();
        let end = job.wait();
        // What was said is what is done.
        assert_eq!(is_taken, matches!(end, Err(JoinError::Cancelled)));
        match end {
            Ok(_) => done += 1,
            Err(_) => taken += 1,
        }
        assert_eq!(ran.load(Ordering::SeqCst), done);
    }
    assert_eq!(done + taken, rounds);
}
