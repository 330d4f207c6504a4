//! Values in the order in which they come.

use combinators::{WaitForError, as_completed, as_completed_handles};
use futures::{Stream, StreamExt};
use polling::yield_now;
use task_cell::{spawn, spawn_named, tasks};
use timers::{sleep, timeout};

use crate::{
    Log, SECOND, breaks_after, has_panicked, is_cancelled, now, run, suspended, takes,
};

#[test]
fn ends_come_in_their_order_as_they_happen() {
    run(async {
        let mut trips = as_completed([3, 1, 2].map(takes));
        let mut ends = Vec::new();
        while let Some(end) = trips.next().await {
            ends.push((end.unwrap(), now()));
        }
        assert_eq!(ends, [(1, 1), (2, 2), (3, 3)]);
        assert!(trips.next().await.is_none(), "and nothing after the last");
    });
}

#[test]
fn who_ends_in_the_same_instant_comes_in_the_order_of_the_ends() {
    run(async {
        let trip = |name: &'static str, first: u32| async move {
            // The one whose last sleep began first ends first.
            sleep(first * SECOND).await;
            sleep((5 - first) * SECOND).await;
            name
        };
        let trips = as_completed([trip("a", 3), trip("b", 1), trip("c", 2)]);
        let ends: Vec<_> = StreamExt::map(trips, Result::unwrap).collect().await;
        assert_eq!(ends, ["b", "c", "a"]);
        assert_eq!(now(), 5);
    });
}

#[test]
fn errors_come_as_they_happen() {
    run(async {
        let handles = vec![spawn(takes(3)), spawn(breaks_after(1)), spawn(takes(9))];
        let last = handles[2].task_handle();
        let mut trips = as_completed_handles(handles);
        assert!(has_panicked(&trips.next().await.unwrap()));
        last.cancel();
        assert!(is_cancelled(&trips.next().await.unwrap()));
        assert_eq!((now(), trips.left()), (1, 1));
        assert_eq!(trips.next().await.unwrap().unwrap(), 3);
    });
}

#[test]
fn a_limit_is_for_all_and_is_told_once() {
    run(async {
        sleep(SECOND).await;
        let mut trips = as_completed([4, 1, 2].map(takes)).within(3 * SECOND);
        sleep(SECOND).await; // It counts from the first look.
        assert_eq!(trips.next().await.unwrap().unwrap(), 1);
        assert_eq!(trips.next().await.unwrap().unwrap(), 2);
        assert!(matches!(
            trips.next().await,
            Some(Err(WaitForError::Elapsed))
        ));
        assert_eq!(
            now(),
            5,
            "4 is ready in the same instant, and later in the queue"
        );
        assert!(trips.next().await.is_none() && trips.next().await.is_none());
        let rest = trips.into_pending();
        assert_eq!(rest.len(), 1);
        assert_eq!(rest.into_iter().next().unwrap().await.unwrap(), 4);
    });
}

#[test]
fn under_a_limit_ends_come_as_they_happen_too() {
    run(async {
        let mut trips = as_completed([2, 1].map(takes)).within(9 * SECOND);
        let mut ends = Vec::new();
        while let Some(end) = trips.next().await {
            ends.push((end.unwrap(), now()));
        }
        assert_eq!(ends, [(1, 1), (2, 2)]);
    });
}

#[test]
fn dropping_it_lets_the_others_run_on() {
    run(async {
        let handles = [spawn(takes(1)), spawn(takes(2))];
        let tasks = handles.each_ref().map(|it| it.task_handle());
        let mut trips = as_completed_handles(handles);
        trips.next().await.unwrap().unwrap();
        drop(trips);
        sleep(5 * SECOND).await;
        assert!(tasks[1].is_finished() && !tasks[1].is_cancelled());
    });
}

#[test]
fn who_drops_a_next_loses_no_end() {
    run(async {
        let mut trips = as_completed([2].map(takes));
        assert!(timeout(SECOND, trips.next()).await.is_err());
        assert_eq!(trips.next().await.unwrap().unwrap(), 2);
    });
}

#[test]
fn who_is_cancelled_while_he_waits_leaves_the_tasks_alone() {
    run(async {
        let handle = spawn(takes(2));
        let end = handle.task_handle();
        let waits = spawn(async { as_completed_handles([handle]).next().await });
        sleep(SECOND).await;
        waits.cancel();
        assert!(waits.await.is_err());
        sleep(5 * SECOND).await;
        assert!(end.is_finished() && !end.is_cancelled());
    });
}

#[test]
fn many_that_are_over_do_not_starve_the_others() {
    run(async {
        let log = Log::default();
        let mut trips = as_completed((0..1000).map(async |n| n));
        sleep(SECOND).await; // All are over.
        let other = log.clone();
        let _other = spawn(async move { other.say("the other one's turn") });
        let mut ended = 0;
        while trips.next().await.is_some() {
            ended += 1;
            if ended == 1000 {
                log.say("all");
            }
        }
        assert_eq!(log.all(), "the other one's turn, all");
    });
}

#[test]
fn it_is_a_stream_that_knows_how_many_are_left() {
    run(async {
        let mut trips = as_completed([1, 2].map(takes));
        assert_eq!(trips.size_hint(), (2, Some(2)));
        trips.next().await.unwrap().unwrap();
        assert_eq!(trips.size_hint(), (1, Some(1)));
        assert_eq!(tasks().len(), 2);
    });
}

#[test]
fn it_says_where_it_waits() {
    run(async {
        let task = spawn_named("waits", async { as_completed([takes(1)]).next().await });
        let limited = spawn_named("limited", async {
            as_completed([takes(1)]).within(SECOND).next().await
        });
        let here = line!();
        yield_now().await;
        let at = suspended("waits");
        assert_eq!(
            (at.0, at.1.as_str(), at.2),
            ("as_completed", "completed.rs", here - 4)
        );
        let at = suspended("limited");
        assert_eq!(
            (at.0, at.1.as_str(), at.2),
            ("as_completed", "completed.rs", here - 2)
        );
        task.await.unwrap();
        limited.await.unwrap();
    });
}
