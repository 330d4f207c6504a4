//! Runs: again, forever, stopped, closed.

use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use polling::{counted, yield_now};
use tasks::{promise, spawn, stop};
use timers::{now, sleep};

use crate::misuse::panic_of;
use crate::others_code::OnDrop;
use crate::{Log, executor, run};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn the_root_may_borrow_and_need_not_be_send() {
    let text = String::from("here");
    let shared = Rc::new(7);
    let length = run(async {
        yield_now().await;
        text.len() + *shared
    });
    assert_eq!(length, 11);
}

#[test]
fn what_is_left_goes_on_in_the_next_run() {
    let mut executor = executor();
    let task = executor.spawn(async {
        sleep(3 * SECOND).await;
        now().as_secs()
    });
    executor.run_until_complete(sleep(SECOND));
    assert!(!task.is_finished());
    assert_eq!(executor.run_until_complete(task), 3);
}

#[test]
fn tasks_are_numbered_and_the_root_has_a_number_too() {
    let mut executor = executor();
    let one = executor.spawn(async {});
    let three = executor.run_until_complete(async { spawn(async {}).id() });
    assert_eq!((one.id(), three), (1, 3));
}

#[test]
fn stop_ends_the_run_with_the_present_turn() {
    let log = Log::default();
    let mut executor = executor();
    for name in ["a", "b"] {
        let log = log.clone();
        let _task = executor.spawn(async move {
            for _ in 0..2 {
                log.say(name);
                stop();
                yield_now().await;
            }
        });
    }
    executor.run_forever();
    assert_eq!(log.all(), "a, b");
    executor.run_forever();
    assert_eq!(log.all(), "a, b");
}

#[test]
fn a_root_that_is_cut_off_is_dropped_before_the_run_returns() {
    for stops in [true, false] {
        let dropped = Cell::new(false);
        // It borrows: what it refers to may go when the run is over.
        let held = OnDrop(|| dropped.set(true));
        let root = async move {
            let _held = held;
            if stops {
                stop();
            }
            pending::<()>().await;
        };
        let mut executor = executor();
        let words = panic_of(|| executor.run_until_complete(root));
        assert!(dropped.get(), "it says: {words}");
        executor.run_until_complete(yield_now());
    }
}

#[test]
fn a_root_that_stops_the_loop_itself_still_gives_its_result() {
    let mut executor = executor();
    let seven = executor.run_until_complete(async {
        stop();
        7
    });
    assert_eq!(seven, 7);
    // The end of that root is still in the queue. It is no end of this one.
    let eight = executor.run_until_complete(async {
        sleep(SECOND).await;
        8
    });
    assert_eq!(eight, 8);
}

#[test]
fn an_old_roots_waker_does_not_poll_the_new_root() {
    let mut executor = executor();
    let old = executor
        .run_until_complete(poll_fn(|context| Poll::Ready(context.waker().clone())));
    let (root, polls) = counted(async {
        for _ in 0..5 {
            old.wake_by_ref();
            yield_now().await;
        }
        old.wake_by_ref();
        sleep(SECOND).await;
    });
    executor.run_until_complete(root);
    assert_eq!(polls.get(), 7);
}

#[test]
fn close_says_what_it_dropped_and_where_that_was_spawned() {
    let mut executor = executor();
    let _over = executor.spawn(async {});
    let line = line!() + 1;
    let _left = executor.spawn(std::future::pending::<()>());
    executor.run_until_complete(yield_now());
    let stranded = executor.close();
    assert_eq!(stranded.len(), 1);
    assert_eq!(stranded[0].id, 2);
    assert_eq!(stranded[0].spawned.file(), file!());
    assert_eq!(stranded[0].spawned.line(), line);
    assert_eq!(stranded[0].to_string(), "Task-2 (spawned in runs.rs)");
    assert_eq!(executor.close(), []);
}

#[test]
fn run_drops_what_is_left() {
    struct Flag(Rc<Cell<bool>>);
    impl Drop for Flag {
        fn drop(&mut self) {
            self.0.set(true);
        }
    }
    let dropped = Rc::new(Cell::new(false));
    let flag = Flag(Rc::clone(&dropped));
    run(async {
        let _left = spawn(async move {
            let _flag = flag;
            sleep(SECOND).await;
        });
        yield_now().await;
    });
    assert!(dropped.get());
}

#[test]
fn two_executors_on_one_thread_take_turns() {
    let (mut here, mut there) = (executor(), executor());
    let kept = promise();
    let waits = kept.clone();
    let mut task = here.spawn(waits.into_future());
    here.run_until_complete(yield_now());
    // A handle may be awaited on another executor than its task's.
    let joined = there.spawn(async move {
        let seven: u32 = (&mut task).await;
        seven + 1
    });
    there.run_until_complete(yield_now());
    kept.set(7).unwrap();
    here.run_until_complete(yield_now());
    assert_eq!(there.run_until_complete(joined), 8);
}

/// What a root that is cut off holds may need the executor once more.
#[test]
fn a_root_that_is_stopped_is_dropped_while_its_executor_is_current() {
    let mut executor = executor();
    let log = Log::default();
    let ours = log.clone();
    let held = OnDrop(move || {
        let ours = ours.clone();
        drop(spawn(async move { ours.say("spawned by a destructor") }));
    });
    executor.call_soon(stop);
    let words = panic_of(|| {
        executor.run_until_complete(async move {
            let _held = held;
            pending::<()>().await;
        });
    });
    assert!(words.starts_with("stop() was called"), "{words}");
    executor.run_until_complete(yield_now());
    assert_eq!(log.all(), "spawned by a destructor");
}

/// Dropped within something that is dropped, it drops its own while it is current itself.
#[test]
fn an_executor_in_a_tasks_future_is_closed_with_it() {
    let log = Log::default();
    let says = |what: &'static str| {
        let ours = log.clone();
        OnDrop(move || {
            let ours = ours.clone();
            ours.say(what);
            // Spawned on the inner one, which is closing: dropped, and never run.
            drop(spawn(async move { ours.say("never") }));
        })
    };
    let (in_task, in_callback, last) = (says("task"), says("callback"), says("last"));
    let mut inner = executor();
    drop(inner.spawn(async move {
        let _held = in_task;
        pending::<()>().await;
    }));
    inner.run_until_complete(yield_now());
    inner.call_soon(move || drop(in_callback));
    let mut outer = executor();
    drop(outer.spawn(async move {
        let _last = last;
        let _inner = inner;
        pending::<()>().await;
    }));
    outer.run_until_complete(yield_now());
    assert_eq!(outer.close().len(), 1);
    let dropped = log.all();
    let mut inner: Vec<&str> = dropped.split(", ").collect();
    assert_eq!(inner.pop(), Some("last"), "{dropped}");
    inner.sort_unstable();
    assert_eq!(inner, ["callback", "task"]);
}
