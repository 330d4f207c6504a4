//! A runtime of one's own: what its builder sets, what it counts, and whom a misuse blames.

use std::future::pending;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use taxi::threads::HandleExt;
use taxi::time::{now, sleep};
use taxi::{Clock, Runtime, catch_cancel, spawn_blocking, yield_now};
use workbook_tests::blame::panic_of;
use workbook_tests::harness::watchdog;

/// Longer than any test.
const AGES: Duration = Duration::from_secs(1_000_000);

fn virtual_runtime() -> Runtime {
    let builder = Runtime::builder().clock(Clock::virtual_time());
    builder.build().unwrap()
}

#[test]
fn its_clock_is_the_one_that_was_set() {
    let _watchdog = watchdog();
    virtual_runtime().block_on(sleep(AGES));
    taxi::test::run(sleep(AGES));
    let begun = Instant::now();
    let moment = Duration::from_millis(5);
    Runtime::new().unwrap().block_on(sleep(moment));
    assert!(begun.elapsed() >= moment);
    taxi::run(sleep(moment)).unwrap();
    assert!(begun.elapsed() >= 2 * moment);
}

/// Ten seconds is what it waits for if nothing is said.
#[test]
fn its_end_waits_for_a_job_no_longer_than_was_set() {
    let _watchdog = watchdog();
    let limit = Duration::ZERO;
    let mut runtime = Runtime::builder().blocking_limit(limit).build().unwrap();
    let (go_on, told) = mpsc::channel::<()>();
    let (begun, has_begun) = mpsc::channel();
    runtime.block_on(async {
        drop(spawn_blocking(move || {
            begun.send(()).unwrap();
            told.recv().is_ok()
        }));
    });
    has_begun.recv().unwrap();
    let ends = Instant::now();
    drop(runtime);
    assert!(ends.elapsed() < Duration::from_secs(8));
    drop(go_on);
}

#[test]
fn cancelled_together_its_tasks_clean_up() {
    let mut runtime = virtual_runtime();
    let left = runtime.spawn(async {
        let asked = catch_cancel(pending::<()>()).await.is_err();
        sleep(AGES).await;
        (asked, now().as_secs())
    });
    runtime.block_on(yield_now());
    assert!(!left.is_finished());
    runtime.cancel_all();
    assert_eq!(*left.result().unwrap().unwrap(), (true, AGES.as_secs()));
}

#[test]
fn other_threads_reach_it_also_while_it_waits() {
    let _watchdog = watchdog();
    let mut runtime = Runtime::new().unwrap();
    let handle = runtime.handle();
    let asked = thread::spawn(move || {
        let first = handle.spawn(|| async { 3 }).wait().unwrap();
        // It waits again.
        first + handle.spawn(|| async { 4 }).wait().unwrap()
    });
    let join = move || asked.join().unwrap();
    let sum = runtime.block_on(async { spawn_blocking(join).await });
    assert_eq!(sum.unwrap(), 7);
}

#[test]
fn it_counts_its_rounds_and_how_often_it_has_waited() {
    let mut runtime = virtual_runtime();
    let mut counts = |yields: u32, sleeps: u32| {
        let before = runtime.metrics();
        runtime.block_on(async move {
            for _ in 0..yields {
                yield_now().await;
            }
            for _ in 0..sleeps {
                sleep(AGES).await;
            }
        });
        let after = runtime.metrics();
        (after.rounds - before.rounds, after.waits - before.waits)
    };
    let (alone, none) = counts(0, 0);
    assert_eq!(none, 0);
    assert_eq!(counts(100, 0), (alone + 100, 0));
    assert_eq!(counts(0, 100), (alone + 100, 100));
}

#[test]
fn it_counts_who_is_there_and_who_is_queued_in_a_run_and_between_two() {
    let counted = |it: taxi::Metrics| (it.tasks, it.ready, it.timers);
    let mut runtime = virtual_runtime();
    assert_eq!(counted(runtime.metrics()), (0, 0, 0));
    let sleeps = runtime.spawn(sleep(AGES));
    let waits = runtime.spawn(pending::<()>());
    assert_eq!(counted(runtime.metrics()), (2, 2, 0));
    runtime.block_on(async move {
        // They were queued before this; the loop has not looked at its timers since.
        assert_eq!(counted(taxi::metrics()), (3, 0, 0));
        let third = taxi::spawn(async {});
        assert_eq!(counted(taxi::metrics()), (4, 1, 0));
        yield_now().await;
        assert_eq!(counted(taxi::metrics()), (3, 0, 1));
        third.await.unwrap();
    });
    assert_eq!(counted(runtime.metrics()), (2, 0, 1));
    waits.cancel();
    runtime.block_on(sleeps).unwrap();
    assert_eq!(counted(runtime.metrics()), (0, 0, 0));
}

#[test]
fn without_a_runtime_there_is_nothing_to_be_counted() {
    let message = panic_of(|| taxi::metrics().tasks);
    assert!(message.contains("there is none"), "{message}");
}

#[test]
fn on_the_virtual_clock_it_knows_a_job_from_a_deadlock() {
    let _watchdog = watchdog();
    let mut runtime = virtual_runtime();
    let words = panic_of(|| runtime.block_on(pending::<()>()));
    assert!(words.contains("waiting"), "{words}");
    let words = panic_of(|| taxi::test::run(pending::<()>()));
    assert!(words.contains("waiting"), "{words}");
    // A job on a thread is no deadlock, however long it takes.
    let (go_on, told) = mpsc::channel();
    let job = virtual_runtime().block_on(async {
        let job = spawn_blocking(move || told.recv().unwrap());
        task_cell::call_soon(move || go_on.send("done").unwrap());
        job.await.unwrap()
    });
    assert_eq!(job, "done");
}

#[test]
fn whoever_misuses_it_is_blamed() {
    let mut runtime = virtual_runtime();
    runtime.close();
    let closed = "the executor is closed";
    let all = [
        panic_of(|| runtime.block_on(yield_now())),
        panic_of(|| runtime.try_block_on(yield_now())),
        panic_of(|| drop(runtime.spawn(yield_now()))),
        panic_of(|| runtime.cancel_all()),
    ];
    assert!(all.iter().all(|it| it.starts_with(closed)), "{all:?}");
    taxi::test::run(async {
        let words = panic_of(|| taxi::run(yield_now()));
        assert!(
            words.contains("a loop is running on this thread"),
            "{words}"
        );
    });
}
