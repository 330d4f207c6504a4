//! What a job is to the loop that awaits it.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use event_loop::{Clock, Time};
use polling::yield_now;
use task_cell::{JoinError, spawn, tasks};
use timers::{now, sleep, timeout};
use workbook_tests::harness::watchdog;
use workbook_tests::limits::quick_or_full;

use crate::common::{Blocked, SaysWhere, here, pool_of, run, run_real};

/// The thread waits for a word that comes from a task: a loop that waited for the thread would never say it.
#[test]
fn the_loop_goes_on_while_a_thread_blocks() {
    let _watchdog = watchdog();
    run_real(async {
        let (go, wait) = channel();
        let job = threads::spawn_blocking(move || wait.recv().unwrap());
        let ticks = Rc::new(Cell::new(0));
        let counts = Rc::clone(&ticks);
        let ticking = spawn(async move {
            for _ in 0..100 {
                counts.set(counts.get() + 1);
                yield_now().await;
            }
            go.send(counts.get()).unwrap();
        });
        assert_eq!(job.await.unwrap(), 100);
        ticking.await.unwrap();
    });
}

#[test]
fn thousands_that_end_at_once_are_all_heard() {
    let _watchdog = watchdog();
    run_real(async {
        let pool = pool_of(4);
        let blocked: Vec<_> = (0..4).map(|_| Blocked::on(&pool)).collect();
        let count = quick_or_full(2_000, 20_000);
        let jobs = (0..count).map(|number| pool.run(move || number));
        let tasks = jobs.map(|job| spawn(async move { job.await.unwrap() }));
        let tasks: Vec<_> = tasks.collect();
        yield_now().await;
        blocked.iter().for_each(|it| it.go.send(1).unwrap());
        let mut sum = 0;
        for task in tasks {
            sum += task.await.unwrap();
        }
        assert_eq!(sum, count * (count - 1) / 2);
    });
}

#[test]
fn a_job_may_begin_another_one() {
    let _watchdog = watchdog();
    run_real(async {
        let pool = threads::pool();
        let outer = threads::spawn_blocking(move || pool.run(here));
        let name = outer.await.unwrap().await.unwrap();
        assert!(name.starts_with("blocking-"), "{name}");
    });
}

#[test]
fn any_loop_may_await_a_job_that_was_begun_elsewhere() {
    let _watchdog = watchdog();
    let pool = pool_of(1);
    let blocked = Blocked::on(&pool);
    let elsewhere = thread::spawn(move || run(blocked.job));
    blocked.go.send(9).unwrap();
    assert_eq!(elsewhere.join().unwrap().unwrap(), 9);
}

/// No time passes on the virtual clock while a thread works, whoever awaits it: so what waits for both sees the job
/// first, each time.
#[test]
fn virtual_time_stands_still_while_a_thread_works() {
    let _watchdog = watchdog();
    for _ in 0..quick_or_full(50, 1_000) {
        run(async {
            let job = threads::spawn_blocking(|| {
                thread::yield_now();
                7
            });
            assert_eq!(
                timeout(Duration::from_nanos(1), job)
                    .await
                    .unwrap()
                    .unwrap(),
                7
            );
            assert_eq!(now(), Time::ZERO);
        });
    }
}

#[test]
fn virtual_time_stands_still_for_a_job_that_nobody_awaits() {
    let _watchdog = watchdog();
    run(async {
        let (done, is_done) = channel();
        drop(threads::spawn_blocking(move || {
            (0..100).for_each(|_| thread::yield_now());
            done.send(()).unwrap();
        }));
        sleep(Duration::from_secs(1)).await;
        assert_eq!(is_done.try_recv(), Ok(()));
        assert_eq!(now(), Time::from_secs(1));
    });
}

/// A job of before, and a loop that keeps virtual time: while it is awaited, that is no deadlock.
#[test]
fn an_awaited_job_of_before_is_no_deadlock() {
    let _watchdog = watchdog();
    let blocked = Blocked::on(&pool_of(1));
    let (job, go) = (blocked.job, blocked.go);
    let teller = run(async move {
        let waiting = spawn(job);
        yield_now().await;
        let teller = thread::spawn(move || go.send(3).unwrap());
        assert_eq!(waiting.await.unwrap().unwrap(), 3);
        teller
    });
    teller.join().unwrap();
}

#[test]
fn a_finished_job_does_not_suspend_but_for_the_budget() {
    let _watchdog = watchdog();
    run_real(async {
        let jobs: Vec<_> = (0..300)
            .map(|it| threads::spawn_blocking(move || it))
            .collect();
        crate::common::wait_until(|| jobs.iter().all(|job| job.is_finished()));
        let turns = Rc::new(Cell::new(0));
        let counts = Rc::clone(&turns);
        let other = spawn(async move {
            loop {
                counts.set(counts.get() + 1);
                yield_now().await;
            }
        });
        for (number, job) in jobs.into_iter().enumerate() {
            assert_eq!(job.await.unwrap(), number);
            if number == 100 {
                assert_eq!(turns.get(), 0);
            }
        }
        // 128 and 128 of 300.
        assert_eq!(turns.get(), 2);
        other.abort();
    });
}

#[test]
fn a_waiting_task_says_at_which_line() {
    let _watchdog = watchdog();
    run_real(async {
        let Blocked { job, go } = Blocked::on(&threads::pool());
        let line = line!() + 1;
        let task = spawn(async move { job.await.unwrap() });
        yield_now().await;
        let suspended = tasks().pop().unwrap().suspended.unwrap();
        assert_eq!((suspended.why, suspended.location.line()), ("job", line));
        assert!(suspended.location.file().ends_with("jobs.rs"));
        go.send(1).unwrap();
        task.await.unwrap();
    });
}

#[test]
fn a_job_can_be_lent_and_awaited_again() {
    let _watchdog = watchdog();
    run_real(async {
        let Blocked { mut job, go } = Blocked::on(&threads::pool());
        let short = Duration::from_millis(1);
        assert!(timeout(short, &mut job).await.is_err());
        go.send(5).unwrap();
        assert_eq!((&mut job).await.unwrap(), 5);
    });
}

#[test]
fn awaiting_it_twice_is_refused_with_both_lines() {
    let _watchdog = watchdog();
    let line = line!() + 1;
    let mut job = pool_of(1).run(|| 1);
    let again = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        run(async {
            (&mut job).await.unwrap();
            (&mut job).await.unwrap();
        });
    }));
    let message = again.unwrap_err();
    let message = wakers::panic_message(&*message).unwrap();
    assert!(message.contains("its result was taken"), "{message}");
    assert!(message.contains(&format!("jobs.rs:{line}:")), "{message}");
}

#[test]
fn a_cancelled_task_leaves_its_job_to_go_on_and_its_thread_drops_the_value() {
    let _watchdog = watchdog();
    run_real(async {
        let (go, wait) = channel::<()>();
        let (value, dropped) = SaysWhere::new();
        let (begun, has_begun) = channel();
        let job = threads::spawn_blocking(move || {
            begun.send(()).unwrap();
            wait.recv().unwrap();
            value
        });
        let waiting = spawn(job);
        yield_now().await;
        has_begun.recv().unwrap();
        waiting.cancel();
        assert!(matches!(waiting.await, Err(JoinError::Cancelled)));
        assert!(dropped.try_recv().is_err());
        go.send(()).unwrap();
        assert_eq!(dropped.recv().unwrap(), "blocking-1");
    });
}

/// The thread is not idle before the value is gone, so a value that takes long keeps no other job waiting.
#[test]
fn a_value_that_nobody_wants_is_dropped_before_the_thread_takes_another_job() {
    let _watchdog = watchdog();
    let pool = pool_of(2);
    struct Waits(std::sync::mpsc::Receiver<()>, std::sync::mpsc::Sender<()>);
    impl Drop for Waits {
        fn drop(&mut self) {
            self.1.send(()).unwrap();
            self.0.recv().unwrap();
        }
    }
    let (go, wait) = channel();
    let (dropping, is_dropping) = channel();
    let (begin, may_begin) = channel::<()>();
    let job = pool.run(move || {
        may_begin.recv().unwrap();
        Waits(wait, dropping)
    });
    drop(job);
    begin.send(()).unwrap();
    is_dropping.recv().unwrap();
    // It comes to a second thread, not behind the destructor.
    assert_eq!(pool.run(|| 2).wait().unwrap(), 2);
    assert_eq!(pool.counts().started, 2);
    go.send(()).unwrap();
}

#[test]
fn a_value_that_was_there_is_dropped_with_its_job() {
    let _watchdog = watchdog();
    let (value, dropped) = SaysWhere::new();
    let job = pool_of(1).run(move || value);
    crate::common::wait_until(|| job.is_finished());
    assert!(dropped.try_recv().is_err());
    drop(job);
    // By this thread, or by the other one if that has not let go of it.
    let name = dropped.recv().unwrap();
    assert!(name == here() || name == "pool-1", "{name}");
}

#[test]
fn waiting_for_a_job_where_a_loop_runs_is_refused() {
    let _watchdog = watchdog();
    let job = pool_of(1).run(|| 1);
    let waited = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        run(async { drop(job.wait()) });
    }));
    let message = waited.unwrap_err();
    let message = wakers::panic_message(&*message).unwrap();
    assert!(message.contains("`.await` it instead"), "{message}");
}

#[test]
fn a_job_without_a_loop_is_refused_where_it_would_need_one() {
    for call in [
        || drop(threads::spawn_blocking(|| ())),
        || drop(threads::pool()),
        || drop(threads::fs::read("Cargo.toml")),
        || drop(threads::lookup("localhost:80")),
    ] {
        let thrown = std::panic::catch_unwind(call).unwrap_err();
        let message = wakers::panic_message(&*thrown).unwrap();
        assert!(message.contains("threads::run"), "{message}");
        assert!(message.contains("jobs.rs"), "{message}");
    }
    // Nor does a loop without the layer have one.
    let thrown = std::panic::catch_unwind(|| {
        task_cell::run(Clock::virtual_time(), async {
            drop(threads::spawn_blocking(|| ()));
        });
    });
    assert!(thrown.is_err());
}

/// A job's thread has no loop, so it may run one.
#[test]
fn a_job_may_run_a_loop_of_its_own() {
    let _watchdog = watchdog();
    let pool = pool_of(1);
    for _ in 0..3 {
        let inner =
            pool.run(|| run(async { threads::spawn_blocking(here).await.unwrap() }));
        assert_eq!(inner.wait().unwrap(), "blocking-1");
        // One that panics leaves nothing behind.
        let crash = pool.run(|| run(async { panic!("no fuel") }));
        assert!(matches!(crash.wait(), Err::<(), _>(JoinError::Panicked(_))));
    }
    assert_eq!(pool.counts().started, 1);
}

#[test]
fn what_goes_to_other_threads_may() {
    fn may_be_sent<T: Send + Unpin>() {}
    fn may_be_shared<T: Sync>() {}
    may_be_sent::<threads::Pool>();
    may_be_shared::<threads::Pool>();
    may_be_sent::<threads::Job<Cell<u32>>>();
    may_be_sent::<threads::RemoteTask<Cell<u32>>>();
    may_be_sent::<threads::LoopThread>();
    may_be_shared::<threads::LoopThread>();
    may_be_sent::<threads::fs::File>();
}
