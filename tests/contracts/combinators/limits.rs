//! A task with a limit.

use std::future::pending;
use std::time::Duration;

use combinators::{WaitForError, wait_for, wait_for_handle};
use polling::yield_now;
use task_cell::{Cancelled, JoinError, catch_cancel, spawn, spawn_named, tasks};
use timers::{sleep, timeout};

use crate::{
    Log, SECOND, breaks_after, cleans_up, is_cancelled, is_dropped, now, run, suspended,
    takes,
};

fn is_elapsed<T>(end: &Result<T, WaitForError>) -> bool {
    matches!(end, Err(WaitForError::Elapsed))
}

#[test]
fn a_value_in_time_is_given() {
    run(async {
        assert_eq!(wait_for(2 * SECOND, takes(1)).await.unwrap(), 1);
        assert_eq!(wait_for(Duration::MAX, takes(1)).await.unwrap(), 1);
        assert_eq!(now(), 2);
        let end = wait_for(2 * SECOND, breaks_after(1)).await;
        assert!(matches!(
            end,
            Err(WaitForError::Join(JoinError::Panicked(_)))
        ));
    });
}

#[test]
fn the_limit_is_told_after_the_task_has_cleaned_up() {
    run(async {
        let log = Log::default();
        let end = wait_for(SECOND, cleans_up(log.clone(), "a", 5)).await;
        assert!(is_elapsed(&end));
        assert_eq!(
            (log.all().as_str(), now()),
            ("a hears it at 1, a is clean at 6", 6)
        );
        let end = wait_for(SECOND, is_dropped(log.clone(), "b")).await;
        assert!(is_elapsed(&end));
        assert_eq!((log.all().as_str(), now()), ("b is dropped at 7", 7));
    });
}

#[test]
fn a_value_of_the_same_instant_wins() {
    run(async {
        assert_eq!(wait_for(2 * SECOND, takes(2)).await.unwrap(), 2);
        assert_eq!(wait_for(Duration::ZERO, async { 7 }).await.unwrap(), 7);
        assert_eq!(now(), 2);
        let end = wait_for(2 * SECOND, async {
            sleep(2 * SECOND).await;
            yield_now().await;
        });
        assert!(is_elapsed(&end.await), "one turn, and not two");
        assert!(is_elapsed(&wait_for(Duration::ZERO, pending::<()>()).await));
    });
}

#[test]
fn the_limit_counts_from_when_it_is_first_awaited() {
    run(async {
        let limited = wait_for(2 * SECOND, takes(3));
        sleep(SECOND).await;
        assert_eq!(limited.await.unwrap(), 3);
    });
}

#[test]
fn a_value_that_it_still_gives_is_returned() {
    run(async {
        let stubborn = async {
            let caught = catch_cancel(pending::<()>()).await;
            sleep(2 * SECOND).await;
            caught.is_err()
        };
        assert!(wait_for(SECOND, stubborn).await.unwrap());
        assert_eq!(now(), 3);
        let breaks = async {
            let _caught = catch_cancel(pending::<()>()).await;
            panic!("in its clean-up")
        };
        let end: Result<(), _> = wait_for(SECOND, breaks).await;
        assert!(matches!(
            end,
            Err(WaitForError::Join(JoinError::Panicked(_)))
        ));
    });
}

#[test]
fn one_that_somebody_else_has_cancelled_is_not_out_of_time() {
    run(async {
        let inner = spawn(takes(9));
        let task = inner.task_handle();
        let outer = spawn(async { wait_for_handle(5 * SECOND, inner).await });
        sleep(SECOND).await;
        task.cancel();
        let end = outer.await.unwrap();
        assert!(matches!(end, Err(WaitForError::Join(JoinError::Cancelled))));
        assert_eq!(now(), 1);
    });
}

#[test]
fn a_cancellation_goes_in_and_comes_out_when_the_task_has_ended() {
    run(async {
        let log = Log::default();
        let inner = cleans_up(log.clone(), "a", 2);
        let outer = spawn(async { wait_for(9 * SECOND, inner).await });
        sleep(SECOND).await;
        outer.cancel();
        assert!(is_cancelled(&outer.await));
        assert_eq!(
            (log.all().as_str(), now()),
            ("a hears it at 1, a is clean at 3", 3)
        );
    });
}

#[test]
fn a_cancellation_after_the_limit_does_not_cut_the_clean_up_short() {
    run(async {
        let log = Log::default();
        let inner = cleans_up(log.clone(), "a", 4);
        let outer = spawn(async { wait_for(SECOND, inner).await });
        sleep(3 * SECOND).await;
        outer.cancel();
        assert!(is_cancelled(&outer.await));
        assert_eq!(
            (log.all().as_str(), now()),
            ("a hears it at 1, a is clean at 5", 5)
        );
    });
}

#[test]
fn dropping_it_aborts_the_task() {
    run(async {
        let log = Log::default();
        let inner = wait_for(9 * SECOND, is_dropped(log.clone(), "a"));
        assert!(timeout(SECOND, inner).await.is_err());
        yield_now().await;
        assert_eq!(
            (log.all().as_str(), tasks().len()),
            ("a is dropped at 1", 1)
        );
    });
}

#[test]
fn limits_nest() {
    run(async {
        let log = Log::default();
        let inner = cleans_up(log.clone(), "a", 1);
        let outer = wait_for(2 * SECOND, async { wait_for(5 * SECOND, inner).await });
        assert!(is_elapsed(&outer.await));
        assert_eq!(
            (log.all().as_str(), now()),
            ("a hears it at 2, a is clean at 3", 3)
        );
        let outer = wait_for(5 * SECOND, wait_for(SECOND, pending::<()>()));
        assert!(is_elapsed(&outer.await.unwrap()));
    });
}

#[test]
fn the_inner_scope_hears_it_and_the_task_may_go_on() {
    run(async {
        let outer = spawn(async {
            let limited = wait_for(9 * SECOND, pending::<()>());
            assert!(matches!(catch_cancel(limited).await, Err(Cancelled)));
            "goes on"
        });
        sleep(SECOND).await;
        outer.cancel();
        assert_eq!(outer.await.unwrap(), "goes on");
        assert_eq!(tasks().len(), 1);
    });
}

#[test]
fn it_says_where_it_waits() {
    run(async {
        let outer = spawn_named("outer", async { wait_for(SECOND, takes(9)).await });
        let here = line!() - 1;
        yield_now().await;
        let at = suspended("outer");
        assert_eq!((at.0, at.1.as_str(), at.2), ("wait_for", "limits.rs", here));
        assert!(is_elapsed(&outer.await.unwrap()));
    });
}
