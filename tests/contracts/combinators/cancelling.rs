//! Who hears it when the task that gathers is cancelled.

use std::future::pending;

use combinators::{gather, gather_all, gather_handles, group, wait_for};
use polling::yield_now;
use task_cell::{Cancelled, catch_cancel, spawn, tasks};
use timers::sleep;

use crate::{
    Log, SECOND, breaks_after, cleans_up, is_cancelled, is_dropped, now, run, takes,
};

#[test]
fn every_child_is_cancelled_and_waited_for() {
    run(async {
        let log = Log::default();
        let (a, b) = (
            cleans_up(log.clone(), "a", 2),
            cleans_up(log.clone(), "b", 1),
        );
        let outer = spawn(async { combinators::gather!(a, b).await });
        sleep(5 * SECOND).await;
        outer.cancel();
        assert!(is_cancelled(&outer.await), "and the cancellation goes on");
        let heard = "a hears it at 5, b hears it at 5, b is clean at 6, a is clean at 7";
        assert_eq!((log.all().as_str(), now()), (heard, 7));
    });
}

#[test]
fn gather_all_is_cancelled_as_gather_is() {
    run(async {
        let log = Log::default();
        let children = ["a", "b"].map(|name| cleans_up(log.clone(), name, 1));
        let outer = spawn(async { gather_all(children).await });
        sleep(SECOND).await;
        outer.cancel();
        assert!(is_cancelled(&outer.await));
        assert_eq!(now(), 2);
    });
}

#[test]
fn it_goes_on_even_if_every_child_gives_a_value() {
    run(async {
        let stubborn = async {
            let caught = catch_cancel(pending::<()>()).await;
            sleep(SECOND).await;
            caught.is_err()
        };
        let outer = spawn(async { gather([stubborn]).await });
        yield_now().await;
        yield_now().await;
        outer.cancel();
        assert!(is_cancelled(&outer.await));
        assert_eq!(now(), 1);
    });
}

#[test]
fn values_that_are_all_there_are_not_lost() {
    run(async {
        let outer = spawn(async {
            let values = gather([1, 2].map(async |n| n)).await;
            assert_eq!(values.unwrap(), [1, 2]);
            let next = catch_cancel(pending::<()>()).await;
            assert_eq!(next, Err(Cancelled), "it comes at the very next suspension");
            "both"
        });
        // The children end in the second pass, and are told of in the third; the gather's turn is in the fourth.
        yield_now().await;
        yield_now().await;
        yield_now().await;
        assert!(outer.cancel());
        assert_eq!(outer.await.unwrap(), "both");
    });
}

#[test]
fn a_second_request_aborts_those_that_still_clean_up() {
    run(async {
        let log = Log::default();
        let outer = spawn(gather([cleans_up(log.clone(), "a", 100)]));
        sleep(SECOND).await;
        outer.cancel();
        sleep(SECOND).await;
        outer.cancel();
        assert!(is_cancelled(&outer.await));
        yield_now().await;
        assert_eq!((log.all().as_str(), now()), ("a hears it at 1", 2));
        assert_eq!(tasks().len(), 1, "no child is left");
    });
}

#[test]
fn a_scope_round_it_hears_it_after_the_children_have_ended() {
    run(async {
        let log = Log::default();
        let ours = log.clone();
        let outer = spawn(async move {
            let gathered = gather([cleans_up(ours.clone(), "a", 1)]);
            let caught = catch_cancel(gathered).await;
            ours.say(format!("caught at {}: {}", now(), caught.is_err()));
            "goes on"
        });
        sleep(SECOND).await;
        outer.cancel();
        assert_eq!(outer.await.unwrap(), "goes on");
        assert_eq!(
            log.all(),
            "a hears it at 1, a is clean at 2, caught at 2: true"
        );
    });
}

#[test]
fn it_reaches_the_children_of_children() {
    run(async {
        let log = Log::default();
        let leaf = |name| cleans_up(log.clone(), name, 1);
        let branch = |a, b| gather([leaf(a), leaf(b)]);
        let outer = spawn(gather([branch("a", "b"), branch("c", "d")]));
        sleep(SECOND).await;
        outer.cancel();
        assert!(is_cancelled(&outer.await));
        let heard = log.all();
        assert_eq!(
            (
                heard.matches("hears").count(),
                heard.matches("clean").count()
            ),
            (4, 4)
        );
        assert_eq!((now(), tasks().len()), (2, 1));
    });
}

#[test]
fn before_it_begins_its_children_never_run() {
    run(async {
        let outer = spawn(gather([async { unreachable!("it was cancelled") }]));
        outer.cancel();
        assert!(is_cancelled(&outer.await));
        yield_now().await;
        assert_eq!(tasks().len(), 1);
    });
}

#[test]
fn after_the_first_error_the_others_are_nobodys() {
    run(async {
        let log = Log::default();
        let handles = vec![spawn(breaks_after(1)), spawn(takes(5))];
        let other = handles[1].task_handle();
        let ours = log.clone();
        let outer = spawn(async move {
            assert!(gather_handles(handles).await.is_err());
            ours.say("the error");
            pending::<()>().await
        });
        sleep(2 * SECOND).await;
        outer.cancel();
        assert!(is_cancelled(&outer.await));
        sleep(9 * SECOND).await;
        assert!(other.is_finished() && !other.is_cancelled());
        assert_eq!(log.all(), "the error");
    });
}

#[test]
fn leftovers_at_the_end_of_the_run_clean_up_too() {
    let log = Log::default();
    let (ours, later) = (log.clone(), log.clone());
    run(async move {
        let _left = spawn(gather([cleans_up(ours, "a", 2)]));
        sleep(SECOND).await;
    });
    assert_eq!(later.all(), "a hears it at 1, a is clean at 3");
}

#[test]
fn a_child_that_does_not_catch_it_is_dropped() {
    run(async {
        let log = Log::default();
        let outer = spawn(gather([is_dropped(log.clone(), "a")]));
        sleep(SECOND).await;
        outer.cancel();
        assert!(is_cancelled(&outer.await));
        assert_eq!(log.all(), "a is dropped at 1");
    });
}

#[test]
fn whoever_cancels_all_tasks_asks_each_once() {
    run(async {
        let log = Log::default();
        let leaf = |name| cleans_up(log.clone(), name, 1);
        let inner = gather([leaf("a")]);
        let limited = wait_for(9 * SECOND, leaf("b"));
        let (c, ours) = (leaf("c"), group(async |_| pending::<()>().await));
        let outer = [
            spawn(async { _ = inner.await }),
            spawn(async { _ = limited.await }),
            spawn(async { _ = group(async |g| drop(g.spawn(c))).await }),
            spawn(async { _ = ours.await }),
        ];
        sleep(SECOND).await;
        for task in tasks().iter().filter(|it| !it.is_root) {
            assert!(task.cancel());
        }
        for task in outer {
            assert!(is_cancelled(&task.await));
        }
        let log = log.all();
        assert_eq!(
            (log.matches("is clean at 2").count(), now()),
            (3, 2),
            "{log}"
        );
    });
}
