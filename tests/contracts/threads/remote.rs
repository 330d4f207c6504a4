//! Tasks on a loop, spawned by other threads.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use event_loop::Clock;
use polling::yield_now;
use task_cell::{Closed, Executor, JoinError, catch_cancel, handle, stop};
use threads::{HandleExt, LoopThread, RemoteTask};
use timers::{outside, sleep};
use wakers::ThreadPark;
use workbook_tests::harness::watchdog;
use workbook_tests::limits::quick_or_full;

use crate::common::{SaysWhere, here, run, run_real};

fn is_cancelled<T>(task: RemoteTask<T>) -> bool {
    matches!(task.wait(), Err(JoinError::Cancelled))
}

#[test]
fn before_the_loop_runs_it_waits_for_it() {
    let _watchdog = watchdog();
    let mut executor = Executor::new(ThreadPark::new());
    let handle = executor.handle();
    let spawned = thread::spawn(move || handle.spawn(|| async { here() }));
    let task = spawned.join().unwrap();
    assert!(!task.is_finished());
    let name = executor.run_until_complete(task);
    assert_eq!(
        name.unwrap(),
        here(),
        "the future was made and run on the loop"
    );
}

#[test]
fn after_the_loop_is_closed_nothing_is_made() {
    let _watchdog = watchdog();
    let executor = Executor::new(ThreadPark::new());
    let handle = executor.handle();
    drop(executor);
    let (held, dropped) = SaysWhere::new();
    let task = handle.spawn(move || async move { drop(held) });
    assert_eq!(dropped.recv().unwrap(), here());
    assert!(task.is_finished() && !task.cancel());
    assert!(is_cancelled(task));
}

/// Sent, and never read; begun, and not over: both end with the loop, and whoever waits hears of it.
#[test]
fn a_loop_that_closes_ends_its_remote_tasks() {
    let _watchdog = watchdog();
    let mut executor = Executor::new(ThreadPark::new());
    let handle = executor.handle();
    let begun = handle.spawn(std::future::pending::<()>);
    executor.run_until_complete(async { yield_now().await });
    let sent = handle.spawn(std::future::pending::<()>);
    let waits = thread::spawn(move || (is_cancelled(begun), is_cancelled(sent)));
    drop(executor);
    assert_eq!(waits.join().unwrap(), (true, true));
}

#[test]
fn a_run_that_ends_lets_them_clean_up() {
    let _watchdog = watchdog();
    let (sender, handles) = channel();
    let (begun, has_begun) = channel();
    let elsewhere = thread::spawn(move || {
        let handle: task_cell::Handle = handles.recv().unwrap();
        let task = handle.spawn(move || async move {
            begun.send(()).unwrap();
            let caught = catch_cancel(std::future::pending::<()>()).await;
            sleep(Duration::from_millis(1)).await;
            caught.is_err()
        });
        task.wait()
    });
    run_real(async move {
        sender.send(handle()).unwrap();
        while has_begun.try_recv().is_err() {
            yield_now().await;
        }
    });
    assert!(elsewhere.join().unwrap().unwrap());
}

#[test]
fn cancelled_before_its_first_poll_its_body_never_runs() {
    let _watchdog = watchdog();
    let mut executor = Executor::new(ThreadPark::new());
    let task = executor
        .handle()
        .spawn(|| async { unreachable!("it was cancelled") });
    assert!(task.cancel());
    let end: Result<(), _> = executor.run_until_complete(task);
    assert!(matches!(end, Err(JoinError::Cancelled)));
}

#[test]
fn a_task_that_catches_the_request_gives_its_value() {
    let _watchdog = watchdog();
    let service = LoopThread::start("service").unwrap();
    let (begun, has_begun) = channel();
    let task = service.handle().spawn(|| async move {
        begun.send(()).unwrap();
        catch_cancel(std::future::pending::<()>()).await.is_err()
    });
    has_begun.recv().unwrap();
    assert!(task.cancel());
    assert!(task.wait().unwrap());
}

#[test]
fn panics_of_the_maker_and_of_the_future_are_values() {
    let _watchdog = watchdog();
    let service = LoopThread::start("service").unwrap();
    let maker = || -> std::future::Ready<()> { panic!("a maker") };
    let Err(JoinError::Panicked(panic)) = service.handle().spawn(maker).wait() else {
        panic!("it did not panic")
    };
    assert_eq!(panic.message().as_deref(), Some("a maker"));
    let future = service.run(|| async { panic!("a future") });
    let Err::<(), _>(JoinError::Panicked(panic)) = future else {
        panic!("it did not panic")
    };
    assert_eq!(panic.message().as_deref(), Some("a future"));
    assert_eq!(service.run(|| async { 7 }).unwrap(), 7);
}

#[test]
fn a_remote_task_that_is_dropped_runs_on_and_its_value_stays_there() {
    let _watchdog = watchdog();
    let service = LoopThread::start("service").unwrap();
    let (value, dropped) = SaysWhere::new();
    let (go, mut wait) = futures::channel::mpsc::unbounded::<()>();
    let task = service.handle().spawn(move || async move {
        futures::StreamExt::next(&mut wait).await;
        value
    });
    drop(task);
    go.unbounded_send(()).unwrap();
    assert_eq!(dropped.recv().unwrap(), "service");
}

#[test]
fn one_loop_awaits_the_task_of_another() {
    let _watchdog = watchdog();
    let service = LoopThread::start("service").unwrap();
    let handle = service.handle();
    for number in 0..quick_or_full(100, 2_000) {
        let handle = handle.clone();
        // On virtual time: it is no deadlock while somebody else works for it.
        let twice = run(async move {
            handle
                .spawn(move || async move {
                    yield_now().await;
                    number * 2
                })
                .await
        });
        assert_eq!(twice.unwrap(), number * 2);
    }
}

#[test]
fn waiting_on_the_loops_own_thread_is_refused() {
    let _watchdog = watchdog();
    let ran = std::panic::catch_unwind(|| {
        run(async {
            let task = handle().spawn(|| async { 1 });
            drop(task.wait());
        });
    });
    let thrown = ran.unwrap_err();
    let message = wakers::panic_message(&*thrown).unwrap();
    assert!(message.contains("would stop the loop"), "{message}");
}

/// The future of a task that was made here may hold what does not leave this thread.
#[test]
fn many_threads_spawn_on_one_loop() {
    let _watchdog = watchdog();
    let count = quick_or_full(500, 5_000);
    let local = Rc::new(Cell::new(0));
    thread_local! {
        static LOCAL: Cell<usize> = const { Cell::new(0) };
    }
    let seen = Rc::clone(&local);
    run_real(async move {
        let handle = handle();
        let _expected = outside();
        let (done, mut all) = futures::channel::mpsc::unbounded();
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let (handle, done) = (handle.clone(), done.clone());
                thread::spawn(move || {
                    let tasks: Vec<_> = (0..count)
                        .map(|number| {
                            handle.spawn(move || async move {
                                yield_now().await;
                                LOCAL.set(LOCAL.get() + 1);
                                number
                            })
                        })
                        .collect();
                    let sum: usize =
                        tasks.into_iter().map(|task| task.wait().unwrap()).sum();
                    done.unbounded_send(sum).unwrap();
                })
            })
            .collect();
        drop(done);
        let mut sum = 0;
        while let Some(part) = futures::StreamExt::next(&mut all).await {
            sum += part;
        }
        assert_eq!(sum, 4 * count * (count - 1) / 2);
        threads
            .into_iter()
            .for_each(|thread| thread.join().unwrap());
        seen.set(LOCAL.get());
    });
    assert_eq!(local.get(), 4 * count);
}

/// Each is found by its number, not by a search through all.
#[test]
fn thousands_are_cancelled_at_once() {
    let _watchdog = watchdog();
    let service = LoopThread::start("service").unwrap();
    let handle = service.handle();
    let tasks: Vec<_> = (0..quick_or_full(3_000, 30_000))
        .map(|_| handle.spawn(std::future::pending::<()>))
        .collect();
    for task in &tasks {
        assert!(task.cancel());
    }
    assert!(tasks.into_iter().all(is_cancelled));
}

#[test]
fn a_plain_call_comes_in_the_order_in_which_it_was_sent() {
    let _watchdog = watchdog();
    let mut executor =
        Executor::new(timers::Timers::new(ThreadPark::new(), Clock::real()));
    let handle = executor.handle();
    let (say, heard) = channel();
    let sender = thread::spawn(move || {
        for number in 0..100 {
            let say = say.clone();
            if number % 2 == 0 {
                handle.call_soon(move || say.send(number).unwrap()).unwrap();
            } else {
                // The maker is called in that order too.
                drop(handle.spawn(move || {
                    say.send(number).unwrap();
                    async {}
                }));
            }
        }
        handle.call_soon(stop).unwrap();
        handle
    });
    let handle = sender.join().unwrap();
    executor.run_forever();
    assert!(heard.try_iter().eq(0..100));
    drop(executor);
    assert_eq!(handle.call_soon(|| {}), Err(Closed));
}

#[test]
fn a_task_that_is_spawned_there_is_one_of_its_tasks() {
    let _watchdog = watchdog();
    run_real(async {
        let task = handle().spawn(std::future::pending::<()>);
        // The root and that one, as soon as the mail is read.
        while task_cell::tasks().len() < 2 {
            yield_now().await;
        }
        assert!(task.cancel());
        assert!(task.await.is_err());
    });
}
