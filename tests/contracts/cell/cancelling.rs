//! Cancelling, panics as values, and the list of tasks: what chapter 8 adds.

use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use event_loop::Clock;
use futures::stream::{FuturesUnordered, StreamExt};
use polling::yield_now;
use task_cell::{Cancelled, JoinError, TaskState, catch_cancel, spawn, spawn_named};
use timers::sleep;

use crate::Log;
use crate::others_code::OnDrop;

const SECOND: Duration = Duration::from_secs(1);

/// Runs on virtual time, by chapter 8's own interface.
#[track_caller]
pub(crate) fn run<F: Future>(future: F) -> F::Output {
    task_cell::run(Clock::virtual_time(), future)
}

#[test]
fn before_the_first_poll_the_body_never_runs() {
    run(async {
        let task = spawn(async { unreachable!("it was cancelled") });
        assert!(task.cancel());
        assert!(!task.is_finished(), "at its turn, not here");
        assert!(matches!(task.await, Err(JoinError::Cancelled)));
    });
}

#[test]
fn while_suspended_it_is_dropped_without_another_poll() {
    run(async {
        let log = Log::default();
        let (ours, polls) = (log.clone(), Rc::new(Cell::new(0)));
        let counted = Rc::clone(&polls);
        let held = OnDrop(move || ours.say("dropped"));
        let mut task = spawn(async move {
            let _held = held;
            poll_fn::<(), _>(|_| {
                counted.set(counted.get() + 1);
                Poll::Pending
            })
            .await;
        });
        yield_now().await;
        assert!(task.cancel() && task.cancel());
        assert_eq!(log.all(), "");
        assert!(matches!((&mut task).await, Err(JoinError::Cancelled)));
        assert_eq!((log.all().as_str(), polls.get()), ("dropped", 1));
        assert!(task.is_cancelled() && !task.cancel());
    });
}

#[test]
fn after_the_end_it_is_false_and_the_value_is_kept() {
    run(async {
        let task = spawn(async { 7 });
        yield_now().await;
        assert!(!task.cancel());
        assert!(!task.is_cancelled());
        assert_eq!(task.await.unwrap(), 7);
    });
}

#[test]
fn a_request_in_the_poll_that_ends_the_task_is_too_late() {
    run(async {
        let log = Log::default();
        let ours = log.clone();
        let mut task = spawn(async {
            let tasks = task_cell::tasks();
            assert!(tasks.iter().all(|it| it.is_root || it.cancel()));
            7
        });
        task.add_done_callback(move |end| ours.say(format!("{end:?}")));
        assert_eq!((&mut task).await.unwrap(), 7);
        assert!(!task.is_cancelled(), "one outcome, and not both");
        assert_eq!(log.all(), "Ok(7)");
    });
}

#[test]
fn the_current_task_goes_on_to_its_next_suspension() {
    run(async {
        let log = Log::default();
        let ours = log.clone();
        let task = spawn(async move {
            let me = task_cell::tasks();
            let me = me.iter().find(|it| it.state == TaskState::Running).unwrap();
            assert!(me.cancel());
            ours.say("still here");
            yield_now().await;
            ours.say("never");
        });
        assert!(matches!(task.await, Err(JoinError::Cancelled)));
        assert_eq!(log.all(), "still here");
    });
}

#[test]
fn the_current_task_hears_it_in_the_scope_that_it_suspends_in() {
    run(async {
        let task = spawn(async {
            let asks = async {
                let tasks = task_cell::tasks();
                assert!(tasks.iter().all(|it| it.is_root || it.cancel()));
                pending::<()>().await;
            };
            assert_eq!(catch_cancel(asks).await, Err(Cancelled));
            yield_now().await;
            7
        });
        assert_eq!(task.await.unwrap(), 7);
    });
}

#[test]
fn clean_up_may_await_and_resume() {
    run(async {
        let log = Log::default();
        let ours = log.clone();
        let task = spawn(async move {
            let caught = catch_cancel(pending::<()>()).await;
            assert_eq!(caught, Err(Cancelled));
            sleep(SECOND).await;
            ours.say("clean");
            Cancelled::resume().await;
        });
        yield_now().await;
        assert!(task.cancel());
        assert!(matches!(task.await, Err(JoinError::Cancelled)));
        assert_eq!(log.all(), "clean");
    });
}

#[test]
fn a_second_cancel_during_the_clean_up_drops_it() {
    run(async {
        let task = spawn(async {
            let _caught = catch_cancel(pending::<()>()).await;
            sleep(1000 * SECOND).await;
        });
        yield_now().await;
        task.cancel();
        sleep(SECOND).await;
        assert!(!task.is_finished() && task.cancel());
        assert!(matches!(task.await, Err(JoinError::Cancelled)));
        assert_eq!(timers::now().as_secs(), 1);
    });
}

#[test]
fn resume_inside_a_scope_reaches_the_next_one_out() {
    run(async {
        let log = Log::default();
        let ours = log.clone();
        let task = spawn(async move {
            let inner = async {
                let caught = catch_cancel(pending::<()>()).await;
                ours.say(format!("inner {caught:?}"));
                Cancelled::resume().await;
            };
            let caught = catch_cancel(inner).await;
            ours.say(format!("outer {caught:?}"));
            7
        });
        yield_now().await;
        task.cancel();
        assert_eq!(task.await.unwrap(), 7, "it was swallowed");
        assert_eq!(log.all(), "inner Err(Cancelled), outer Err(Cancelled)");
    });
}

#[test]
fn a_value_that_is_ready_is_not_lost_and_the_request_neither() {
    run(async {
        let log = Log::default();
        let (ours, kept) = (log.clone(), task_cell::promise());
        let waited = kept.clone();
        let task = spawn(async move {
            let seven: Result<u32, Cancelled> = catch_cancel(waited).await;
            ours.say(format!("{seven:?}"));
            yield_now().await;
            ours.say("never");
        });
        yield_now().await;
        kept.set(7).unwrap();
        task.cancel();
        assert!(matches!(task.await, Err(JoinError::Cancelled)));
        assert_eq!(log.all(), "Ok(7)");
    });
}

#[test]
fn children_in_a_futures_unordered_all_hear_it() {
    run(async {
        let task = spawn(async {
            let children: FuturesUnordered<_> =
                (0..3).map(|_| catch_cancel(pending::<()>())).collect();
            children.collect::<Vec<_>>().await
        });
        yield_now().await;
        task.cancel();
        assert_eq!(task.await.unwrap(), vec![Err(Cancelled); 3]);
    });
}

#[test]
fn a_destructor_that_panics_is_contained() {
    run(async {
        let task = spawn(async {
            let _held = OnDrop(|| panic!("in a destructor"));
            pending::<()>().await;
        });
        yield_now().await;
        task.cancel();
        assert!(matches!(task.await, Err(JoinError::Cancelled)));
    });
}

#[test]
fn a_panic_is_a_value_and_ends_that_task_alone() {
    run(async {
        let other = spawn(async {
            sleep(SECOND).await;
            7
        });
        let error = spawn(async { panic!("a flat tyre") }).await.unwrap_err();
        assert_eq!(error.to_string(), "the task panicked: a flat tyre");
        assert_eq!(other.await.unwrap(), 7);
    });
}

#[test]
fn callbacks_hear_of_a_cancellation_without_a_handle_too() {
    run(async {
        let log = Log::default();
        let ours = log.clone();
        let task = spawn(pending::<()>());
        task.add_done_callback(move |result| ours.say(format!("{result:?}")));
        drop(task);
        yield_now().await;
        task_cell::tasks()[1].cancel();
        sleep(SECOND).await;
        assert_eq!(log.all(), "Err(Cancelled)");
    });
}

#[test]
fn run_cancels_what_is_left_and_waits_for_its_end() {
    let log = Log::default();
    let ours = log.clone();
    run(async move {
        let _left = spawn(async move {
            let _caught = catch_cancel(pending::<()>()).await;
            sleep(SECOND).await;
            ours.say("clean");
        });
        yield_now().await;
    });
    assert_eq!(log.all(), "clean");
}

#[test]
fn the_list_says_who_waits_where() {
    run(async {
        let _meter = spawn_named("meter", sleep(SECOND));
        yield_now().await;
        let tasks = task_cell::tasks();
        assert_eq!(tasks.len(), 2);
        assert_eq!(
            (tasks[0].is_root, tasks[0].state),
            (true, TaskState::Running)
        );
        let meter = &tasks[1];
        assert_eq!(
            (meter.name.as_str(), meter.state),
            ("meter", TaskState::Waiting)
        );
        assert_eq!(meter.suspended.map(|it| it.why), Some("sleep"));
    });
}

#[test]
fn a_finished_task_still_referenced_remotely_outlives_its_runtime() {
    for closed_first in [false, true] {
        let slot: Rc<Cell<Option<Waker>>> = Rc::default();
        let ours = Rc::clone(&slot);
        run(spawn_in_run(ours));
        let waker = slot.take().unwrap();
        let remote = waker.clone();
        let thread = thread::spawn(move || {
            remote.wake_by_ref();
            drop(remote.clone());
            remote.wake();
        });
        if closed_first {
            drop(waker);
            thread.join().unwrap();
        } else {
            thread.join().unwrap();
            waker.wake();
        }
    }
}

/// A task that leaves its waker in `slot`, and ends.
async fn spawn_in_run(slot: Rc<Cell<Option<Waker>>>) {
    let task = spawn(poll_fn(move |context| {
        slot.set(Some(context.waker().clone()));
        Poll::Ready(())
    }));
    task.await.unwrap();
}

/// Uses the waker up.
fn wake(waker: Waker) {
    waker.wake();
}

#[test]
fn a_million_wakes_from_eight_threads() {
    const EACH: usize = 125_000;
    let _watchdog = crate::watchdog("a million wakes");
    task_cell::run(Clock::real(), async {
        let over = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let told = std::sync::Arc::clone(&over);
        let mut started = false;
        let task = spawn(poll_fn(move |context| {
            if !std::mem::replace(&mut started, true) {
                for _ in 0..8 {
                    let (waker, told) = (context.waker().clone(), told.clone());
                    thread::spawn(move || {
                        for n in 0..EACH {
                            match n % 3 {
                                0 => waker.wake_by_ref(),
                                1 => wake(waker.clone()),
                                _ => drop(waker.clone()),
                            }
                        }
                        told.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        waker.wake();
                    });
                }
            }
            match told.load(std::sync::atomic::Ordering::Relaxed) {
                8 => Poll::Ready(()),
                _ => Poll::Pending,
            }
        }));
        task.await.unwrap();
        assert_eq!(over.load(std::sync::atomic::Ordering::Relaxed), 8);
    });
}
