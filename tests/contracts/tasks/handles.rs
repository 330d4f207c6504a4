//! A handle, and a promise, is a future like any other.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::{Context, Waker};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{join_all, select};
use polling::{take_suspension, yield_now};
use tasks::{JoinHandle, call_soon, promise, spawn};
use timers::{sleep, timeout};

use crate::misuse::panic_of;
use crate::{Log, run, watchdog};

const SECOND: Duration = Duration::from_secs(1);

async fn after(seconds: u32) -> u32 {
    sleep(SECOND * seconds).await;
    seconds
}

#[test]
fn it_can_be_joined_selected_and_timed_out() {
    run(async {
        let all = join_all([3, 1, 2].map(|seconds| spawn(after(seconds))));
        assert_eq!(all.await, [3, 1, 2]);

        let (mut slow, mut quick) = (spawn(after(2)), spawn(after(1)));
        let first = select(&mut slow, &mut quick).await.factor_first().0;
        assert_eq!(first, 1);
        assert_eq!(timeout(SECOND / 2, &mut slow).await.ok(), None);
        // Whoever lost is still there to be awaited.
        assert_eq!(slow.await, 2);

        let set = promise();
        let sets = set.clone();
        let (one, two) = (set.clone(), set);
        let both = spawn(async move { futures::join!(one, two) });
        yield_now().await;
        sets.set(7).unwrap();
        assert_eq!(both.await, (7, 7));
    });
}

#[test]
fn a_result_that_was_taken_is_asked_for_at_the_callers_line() {
    run(async {
        let mut task = spawn(async { 1 });
        assert_eq!((&mut task).await, 1);
        assert!(task.is_finished());
        let words = panic_of(|| {
            let again = async move { assert_eq!(task.await, 1) };
            again.now_or_never()
        });
        assert!(words.contains("its result was taken"), "{words}");

        let mut task = spawn(async { 1 });
        assert_eq!((&mut task).await, 1);
        let words = panic_of(|| {
            let again = async move { timeout(SECOND, task).await };
            again.now_or_never()
        });
        assert!(words.contains("its result was taken"), "{words}");
    });
}

#[test]
fn a_task_that_was_dropped_is_asked_for_at_the_callers_line() {
    let executor = crate::executor();
    let task = executor.spawn(std::future::pending::<()>());
    drop(executor);
    let words = panic_of(|| {
        let waits = async move { ((), task.await) };
        waits.now_or_never()
    });
    assert!(words.contains("was dropped before its end"), "{words}");
}

/// The line of this file at which `waits` is suspended, polled as a task is.
fn line_of(waits: impl Future) -> u32 {
    let mut waits = std::pin::pin!(waits);
    let mut context = Context::from_waker(Waker::noop());
    assert!(waits.as_mut().poll(&mut context).is_pending());
    let said = take_suspension().unwrap();
    assert_eq!(said.location.file(), file!());
    said.location.line()
}

#[test]
fn a_handle_and_a_promise_know_where_they_are_awaited() {
    run(async {
        let made = line!() + 1;
        let (mut task, kept) = (spawn(sleep(SECOND)), promise::<()>());
        let line = line!() + 1;
        assert_eq!(line_of(async { kept.clone().await }), line);
        let line = line!() + 1;
        assert_eq!(line_of(async { timeout(SECOND, kept.clone()).await }), line);
        // Through a reference, or in a task of its own, it is where it was made.
        assert_eq!(line_of(async { (&mut task).await }), made);
        let line = line!() + 1;
        assert_eq!(line_of(async { ((), task.await) }), line);
    });
}

/// Polls the task that is spawned, and looks what it said.
#[test]
fn a_task_that_is_nothing_but_a_promise_says_where_that_was_made() {
    run(async {
        let line = line!() + 1;
        let kept = promise::<()>();
        drop(spawn(kept.clone()));
        call_soon(move || {
            let said = take_suspension().unwrap();
            assert_eq!(said.location.file(), file!());
            LINE.set(said.location.line());
        });
        yield_now().await;
        assert_eq!(LINE.get(), line);
    });
}

thread_local! {
    static LINE: Cell<u32> = const { Cell::new(0) };
}

/// Calls its function when it is cloned.
struct Nosy(Rc<dyn Fn()>);

impl Clone for Nosy {
    fn clone(&self) -> Nosy {
        (self.0)();
        Nosy(Rc::clone(&self.0))
    }
}

#[test]
fn a_callback_that_is_asked_for_while_the_result_is_cloned_is_called() {
    run(async {
        let log = Log::default();
        let handle = Rc::new(RefCell::new(None::<JoinHandle<Nosy>>));
        let (asks, ours, first) = (Rc::clone(&handle), log.clone(), Cell::new(true));
        let nosy = Nosy(Rc::new(move || {
            if first.take() {
                let ours = ours.clone();
                let handle = asks.borrow();
                let handle = handle.as_ref().unwrap();
                handle.add_done_callback(move |_| ours.say("asked by the clone"));
            }
        }));
        let task = spawn(async move { nosy });
        let ours = log.clone();
        task.add_done_callback(move |_| ours.say("asked before"));
        handle.replace(Some(task));
        yield_now().await;
        yield_now().await;
        assert_eq!(log.all(), "asked before, asked by the clone");
        // Cuts the circle.
        let task = handle.take().unwrap();
        drop(task.await);
    });
}

/// A list that is searched for each of them would take minutes.
#[test]
fn a_promise_has_any_number_of_waiters() {
    let _watchdog = watchdog("a_promise_has_any_number_of_waiters");
    run(async {
        let kept = promise();
        let tasks: Vec<_> = (0..200_000).map(|_| spawn(kept.clone())).collect();
        yield_now().await;
        // Half of them lose interest.
        let mut clones: Vec<_> = (0..200_000).map(|_| kept.clone()).collect();
        let mut context = Context::from_waker(Waker::noop());
        for clone in &mut clones {
            assert!(clone.poll_unpin(&mut context).is_pending());
        }
        drop(clones);
        kept.set(1).unwrap();
        for task in tasks {
            assert_eq!(task.await, 1);
        }
    });
}
