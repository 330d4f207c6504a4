//! Abort, the end of `run`, a deadlock, and who is in the list of tasks.

use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use event_loop::Clock;
use polling::yield_now;
use task_cell::{
    Cancelled, Executor, JoinError, TaskState, catch_cancel, promise, spawn, spawn_named,
};
use timers::{Timers, sleep};
use wakers::ThreadPark;

use crate::Log;
use crate::cancelling::run;
use crate::misuse::panic_of;
use crate::others_code::OnDrop;

const SECOND: Duration = Duration::from_secs(1);

fn executor() -> Executor<Timers<ThreadPark>> {
    Executor::new(Timers::new(ThreadPark::new(), Clock::virtual_time()))
}

#[test]
fn abort_does_not_ask() {
    run(async {
        let log = Log::default();
        let (ours, held) = (log.clone(), log.clone());
        let task = spawn(async move {
            let _held = OnDrop(move || held.say("dropped"));
            let _caught = catch_cancel(pending::<()>()).await;
            ours.say("never");
        });
        yield_now().await;
        task.abort();
        assert!(!task.is_finished(), "at its turn, not here");
        assert!(matches!(task.await, Err(JoinError::Cancelled)));
        assert_eq!(log.all(), "dropped");
    });
}

#[test]
fn abort_before_the_first_poll_during_the_clean_up_and_after_the_end() {
    run(async {
        let never = spawn(async { unreachable!("it was aborted") });
        never.abort();
        assert!(matches!(never.await, Err(JoinError::Cancelled)));
        let cleans_up = spawn(async {
            let _caught = catch_cancel(pending::<()>()).await;
            sleep(1000 * SECOND).await;
        });
        yield_now().await;
        cleans_up.cancel();
        sleep(SECOND).await;
        cleans_up.abort();
        assert!(matches!(cleans_up.await, Err(JoinError::Cancelled)));
        assert_eq!(timers::now().as_secs(), 1);
        let over = spawn(async { 7 });
        yield_now().await;
        over.abort();
        assert!(!over.is_cancelled());
        assert_eq!(over.await.unwrap(), 7);
    });
}

#[test]
fn a_task_that_aborts_itself_goes_on_to_its_next_suspension() {
    run(async {
        let log = Log::default();
        let (ours, kept) = (log.clone(), promise());
        let waited = kept.clone();
        let task = Rc::new(spawn(async move {
            let myself: Rc<task_cell::JoinHandle<()>> = waited.await;
            myself.abort();
            ours.say("still here");
            catch_cancel(yield_now()).await.unwrap();
            ours.say("never");
        }));
        kept.set(Rc::clone(&task)).ok().unwrap();
        drop(kept);
        sleep(SECOND).await;
        assert!(task.is_cancelled());
        assert_eq!(log.all(), "still here");
    });
}

#[test]
fn the_end_of_run_cancels_all_in_the_order_of_their_birth_and_waits_for_them() {
    let log = Log::default();
    let ours = log.clone();
    run(async move {
        for name in ["a", "b"] {
            let (log, held) = (ours.clone(), ours.clone());
            drop(spawn(async move {
                let _held = OnDrop(move || held.say(format!("{name} dropped")));
                let caught = catch_cancel(sleep(1000 * SECOND)).await;
                log.say(format!("{name} {caught:?} at {}", timers::now().as_secs()));
                sleep(SECOND).await;
                Cancelled::resume().await;
            }));
        }
        let held = ours.clone();
        let held = OnDrop(move || held.say("c dropped"));
        drop(spawn(async move {
            let _held = held;
            pending::<()>().await;
        }));
        sleep(SECOND).await;
    });
    let wanted = "a Err(Cancelled) at 1, b Err(Cancelled) at 1, c dropped, \
                  a dropped, b dropped";
    assert_eq!(log.all(), wanted);
}

#[test]
fn the_end_of_run_cancels_also_when_the_root_has_panicked() {
    let log = Log::default();
    let ours = log.clone();
    let words = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        run(async move {
            drop(spawn(async move {
                let _caught = catch_cancel(pending::<()>()).await;
                sleep(SECOND).await;
                ours.say("clean");
            }));
            yield_now().await;
            std::panic::panic_any("a flat tyre");
        });
    }));
    assert_eq!(words.unwrap_err().downcast_ref(), Some(&"a flat tyre"));
    assert_eq!(log.all(), "clean");
}

#[test]
fn run_until_complete_leaves_the_others_where_they_are_and_close_drops_them() {
    let log = Log::default();
    let mut executor = executor();
    let (ours, held) = (log.clone(), log.clone());
    let task = executor.spawn(async move {
        let _held = OnDrop(move || held.say("dropped"));
        let caught = catch_cancel(pending::<()>()).await;
        ours.say(format!("{caught:?}"));
    });
    executor.run_until_complete(sleep(SECOND));
    executor.run_until_complete(sleep(SECOND));
    assert!(!task.is_finished());
    assert_eq!(log.all(), "");
    let left = executor.close();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].to_string(), "Task-1 (spawned in ending.rs)");
    assert!(task.is_cancelled());
    assert_eq!(log.all(), "dropped", "dropped, and not asked");
}

#[test]
fn the_root_may_be_cancelled() {
    let mut executor = executor();
    let log = Log::default();
    let ours = log.clone();
    let root = async move {
        let me = task_cell::tasks();
        let _asks = spawn(async move { assert!(me[0].is_root && me[0].cancel()) });
        let caught = catch_cancel(pending::<()>()).await;
        ours.say(format!("{caught:?}"));
        Cancelled::resume().await;
    };
    let ended = executor.try_run_until_complete(root);
    assert!(matches!(ended, Err(JoinError::Cancelled)));
    assert_eq!(log.all(), "Err(Cancelled)");
    let cancelled = async {
        task_cell::tasks()[0].cancel();
        yield_now().await;
    };
    let words = panic_of(|| executor.run_until_complete(cancelled));
    assert_eq!(words, "the future was cancelled: no result");
}

#[test]
fn a_deadlock_says_who_waits_where_and_for_what() {
    let mut executor = executor();
    drop(executor.spawn_named("meter", promise::<u32>().into_future()));
    let waits = executor.spawn(pending::<()>());
    let words = panic_of(|| executor.run_until_complete(waits.into_future()));
    let wanted = "waiting: Task-3 (the root; join in ending.rs), \
                  meter (spawned in ending.rs; promise in ending.rs), \
                  Task-2 (spawned in ending.rs)";
    assert!(
        words.starts_with("cannot wait: deadlock") && words.ends_with(wanted),
        "{words}"
    );
    // The root is gone; nothing else is lost.
    executor.run_until_complete(sleep(SECOND));
    assert_eq!(executor.close().len(), 2);
}

#[test]
fn a_locals_sleep_is_released_by_a_cancellation() {
    let mut executor = executor();
    let task = executor.spawn(sleep(1000 * SECOND));
    executor.run_until_complete(yield_now());
    assert!(task.cancel());
    assert!(executor.run_until_complete(task).is_err());
    // A deadline that is left would be waited for, before nothing can ever happen again.
    let words = panic_of(|| executor.run_until_complete(pending::<()>()));
    assert!(words.starts_with("cannot wait: deadlock"), "{words}");
    let now = executor.run_until_complete(async { timers::now() });
    assert_eq!(now.as_secs(), 0);
}

#[test]
fn a_lock_that_a_cancelled_task_holds_is_free_for_the_next_one() {
    run(async {
        let lock = Rc::new(futures::lock::Mutex::new(7));
        let mut tasks = Vec::new();
        for _ in 0..3 {
            let lock = Rc::clone(&lock);
            tasks.push(spawn(async move {
                let _guard = lock.lock().await;
                pending::<()>().await;
            }));
        }
        yield_now().await;
        // One that waits for it, and the one that has it.
        assert!(tasks[1].cancel() && tasks[0].cancel());
        sleep(SECOND).await;
        assert!(lock.try_lock().is_none(), "the third one has it");
        tasks[2].cancel();
        sleep(SECOND).await;
        assert!(lock.try_lock().is_some());
    });
}

#[test]
fn a_task_that_awaits_a_cancelled_one_goes_on_and_its_own_end_cancels_nobody() {
    run(async {
        let inner = spawn(async {
            sleep(SECOND).await;
            7
        });
        let seen = Rc::new(Cell::new(None));
        let told = Rc::clone(&seen);
        inner.add_done_callback(move |seven| told.set(seven.clone().ok()));
        let outer = spawn(inner.into_future());
        yield_now().await;
        outer.cancel();
        assert!(outer.await.is_err());
        sleep(2 * SECOND).await;
        assert_eq!(seen.get(), Some(7), "the inner one was detached");
        let cancelled = spawn(pending::<()>());
        cancelled.cancel();
        let waits = spawn(cancelled.into_future());
        assert!(matches!(waits.await.unwrap(), Err(JoinError::Cancelled)));
    });
}

#[test]
fn a_request_whose_scope_is_dropped_unasked_is_not_lost() {
    run(async {
        let log = Log::default();
        let ours = log.clone();
        let task = spawn(async move {
            let mut scope = Some(Box::pin(catch_cancel(pending::<()>())));
            // Polls the scope once, and drops it when it is woken.
            poll_fn(|context| match scope.take() {
                Some(mut inside) if ours.all().is_empty() => {
                    assert!(inside.as_mut().poll(context).is_pending());
                    ours.say("waits");
                    scope = Some(inside);
                    Poll::Pending
                }
                dropped => {
                    drop(dropped);
                    Poll::Ready(())
                }
            })
            .await;
            yield_now().await;
            unreachable!("its next suspension ends it");
        });
        yield_now().await;
        task.cancel();
        assert!(matches!(task.await, Err(JoinError::Cancelled)));
    });
}

#[test]
fn the_list_says_what_each_task_is_doing() {
    run(async {
        let waits = spawn_named("waits", pending::<()>());
        let asked = spawn_named("asked", catch_cancel(pending::<()>()));
        yield_now().await;
        let _ready = spawn(async {});
        let ends = spawn(pending::<()>());
        ends.cancel();
        waits.cancel();
        asked.cancel();
        let states: Vec<_> = task_cell::tasks().iter().map(|it| it.state).collect();
        let wanted = [
            TaskState::Running,
            TaskState::Cancelling,
            TaskState::Cancelling,
            TaskState::Ready,
            TaskState::Cancelling,
        ];
        assert_eq!(states, wanted);
        sleep(SECOND).await;
        assert_eq!(task_cell::tasks().len(), 1);
    });
}

#[test]
fn the_innermost_scope_alone_is_asked_and_its_clean_up_is_not_cut_short() {
    run(async {
        let log = Log::default();
        let ours = log.clone();
        let task = spawn(async move {
            let inner = async {
                let caught = catch_cancel(pending::<()>()).await;
                ours.say(format!("inner {caught:?}"));
                sleep(SECOND).await;
                ours.say("clean");
            };
            let outer = catch_cancel(inner).await;
            ours.say(format!("outer {outer:?}"));
        });
        yield_now().await;
        task.cancel();
        task.await.unwrap();
        assert_eq!(log.all(), "inner Err(Cancelled), clean, outer Ok(())");
    });
}

#[test]
fn the_end_of_run_asks_all_before_any_has_another_turn() {
    let log = Log::default();
    let ours = log.clone();
    run(async move {
        drop(spawn(async move {
            ours.say("starts");
            yield_now().await;
            ours.say("never: it is in the queue, and is cancelled before its turn");
        }));
    });
    assert_eq!(log.all(), "starts");
}
