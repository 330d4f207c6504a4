//! The end of a pool, and of a loop, while jobs are under way.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use event_loop::Clock;
use task_cell::JoinError;
use threads::{HandleExt, Pool, Refusal};
use wakers::ThreadPark;
use workbook_tests::blame::panic_of;
use workbook_tests::harness::watchdog;

use crate::common::{Blocked, SaysWhere, here, pool_of, run_real, wait_until};

#[test]
fn a_shutdown_waits_for_what_is_queued_and_what_runs() {
    let _watchdog = watchdog();
    let pool = pool_of(1);
    let blocked = Blocked::on(&pool);
    let queued = pool.run(|| 2);
    let go = blocked.go;
    let teller = thread::spawn(move || go.send(1).unwrap());
    assert!(pool.shutdown(Duration::MAX).is_empty());
    assert!(blocked.job.is_finished() && queued.is_finished());
    assert_eq!(pool.counts().threads, 0);
    teller.join().unwrap();
    let refused = pool.try_run(|| 3).unwrap_err();
    assert!(matches!(refused.reason, Refusal::ShutDown));
}

#[test]
fn at_its_limit_a_shutdown_takes_back_the_queue_and_names_what_runs() {
    let _watchdog = watchdog();
    let pool = Pool::builder().name("slow").max_threads(1).build();
    let line = line!() + 1;
    let blocked = Blocked::on(&pool);
    let (held, dropped) = SaysWhere::new();
    let queued = pool.run(move || drop(held));
    let left = pool.shutdown(Duration::from_millis(1));
    assert_eq!(left.len(), 1);
    assert_eq!(
        (left[0].thread.as_str(), left[0].location.line()),
        ("slow-1", blocked.job.location().line())
    );
    assert!(left[0].to_string().contains(", on slow-1 for "), "{line}");
    assert_eq!(dropped.recv().unwrap(), here());
    assert!(matches!(queued.wait(), Err(JoinError::Cancelled)));
    // What runs goes on all the same.
    blocked.go.send(8).unwrap();
    assert_eq!(blocked.job.wait().unwrap(), 8);
    wait_until(|| pool.counts().threads == 0);
}

#[test]
fn an_idle_pool_shuts_down_at_once() {
    let _watchdog = watchdog();
    let pool = Pool::builder().keep_alive(Duration::MAX).build();
    pool.run(|| ()).wait().unwrap();
    assert!(pool.shutdown(Duration::MAX).is_empty());
    assert!(pool.shutdown(Duration::MAX).is_empty(), "and once more");
    assert!(Pool::builder().build().shutdown(Duration::MAX).is_empty());
}

/// It would wait for itself.
#[test]
fn a_job_cannot_shut_its_own_pool_down() {
    let _watchdog = watchdog();
    let pool = pool_of(2);
    let own = pool.clone();
    let end = pool.run(move || drop(own.shutdown(Duration::MAX))).wait();
    assert!(matches!(end, Err(JoinError::Panicked(_))));
    let other = pool_of(1);
    let own = pool.clone();
    let shut_down = other.run(move || own.shutdown(Duration::MAX).len());
    assert_eq!(shut_down.wait().unwrap(), 0);
}

/// A job that needs the loop would never end.
#[test]
fn a_loop_cannot_wait_for_a_pool() {
    let _watchdog = watchdog();
    let pool = pool_of(1);
    run_real(async {
        let handle = task_cell::handle();
        let needs_the_loop = pool.run(move || handle.spawn(|| async { 7 }).wait());
        let words = panic_of(|| pool.shutdown(Duration::MAX));
        assert!(
            words.contains("spawn_blocking(move || pool.shutdown(limit))"),
            "{words}"
        );
        let own = pool.clone();
        let shut_down =
            threads::spawn_blocking(move || own.shutdown(Duration::MAX).len());
        assert_eq!(shut_down.await.unwrap(), 0);
        assert_eq!(needs_the_loop.await.unwrap().unwrap(), 7);
        // To ask who is left takes no time.
        assert!(pool.shutdown(Duration::ZERO).is_empty());
    });
}

#[test]
fn the_end_of_a_loop_waits_for_jobs_that_nobody_awaits() {
    let _watchdog = watchdog();
    let (done, is_done) = channel();
    run_real(async {
        let pool = threads::pool();
        for number in 0..100 {
            let done = done.clone();
            drop(pool.run(move || done.send(number).unwrap()));
        }
    });
    assert_eq!(is_done.try_iter().count(), 100);
}

#[test]
fn a_pool_that_outlives_its_loop_takes_nothing_any_more() {
    let _watchdog = watchdog();
    let pool = run_real(async { threads::pool() });
    assert!(matches!(
        pool.try_run(|| 1).unwrap_err().reason,
        Refusal::ShutDown
    ));
}

/// What is left is said to whoever asked, and what comes late does no harm: the loop of its waker is gone.
#[test]
fn a_job_that_is_left_is_reported_and_ends_late_without_harm() {
    let _watchdog = watchdog();
    let reports = Rc::new(RefCell::new(Vec::new()));
    let list = Rc::clone(&reports);
    let mut layers = threads::layers(Clock::real()).unwrap();
    layers.set_limit(Duration::ZERO);
    layers.set_report(move |job| {
        list.borrow_mut().push(job.thread.clone());
        panic!("a report that panics");
    });
    let Blocked { job, go } = task_cell::run_with(layers, async {
        let pool = threads::pool();
        let one = Blocked::on(&pool);
        let mut other = Blocked::on(&pool);
        // It has the waker of this loop.
        let short = Duration::from_millis(1);
        assert!(timers::timeout(short, &mut other.job).await.is_err());
        one.go.send(1).unwrap();
        one.job.await.unwrap();
        other
    });
    assert_eq!(reports.take(), ["blocking-2"]);
    go.send(6).unwrap();
    assert_eq!(job.wait().unwrap(), 6);
}

#[test]
fn a_root_that_panics_is_waited_for_too() {
    let _watchdog = watchdog();
    let (done, is_done) = channel();
    let ran = std::panic::catch_unwind(move || {
        run_real(async move {
            drop(threads::spawn_blocking(move || done.send(()).unwrap()));
            panic!("no fuel");
        });
    });
    assert!(ran.is_err());
    assert_eq!(is_done.try_recv(), Ok(()));
}

/// A job that waits for the loop must not keep it from ending: its call is refused once the loop is closed.
#[test]
fn a_job_that_waits_for_its_loop_ends_with_it() {
    use threads::HandleExt;
    let _watchdog = watchdog();
    let (ended, heard) = channel();
    run_real(async move {
        let handle = task_cell::handle();
        let (begun, has_begun) = channel();
        drop(threads::spawn_blocking(move || {
            let task = handle.spawn(std::future::pending::<()>);
            begun.send(()).unwrap();
            ended
                .send(matches!(task.wait(), Err(JoinError::Cancelled)))
                .unwrap();
        }));
        has_begun.recv().unwrap();
    });
    assert_eq!(heard.try_recv(), Ok(true));
}

#[test]
fn pools_jobs_and_loops_may_end_with_their_thread() {
    let _watchdog = watchdog();
    struct Late(Option<Pool>, Option<threads::Job<SaysWhere>>);
    impl Drop for Late {
        fn drop(&mut self) {
            drop(self.1.take());
            let pool = self.0.take().unwrap();
            // Other thread-locals are gone by now, perhaps.
            let layers = threads::Threads::new(ThreadPark::new());
            let job = pool.run(|| 7);
            let seven = task_cell::run_with(layers, async {
                let own = threads::spawn_blocking(|| 0);
                job.await.unwrap() + own.await.unwrap()
            });
            assert_eq!(seven, 7);
            drop(pool);
        }
    }
    thread_local! {
        static LATE: RefCell<Option<Late>> = const { RefCell::new(None) };
    }
    let (value, dropped) = SaysWhere::new();
    let ended = thread::spawn(move || {
        LATE.set(None);
        // Uses chapter 4's thread-locals after ours was made: they are gone before it.
        run_real(async { threads::spawn_blocking(|| ()).await.unwrap() });
        let pool = pool_of(1);
        let job = pool.run(move || value);
        LATE.set(Some(Late(Some(pool), Some(job))));
    });
    ended.join().unwrap();
    dropped.recv().unwrap();
}
