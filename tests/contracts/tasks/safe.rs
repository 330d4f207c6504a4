//! What the safe task does in words or ways of its own; chapter 8 has these tests anew.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::time::Duration;

use polling::yield_now;
use tasks::{JoinHandle, promise, spawn};
use timers::sleep;

use crate::misuse::{panic_of, words_of};
use crate::others_code::{OnDrop, busy_drop};
use crate::{Log, executor, run};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_deadlock_names_the_tasks_and_where_they_were_spawned() {
    let mut executor = executor();
    let waits = executor.spawn(promise::<u32>().into_future());
    let words = panic_of(|| executor.run_until_complete(waits));
    let wanted = "waiting: Task-2 (the root), Task-1 (spawned in safe.rs)";
    assert!(
        words.starts_with("cannot wait: deadlock: ") && words.ends_with(wanted),
        "{words}"
    );
    // Nothing is lost by it.
    executor.run_until_complete(yield_now());
    let words = panic_of(|| executor.run_forever());
    assert!(
        words.ends_with("waiting: Task-1 (spawned in safe.rs)"),
        "{words}"
    );
}

#[test]
fn a_task_that_awaits_itself_is_a_deadlock_that_says_so() {
    let myself: Rc<RefCell<Option<JoinHandle<()>>>> = Rc::default();
    let ours = Rc::clone(&myself);
    let words = panic_of(|| {
        run(async {
            let task = spawn(async move {
                let handle = ours.take().unwrap();
                handle.await;
            });
            myself.replace(Some(task));
            promise::<()>().await;
        });
    });
    assert!(
        words.ends_with("Task-1 (the root), Task-2 (spawned in safe.rs)"),
        "{words}"
    );
}

#[test]
fn awaiting_a_task_that_was_dropped_says_so_instead_of_hanging() {
    let mut gone = executor();
    let task = gone.spawn(async { 7 });
    let mut executor = executor();
    let joined = executor.spawn(task.into_future());
    executor.run_until_complete(yield_now());
    gone.close();
    let words = words_of(|| _ = executor.run_until_complete(joined));
    assert!(
        words.starts_with("Task-1 (spawned in safe.rs) was dropped before"),
        "{words}"
    );
}

#[test]
fn a_panic_in_a_task_leaves_all_in_order() {
    let log = Log::default();
    let mut executor = executor();
    let at_end = busy_drop(&log);
    let task = executor.spawn(async move {
        let _at_end = at_end;
        yield_now().await;
        std::panic::panic_any("a flat tyre");
    });
    let kept = executor.spawn(async {
        sleep(SECOND).await;
        7
    });
    let outcome = catch_unwind(AssertUnwindSafe(|| executor.run_forever()));
    assert_eq!(outcome.unwrap_err().downcast_ref(), Some(&"a flat tyre"));
    assert_eq!(format!("{task:?}"), "Task-1 dropped before its end");
    // No executor is current, and no timers.
    let words = panic_of(|| spawn(async {}));
    assert!(words.contains("needs an executor"), "{words}");
    assert!(!timers::is_virtual());
    // This one goes on, and another one runs too.
    assert_eq!(executor.run_until_complete(kept), 7);
    assert_eq!(log.all(), "dropped, spawned by a drop, called by a drop");
    run(yield_now());
}

#[test]
fn the_debug_of_a_handle_is_its_state() {
    let mut executor = executor();
    let mut task = executor.spawn(async { 7 });
    assert_eq!(format!("{task:?}"), "Task-1 pending");
    assert!(task.result().is_none());
    executor.run_until_complete(yield_now());
    assert_eq!(format!("{task:?}"), "Task-1 finished, result=7");
    assert_eq!(task.result().as_deref(), Some(&7));
    executor.run_until_complete(&mut task);
    assert_eq!(format!("{task:?}"), "Task-1 finished, result taken");
    assert!(task.is_finished() && task.result().is_none());
    let left = executor.spawn(async {});
    executor.close();
    assert_eq!(format!("{left:?}"), "Task-4 dropped before its end");
    assert!(!left.is_finished());
    let kept = promise();
    assert_eq!(format!("{kept:?}"), "Promise pending");
    assert_eq!((kept.set(7), kept.set(8)), (Ok(()), Err(8)));
    assert_eq!(format!("{kept:?}"), "Promise kept, value=7");
}

/// Two panics at once would abort the process.
#[test]
fn what_the_root_holds_may_panic_when_a_tasks_panic_cuts_it_off() {
    let mut executor = executor();
    drop(executor.spawn(async { panic!("a flat tyre") }));
    let held = OnDrop(|| panic!("and the spare one"));
    let cut_off = catch_unwind(AssertUnwindSafe(|| {
        executor.run_until_complete(async move {
            let _held = held;
            std::future::pending::<()>().await;
        });
    }));
    let payload = cut_off.unwrap_err();
    assert_eq!(wakers::panic_message(&*payload), Some("a flat tyre"));
    // So may its output, which is there when the task panics.
    let spawned = executor.spawn(async {
        yield_now().await;
        panic!("a flat tyre")
    });
    let cut_off = catch_unwind(AssertUnwindSafe(|| {
        executor.run_until_complete(async { OnDrop(|| panic!("and the spare one")) })
    }));
    drop(spawned);
    let Err(payload) = cut_off else {
        panic!("it is not cut off");
    };
    assert_eq!(wakers::panic_message(&*payload), Some("a flat tyre"));
}
