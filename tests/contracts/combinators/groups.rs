//! Tasks that end before their block does.

use std::cell::Cell;
use std::future::pending;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;

use combinators::{Group, GroupError, TryError, group, try_group};
use futures::FutureExt;
use polling::yield_now;
use task_cell::{JoinError, catch_cancel, spawn, spawn_named, tasks};
use timers::{sleep, timeout};

use crate::{
    Log, OnDrop, SECOND, breaks_after, cleans_up, is_cancelled, is_dropped, now, run,
    suspended, takes,
};

fn texts<F: ToString>(error: GroupError<F>) -> Vec<String> {
    error.failures().iter().map(F::to_string).collect()
}

#[test]
fn it_ends_after_its_children() {
    run(async {
        let value = group(async |g| {
            g.spawn(takes(3));
            g.spawn(takes(1));
            "the body's value"
        });
        assert_eq!(value.await.unwrap(), "the body's value");
        assert_eq!((now(), tasks().len()), (3, 1));
    });
}

#[test]
fn without_children_it_does_not_wait() {
    run(async {
        let other = spawn(async {});
        assert_eq!(group(async |_| 7).await.unwrap(), 7);
        assert!(!other.is_finished());
        other.await.unwrap();
    });
}

#[test]
fn children_are_tasks_and_begin_when_the_body_yields() {
    run(async {
        let log = Log::default();
        group(async |g| {
            for name in ["a", "b"] {
                let log = log.clone();
                g.spawn(async move { log.say(name) });
            }
            assert_eq!(tasks().len(), 3);
            log.say("the body");
            yield_now().await;
            log.say("the body again");
        })
        .await
        .unwrap();
        assert_eq!(log.all(), "the body, a, b, the body again");
    });
}

#[test]
fn the_body_may_borrow_and_await_its_children() {
    run(async {
        let mut sums = Vec::new();
        group(async |g| {
            let (one, two) = (g.spawn(takes(1)), g.spawn(takes(2)));
            sums.push(one.await.unwrap() + two.await.unwrap());
        })
        .await
        .unwrap();
        assert_eq!(sums, [3]);
    });
}

#[test]
fn the_first_failure_cancels_the_siblings_and_waits_for_them() {
    run(async {
        let log = Log::default();
        let error = group(async |g| {
            g.spawn(cleans_up(log.clone(), "a", 2));
            g.spawn(breaks_after(1));
            g.spawn(cleans_up(log.clone(), "b", 1));
            takes(9).await
        });
        let failures = texts(error.await.unwrap_err());
        assert_eq!(failures, ["the task panicked: broken after 1"]);
        let heard = "a hears it at 1, b hears it at 1, b is clean at 2, a is clean at 3";
        assert_eq!((log.all().as_str(), now()), (heard, 3));
    });
}

#[test]
fn the_first_failure_drops_the_body_where_it_stands() {
    run(async {
        let log = Log::default();
        let error = group(async |g| {
            g.spawn(breaks_after(1));
            is_dropped(log.clone(), "the body").await;
        });
        assert!(error.await.is_err());
        assert_eq!(log.all(), "the body is dropped at 1");
    });
}

#[test]
fn a_body_that_awaits_the_child_that_fails_does_not_go_on() {
    run(async {
        let log = Log::default();
        let error = group(async |g| {
            let _end = g.spawn(breaks_after(1)).await;
            log.say("never");
        });
        assert!(error.await.is_err());
        assert_eq!(log.all(), "");
    });
}

#[test]
fn every_failure_is_reported() {
    run(async {
        let in_clean_up = async {
            let _caught = catch_cancel(pending::<()>()).await;
            sleep(SECOND).await;
            panic!("in its clean-up");
        };
        let error = group(async |g| {
            g.spawn(in_clean_up);
            g.spawn(breaks_after(1));
            g.spawn(breaks_after(1));
        });
        let failures = texts(error.await.unwrap_err());
        let panicked = ["broken after 1", "broken after 1", "in its clean-up"];
        assert_eq!(
            failures,
            panicked.map(|it| format!("the task panicked: {it}"))
        );
    });
}

#[test]
fn an_err_of_a_child_or_of_the_body_is_a_failure() {
    run(async {
        let log = Log::default();
        let trip = |seconds: u32| async move {
            sleep(seconds * SECOND).await;
            if seconds == 1 { Err("x") } else { Ok(seconds) }
        };
        let error = try_group(async |g| {
            g.spawn(trip(1));
            let slow = g.spawn(trip(5));
            let value = slow.await.unwrap();
            log.say("never");
            Ok(value)
        });
        assert_eq!(texts(error.await.unwrap_err()), ["x"]);
        assert_eq!((now(), log.all().as_str()), (1, ""));
        let error = try_group(async |g| {
            g.spawn(cleans_up_well(log.clone()));
            sleep(SECOND).await;
            Err::<(), _>("the body")
        });
        assert_eq!(texts(error.await.unwrap_err()), ["the body"]);
        assert_eq!(
            (now(), log.all().as_str()),
            (3, "a hears it at 2, a is clean at 3")
        );
        let value = try_group(async |g| g.spawn(trip(2)).await.map_err(|_| "cancelled"));
        assert_eq!(value.await.unwrap(), 2);
    });
}

async fn cleans_up_well(log: Log) -> Result<(), &'static str> {
    cleans_up(log, "a", 1).await;
    Ok(())
}

#[test]
fn what_a_child_of_try_group_has_failed_with_goes_to_the_group() {
    run(async {
        let ends = Rc::new(Cell::new(None));
        let end = Rc::clone(&ends);
        let error = try_group(async move |g| {
            let child = g.spawn(async { Err::<(), _>("x") });
            child.on_end(move |it| end.set(Some(it)));
            let panics = g.spawn(async { panic!("y") });
            let _never: Result<(), _> = panics.await;
            Ok(())
        });
        let failures = error.await.unwrap_err().into_failures();
        assert!(matches!(failures[0], TryError::Failed("x")));
        assert!(matches!(
            failures[1],
            TryError::Join(JoinError::Panicked(_))
        ));
        assert!(matches!(ends.take(), Some(Err(JoinError::Cancelled))));
    });
}

#[test]
fn a_child_that_is_cancelled_by_itself_is_no_failure() {
    run(async {
        let value = group(async |g| {
            let child = g.spawn(takes(9));
            sleep(SECOND).await;
            child.cancel();
            assert!(is_cancelled(&child.await));
            g.spawn(takes(1)).await.unwrap()
        });
        assert_eq!(value.await.unwrap(), 1);
    });
}

#[test]
fn cancelling_the_owner_cancels_the_group() {
    run(async {
        let log = Log::default();
        let (a, b) = (log.clone(), log.clone());
        let owner = spawn(group(async move |g| {
            g.spawn(cleans_up(a.clone(), "a", 2));
            is_dropped(b.clone(), "the body").await;
        }));
        sleep(SECOND).await;
        owner.cancel();
        assert!(is_cancelled(&owner.await));
        let heard = "the body is dropped at 1, a hears it at 1, a is clean at 3";
        assert_eq!((log.all().as_str(), now()), (heard, 3));
    });
}

#[test]
fn cancelling_the_owner_while_it_waits_for_the_children_cancels_them() {
    run(async {
        let log = Log::default();
        let a = log.clone();
        let owner = spawn(group(async move |g| drop(g.spawn(cleans_up(a, "a", 2)))));
        sleep(SECOND).await;
        owner.cancel();
        assert!(is_cancelled(&owner.await));
        assert_eq!(
            (log.all().as_str(), now()),
            ("a hears it at 1, a is clean at 3", 3)
        );
    });
}

#[test]
fn the_body_hears_it_first_and_may_clean_up() {
    run(async {
        let log = Log::default();
        let (a, b) = (log.clone(), log.clone());
        let owner = spawn(group(async move |g| {
            g.spawn(cleans_up(a, "a", 1));
            cleans_up(b, "the body", 2).await;
        }));
        sleep(SECOND).await;
        owner.cancel();
        assert!(is_cancelled(&owner.await));
        let heard = "the body hears it at 1, the body is clean at 3, a hears it at 3, \
                     a is clean at 4";
        assert_eq!(log.all(), heard);
    });
}

#[test]
fn a_body_that_swallows_it_goes_on() {
    run(async {
        let owner = spawn(group(async |g| {
            g.spawn(takes(5));
            let caught = catch_cancel(pending::<()>()).await;
            caught.is_err()
        }));
        sleep(SECOND).await;
        owner.cancel();
        assert!(owner.await.unwrap().unwrap());
        assert_eq!(now(), 5);
    });
}

#[test]
fn a_second_request_aborts_the_children() {
    run(async {
        let log = Log::default();
        let a = log.clone();
        let owner = spawn(group(async move |g| drop(g.spawn(cleans_up(a, "a", 9)))));
        sleep(SECOND).await;
        owner.cancel();
        sleep(SECOND).await;
        owner.cancel();
        assert!(is_cancelled(&owner.await));
        yield_now().await;
        assert_eq!((log.all().as_str(), tasks().len()), ("a hears it at 1", 1));
    });
}

#[test]
fn a_failure_in_the_clean_up_is_told_instead_of_the_cancellation() {
    run(async {
        let owner = spawn(group(async |g| {
            g.spawn(async {
                let _caught = catch_cancel(pending::<()>()).await;
                panic!("in its clean-up");
            });
        }));
        sleep(SECOND).await;
        owner.cancel();
        let failures = texts(owner.await.unwrap().unwrap_err());
        assert_eq!(failures, ["the task panicked: in its clean-up"]);
    });
}

#[test]
fn a_request_while_a_failed_group_waits_does_not_cut_the_clean_up_short() {
    run(async {
        let log = Log::default();
        let a = log.clone();
        let owner = spawn(group(async move |g| {
            g.spawn(cleans_up(a, "a", 3));
            g.spawn(breaks_after(1));
        }));
        sleep(2 * SECOND).await;
        owner.cancel();
        assert!(owner.await.unwrap().is_err(), "its failure is told");
        assert_eq!(
            (log.all().as_str(), now()),
            ("a hears it at 1, a is clean at 4", 4)
        );
    });
}

#[test]
fn dropping_it_aborts_the_children() {
    run(async {
        let log = Log::default();
        let a = log.clone();
        let dropped = group(async move |g| drop(g.spawn(is_dropped(a, "a"))));
        assert!(timeout(SECOND, dropped).await.is_err());
        yield_now().await;
        assert_eq!(
            (log.all().as_str(), tasks().len()),
            ("a is dropped at 1", 1)
        );
    });
}

#[test]
fn it_takes_no_new_child_after_it_has_failed() {
    run(async {
        let log = Log::default();
        let ours = log.clone();
        let error = group(async move |g| {
            let late = g.clone();
            g.spawn(async move {
                let _caught = catch_cancel(pending::<()>()).await;
                let child = late.spawn(async { unreachable!("it has failed") });
                let end: Result<(), _> = child.await;
                ours.say(format!("refused: {}", is_cancelled(&end)));
            });
            g.spawn(breaks_after(1));
        });
        assert_eq!(error.await.unwrap_err().failures().len(), 1);
        assert_eq!(log.all(), "refused: true");
    });
}

#[test]
fn a_child_may_spawn_another_which_is_waited_for() {
    run(async {
        group(async |g| {
            let again = g.clone();
            g.spawn(async move {
                sleep(SECOND).await;
                again.spawn(takes(4));
            });
        })
        .await
        .unwrap();
        assert_eq!(now(), 5);
    });
}

#[test]
#[should_panic = "the group (made at"]
fn after_its_end_it_takes_none_and_says_so() {
    run(async {
        let kept = group(async |g: Group| g).await.unwrap();
        kept.spawn(async {});
    });
}

#[test]
fn groups_nest() {
    run(async {
        let log = Log::default();
        let (a, b) = (log.clone(), log.clone());
        let outer = group(async move |outer| {
            outer.spawn(cleans_up(a, "outer", 2));
            let inner = group(async |inner| {
                inner.spawn(cleans_up(b.clone(), "inner", 1));
                inner.spawn(breaks_after(1));
            });
            let failures = texts(inner.await.unwrap_err());
            b.say(format!("{} at {}", failures.len(), now()));
            panic!("the body of the outer one");
        });
        let end = AssertUnwindSafe(outer).catch_unwind().await;
        let payload = end.unwrap_err();
        let text = wakers::panic_message(&*payload);
        assert_eq!(text, Some("the body of the outer one"));
        let heard = "inner hears it at 1, inner is clean at 2, 1 at 2, \
                     outer hears it at 2, outer is clean at 4";
        assert_eq!(log.all(), heard);
    });
}

#[test]
fn a_cancellation_goes_through_groups_in_groups() {
    run(async {
        let log = Log::default();
        let (a, b) = (log.clone(), log.clone());
        let owner = spawn(group(async move |outer| {
            outer.spawn(cleans_up(a, "outer", 1));
            let inner =
                group(async move |inner| drop(inner.spawn(cleans_up(b, "inner", 1))));
            inner.await.unwrap();
            unreachable!("it was cancelled");
        }));
        sleep(SECOND).await;
        owner.cancel();
        assert!(is_cancelled(&owner.await));
        let heard = "inner hears it at 1, inner is clean at 2, outer hears it at 2, \
                     outer is clean at 3";
        assert_eq!(log.all(), heard);
    });
}

#[test]
fn children_end_while_the_body_runs() {
    run(async {
        let dropped = Rc::new(Cell::new(0));
        group(async |g| {
            for _ in 0..1000 {
                let counts = Rc::clone(&dropped);
                let held = OnDrop(move || counts.set(counts.get() + 1));
                g.spawn(async move { drop(held) });
                yield_now().await;
            }
            yield_now().await;
            assert_eq!(dropped.get(), 1000);
        })
        .await
        .unwrap();
    });
}

#[test]
fn it_says_where_it_waits() {
    run(async {
        let owner = spawn_named("owner", async {
            group(async |g| drop(g.spawn(takes(1)))).await
        });
        let here = line!() - 2;
        let body = spawn_named("body", async { group(async |_| takes(1).await).await });
        yield_now().await;
        let at = suspended("owner");
        assert_eq!((at.0, at.1.as_str(), at.2), ("group", "groups.rs", here));
        assert_eq!(suspended("body").0, "sleep", "where the body waits");
        owner.await.unwrap().unwrap();
        body.await.unwrap().unwrap();
    });
}
