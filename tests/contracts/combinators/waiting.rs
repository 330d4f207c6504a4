//! Waiting for some tasks without touching any.

use std::time::Duration;

use combinators::{When, try_wait, wait};
use polling::yield_now;
use task_cell::{JoinHandle, spawn, spawn_named, tasks};
use timers::{sleep, timeout};

use crate::{SECOND, breaks_after, now, run, suspended, takes};

fn trips(seconds: impl IntoIterator<Item = u32>) -> Vec<JoinHandle<u32>> {
    let trip = |seconds: u32| spawn_named(format!("{seconds}"), takes(seconds));
    seconds.into_iter().map(trip).collect()
}

fn names<T>(handles: &[JoinHandle<T>]) -> String {
    handles
        .iter()
        .map(|it| it.name())
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn it_ends_when_it_was_told_to() {
    run(async {
        let waited = wait(trips([3, 1, 2]), When::FirstCompleted, None).await;
        assert_eq!(
            (names(&waited.done), names(&waited.pending)),
            ("1".into(), "3 2".into())
        );
        assert_eq!(now(), 1);
        let waited = wait(waited.pending, When::All, None).await;
        assert_eq!(
            (names(&waited.done), names(&waited.pending)),
            ("3 2".into(), String::new())
        );
        assert_eq!(now(), 3);
    });
}

#[test]
fn done_and_pending_are_in_the_order_of_the_arguments() {
    run(async {
        let waited = wait(trips([5, 2, 6, 1, 4]), When::All, 3 * SECOND).await;
        assert_eq!(
            (names(&waited.done), names(&waited.pending)),
            ("2 1".into(), "5 6 4".into())
        );
        assert_eq!(now(), 3);
    });
}

#[test]
fn its_limit_cancels_nothing() {
    run(async {
        let waited = wait(trips([5, 6]), When::FirstCompleted, SECOND).await;
        assert_eq!((waited.done.len(), waited.pending.len(), now()), (0, 2, 1));
        let waited = wait(waited.pending, When::All, Duration::MAX).await;
        assert!(waited.done.iter().all(|it| it.result().unwrap().is_ok()));
        assert_eq!(now(), 6);
    });
}

#[test]
fn a_limit_of_zero_is_a_look() {
    run(async {
        let over = spawn(async { 1 });
        let starts = spawn(async { 2 });
        yield_now().await;
        let waited =
            wait([over, starts, spawn(takes(1))], When::All, Duration::ZERO).await;
        assert_eq!((waited.done.len(), waited.pending.len(), now()), (2, 1, 0));
    });
}

#[test]
fn who_waits_may_be_cancelled_and_nobody_else_is() {
    run(async {
        let handles = trips([2, 3]);
        let ends: Vec<_> = handles.iter().map(|it| it.task_handle()).collect();
        let waits = spawn(async { wait(handles, When::All, None).await });
        sleep(SECOND).await;
        waits.cancel();
        assert!(waits.await.is_err());
        assert_eq!(now(), 1, "at once");
        sleep(5 * SECOND).await;
        assert!(ends.iter().all(|it| it.is_finished() && !it.is_cancelled()));
    });
}

#[test]
fn dropping_it_cancels_nothing() {
    run(async {
        let handles = trips([2]);
        let end = handles[0].task_handle();
        assert!(
            timeout(SECOND, wait(handles, When::All, None))
                .await
                .is_err()
        );
        sleep(5 * SECOND).await;
        assert!(end.is_finished() && !end.is_cancelled());
    });
}

#[test]
fn the_first_error_is_a_panic_and_no_cancellation() {
    run(async {
        let mut handles = trips([5, 9]);
        handles.push(spawn(breaks_after(3)));
        handles[0].cancel();
        let waited = wait(handles, When::FirstError, None).await;
        assert_eq!((waited.done.len(), waited.pending.len(), now()), (2, 1, 3));
        // Without an error it is the end of all.
        let waited = wait(waited.pending, When::FirstError, None).await;
        assert_eq!((waited.done.len(), now()), (1, 9));
    });
}

#[test]
fn an_err_is_an_error_to_try_wait_alone() {
    run(async {
        let trip = |seconds: u32| async move {
            sleep(seconds * SECOND).await;
            if seconds == 1 { Err("x") } else { Ok(seconds) }
        };
        let spawned = || [3, 1].map(|seconds| spawn(trip(seconds)));
        let waited = try_wait(spawned(), When::FirstError, None).await;
        assert_eq!((waited.done.len(), now()), (1, 1));
        let waited = wait(spawned(), When::FirstError, None).await;
        assert_eq!((waited.done.len(), now()), (2, 4));
        let waited = try_wait(spawned(), When::FirstCompleted, None).await;
        assert_eq!((waited.done.len(), now()), (1, 5));
        let waited = try_wait(spawned(), When::All, None).await;
        assert_eq!((waited.done.len(), now()), (2, 8));
    });
}

#[test]
fn for_nothing_it_does_not_wait() {
    run(async {
        let waited = wait(Vec::<JoinHandle<()>>::new(), When::FirstCompleted, None).await;
        assert!(waited.done.is_empty() && waited.pending.is_empty());
    });
}

#[test]
fn it_says_where_it_waits() {
    run(async {
        let task = spawn_named("waits", async {
            let waited = wait(trips([4]), When::All, SECOND); // here
            waited.await
        });
        let here = line!() - 3;
        yield_now().await;
        let at = suspended("waits");
        assert_eq!((at.0, at.1.as_str(), at.2), ("wait", "waiting.rs", here));
        task.await.unwrap();
        assert_eq!(tasks().len(), 1 + 1);
    });
}
