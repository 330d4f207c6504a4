//! How many threads there are, and who gets the next job.

use std::hint;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use task_cell::JoinError;
use threads::{Pool, Refusal};
use workbook_tests::harness::watchdog;
use workbook_tests::limits::quick_or_full;

use crate::common::{Blocked, pool_of, wait_until};

#[test]
fn it_grows_while_all_are_busy_and_no_further() {
    let _watchdog = watchdog();
    let pool = pool_of(4);
    let together = Arc::new(Barrier::new(5));
    let meet = |_| {
        let together = Arc::clone(&together);
        pool.run(move || together.wait().is_leader())
    };
    let four: Vec<_> = (0..4).map(meet).collect();
    let fifth = pool.run(|| 5);
    wait_until(|| pool.counts().queued == 1);
    let counts = pool.counts();
    assert_eq!((counts.threads, counts.idle, counts.started), (4, 0, 4));
    assert!(!fifth.is_finished());
    // All four are there at once.
    together.wait();
    assert!(four.into_iter().all(|job| job.wait().is_ok()));
    assert_eq!(fifth.wait().unwrap(), 5);
    assert_eq!(pool.counts().started, 4);
}

/// Whoever brings the jobs calls one sleeper at most, and each that comes calls the next: all must have come.
#[test]
fn threads_that_sleep_come_as_there_are_jobs() {
    let _watchdog = watchdog();
    let pool = Pool::builder()
        .max_threads(4)
        .keep_alive(Duration::MAX)
        .build();
    for _ in 0..quick_or_full(200, 10_000) {
        let together = Arc::new(Barrier::new(5));
        let meet = |_| {
            let together = Arc::clone(&together);
            pool.run(move || together.wait().is_leader())
        };
        let four: Vec<_> = (0..4).map(meet).collect();
        // All four are there at once, or this waits for ever.
        together.wait();
        assert!(four.into_iter().all(|job| job.wait().is_ok()));
    }
    assert_eq!(pool.counts().started, 4);
}

/// Who hears of a job's end finds its thread idle: no second one is started, however fast the next job comes.
#[test]
fn one_job_after_another_needs_one_thread() {
    let _watchdog = watchdog();
    let pool = pool_of(8);
    for number in 0..quick_or_full(2_000, 50_000) {
        assert_eq!(pool.run(move || number).wait().unwrap(), number);
    }
    assert_eq!(pool.counts().started, 1);
}

#[test]
fn one_job_after_another_on_a_loop_needs_one_thread() {
    let _watchdog = watchdog();
    crate::common::run_real(async {
        for number in 0..quick_or_full(1_000, 20_000) {
            let job = threads::spawn_blocking(move || number);
            assert_eq!(job.await.unwrap(), number);
        }
        assert_eq!(threads::pool().counts().started, 1);
    });
}

#[test]
fn jobs_begin_in_the_order_in_which_they_came() {
    let _watchdog = watchdog();
    let pool = pool_of(1);
    let blocked = Blocked::on(&pool);
    let (order, heard) = channel();
    let say = |number| {
        let order = order.clone();
        pool.run(move || order.send(number).unwrap())
    };
    let jobs: Vec<_> = (0..100).map(say).collect();
    blocked.go.send(1).unwrap();
    jobs.into_iter().for_each(|job| job.wait().unwrap());
    assert!(heard.try_iter().eq(0..100));
}

#[test]
fn a_thread_without_work_ends_and_the_next_job_starts_another() {
    let _watchdog = watchdog();
    let pool = Pool::builder()
        .name("brief")
        .keep_alive(Duration::from_millis(1))
        .build();
    let name = || thread::current().name().map(str::to_string);
    assert_eq!(pool.run(name).wait().unwrap().as_deref(), Some("brief-1"));
    wait_until(|| pool.counts().threads == 0);
    assert_eq!(pool.run(name).wait().unwrap().as_deref(), Some("brief-2"));
}

/// A thread that leaves for want of work must not leave a job behind.
#[test]
fn a_job_that_comes_as_a_thread_leaves_is_done() {
    let _watchdog = watchdog();
    let pool = Pool::builder()
        .max_threads(1)
        .keep_alive(Duration::ZERO)
        .build();
    // Nothing is promised of how many threads leave. The pauses are so different that some jobs come just then.
    for number in 0..quick_or_full(10_000, 200_000) {
        (0..number % 500).for_each(|_| hint::spin_loop());
        assert_eq!(pool.run(move || number).wait().unwrap(), number);
    }
    while pool.counts().threads > 0 {
        thread::yield_now();
    }
}

#[test]
fn a_full_queue_refuses_and_gives_the_work_back() {
    let _watchdog = watchdog();
    let pool = Pool::builder().max_threads(1).queue_limit(2).build();
    let blocked = Blocked::on(&pool);
    let first = pool.try_run(|| 1).unwrap();
    let second = pool.try_run(|| 2).unwrap();
    let refused = pool.try_run(|| 3).unwrap_err();
    assert!(matches!(refused.reason, Refusal::Full));
    assert_eq!((refused.work)(), 3);
    assert!(matches!(pool.run(|| 3).wait(), Err(JoinError::Cancelled)));
    // What is taken back makes room.
    assert!(first.cancel());
    let fourth = pool.try_run(|| 4).unwrap();
    assert!(pool.try_run(|| 5).is_err());
    blocked.go.send(1).unwrap();
    assert_eq!(second.wait().unwrap() + fourth.wait().unwrap(), 6);
}

/// The limit is of those who wait for a thread: one that is idle takes a job at once.
#[test]
fn with_room_for_none_to_wait_a_free_thread_still_takes_a_job() {
    let _watchdog = watchdog();
    let pool = Pool::builder().max_threads(2).queue_limit(0).build();
    for _ in 0..100 {
        let (one, other) = (Blocked::on(&pool), Blocked::on(&pool));
        assert!(pool.try_run(|| ()).is_err());
        one.go.send(1).unwrap();
        other.go.send(2).unwrap();
        assert_eq!(one.job.wait().unwrap() + other.job.wait().unwrap(), 3);
    }
    assert_eq!(pool.counts().started, 2);
}

#[test]
fn the_limit_is_of_those_who_wait_beyond_the_idle() {
    let _watchdog = watchdog();
    let pool = Pool::builder().max_threads(2).queue_limit(1).build();
    let (one, other) = (Blocked::on(&pool), Blocked::on(&pool));
    one.go.send(1).unwrap();
    one.job.wait().unwrap();
    // One thread is idle, the other busy: one is begun, one waits, one is refused.
    let (go, wait) = channel::<()>();
    let begun = pool.try_run(move || wait.recv().is_ok()).unwrap();
    let waits = pool.try_run(|| 2).unwrap();
    assert!(pool.try_run(|| 3).is_err());
    go.send(()).unwrap();
    assert!(begun.wait().unwrap());
    assert_eq!(waits.wait().unwrap(), 2);
    other.go.send(1).unwrap();
    assert_eq!(other.job.wait().unwrap(), 1);
}

#[test]
fn without_any_thread_the_job_is_refused_and_does_not_wait_for_ever() {
    let _watchdog = watchdog();
    // No address space has so much room.
    let pool = Pool::builder().stack_size(usize::MAX >> 2).build();
    let refused = pool.try_run(|| 7).unwrap_err();
    assert!(matches!(refused.reason, Refusal::NoThread(_)), "{refused}");
    assert!(matches!(pool.run(|| 7).wait(), Err(JoinError::Cancelled)));
}

#[test]
fn a_pool_that_is_dropped_does_what_is_queued() {
    let _watchdog = watchdog();
    let pool = pool_of(1);
    let blocked = Blocked::on(&pool);
    let jobs: Vec<_> = (0..10).map(|number| pool.run(move || number)).collect();
    let (told, hears) = channel::<()>();
    drop(pool.run(move || drop(told)));
    drop(pool);
    blocked.go.send(7).unwrap();
    assert_eq!(blocked.job.wait().unwrap(), 7);
    let sum: u32 = jobs.into_iter().map(|job| job.wait().unwrap()).sum();
    assert_eq!(sum, 45);
    assert!(hears.recv().is_err(), "the last one was not done");
}

/// The threads themselves end, and with them what they know of the pool: a thread-local of theirs is dropped.
#[test]
fn the_threads_of_a_dropped_pool_end() {
    let _watchdog = watchdog();
    let ended = Arc::new(AtomicUsize::new(0));
    struct AtEnd(Arc<AtomicUsize>);
    impl Drop for AtEnd {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    thread_local! {
        static END: std::cell::RefCell<Option<AtEnd>> = const { std::cell::RefCell::new(None) };
    }
    let pool = Pool::builder()
        .keep_alive(Duration::MAX)
        .max_threads(3)
        .build();
    let together = Arc::new(Barrier::new(3));
    let jobs = (0..3).map(|_| {
        let (ended, together) = (Arc::clone(&ended), Arc::clone(&together));
        pool.run(move || {
            END.set(Some(AtEnd(ended)));
            together.wait();
        })
    });
    jobs.collect::<Vec<_>>()
        .into_iter()
        .for_each(|job| job.wait().unwrap());
    assert_eq!(ended.load(Ordering::SeqCst), 0);
    drop(pool);
    wait_until(|| ended.load(Ordering::SeqCst) == 3);
}

/// From many threads at once, some of which leave: every job is done once.
#[test]
fn jobs_from_many_threads_are_each_done_once() {
    let _watchdog = watchdog();
    for _ in 0..quick_or_full(5, 100) {
        let pool = Pool::builder()
            .max_threads(3)
            .keep_alive(Duration::from_micros(50))
            .build();
        let done = Arc::new(AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let jobs: Vec<_> = (0..200)
                        .map(|_| {
                            let done = Arc::clone(&done);
                            pool.run(move || done.fetch_add(1, Ordering::SeqCst))
                        })
                        .collect();
                    assert!(jobs.into_iter().all(|job| job.wait().is_ok()));
                });
            }
        });
        assert_eq!(done.load(Ordering::SeqCst), 800);
    }
}
