//! One loop a thread: whatever blocks it inside another one panics at the caller's line, and says what to do.

use event_loop::Clock;
use polling::yield_now;
use timers::Timers;
use wakers::ThreadPark;

use crate::misuse::panic_of;

fn clock() -> Clock {
    Clock::virtual_time()
}

fn timers() -> Timers<ThreadPark> {
    Timers::new(ThreadPark::new(), clock())
}

/// Each way to block a thread, as the inner one: what it says.
fn inner() -> Vec<String> {
    let mut six = tasks::Executor::new(timers());
    let mut eight = task_cell::Executor::new(timers());
    vec![
        panic_of(|| wakers::block_on(async {})),
        panic_of(|| wakers::block_on_with(&mut ThreadPark::new(), async {})),
        panic_of(|| timers::block_on(clock(), async {})),
        panic_of(|| tasks::run(clock(), async {})),
        panic_of(|| tasks::run_with(ThreadPark::new(), async {})),
        panic_of(|| six.run_until_complete(async {})),
        panic_of(|| six.run_forever()),
        panic_of(|| task_cell::run(clock(), async {})),
        panic_of(|| eight.run_until_complete(async {})),
        panic_of(|| drop(eight.try_run_until_complete(async {}))),
        panic_of(|| eight.run_forever()),
        panic_of(|| readiness::run(clock(), async {})),
    ]
}

/// As the future of an outer loop; at the end it is sure that the outer one goes on.
async fn outer() {
    yield_now().await;
    for words in inner() {
        assert!(
            words.starts_with("a loop is running on this thread already"),
            "{words}"
        );
        assert!(
            words.contains("await the future instead, or spawn it"),
            "{words}"
        );
    }
    yield_now().await;
}

#[test]
fn inside_a_loop_of_one_future() {
    wakers::block_on(outer());
    timers::block_on(clock(), outer());
}

#[test]
fn inside_chapter_6() {
    tasks::run(clock(), outer());
    tasks::run(clock(), async { tasks::spawn(outer()).await });
    // A callback's panic would only be reported.
    let heard = tasks::run(clock(), async {
        let heard = tasks::promise();
        let hears = heard.clone();
        tasks::call_soon(move || hears.set(inner().len()).unwrap());
        heard.await
    });
    assert_eq!(heard, 12);
}

#[test]
fn inside_chapter_7() {
    readiness::run(clock(), outer()).unwrap();
}

#[test]
fn inside_chapter_8() {
    task_cell::run(clock(), outer());
    task_cell::run(clock(), async { task_cell::spawn(outer()).await.unwrap() });
}

#[test]
fn an_executor_may_be_made_closed_and_dropped_inside_a_loop() {
    tasks::run(clock(), async {
        let mut six = tasks::Executor::new(timers());
        let _task = six.spawn(std::future::pending::<()>());
        assert_eq!(six.close().len(), 1);
        let mut eight = task_cell::Executor::new(timers());
        drop(eight.spawn(std::future::pending::<()>()));
        assert_eq!(eight.close().len(), 1);
        drop(task_cell::Executor::new(timers()));
        // And the outer one is current again.
        tasks::spawn(yield_now()).await;
    });
}
