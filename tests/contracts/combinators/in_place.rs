//! Futures that are polled in place.

use std::cell::Cell;
use std::future::{pending, poll_fn, ready};
use std::pin::pin;
use std::rc::Rc;

use combinators::{Either, join, join_all, race, race_all, select, select_all};
use polling::yield_now;
use task_cell::{Cancelled, catch_cancel, spawn, spawn_named, tasks};
use timers::sleep;
use wakers::phone;

use crate::{Log, SECOND, is_cancelled, is_dropped, now, run, suspended, takes};

#[test]
fn join_gives_all_values_in_the_order_of_the_arguments() {
    run(async {
        assert_eq!(join(takes(2), takes(1)).await, (2, 1));
        assert_eq!(now(), 2);
        assert_eq!(join_all([2, 3, 1].map(takes)).await, [2, 3, 1]);
        assert_eq!((now(), tasks().len()), (5, 1), "no task was spawned");
        let none: [std::future::Ready<()>; 0] = [];
        assert!(join_all(none).await.is_empty());
    });
}

#[test]
fn race_gives_the_first_value_and_drops_the_others_before() {
    run(async {
        let log = Log::default();
        let slow = async {
            is_dropped(log.clone(), "slow").await;
            0
        };
        let first = race(slow, takes(1)).await;
        log.say(format!("{first}"));
        assert_eq!(log.all(), "slow is dropped at 1, 1");
        assert_eq!(race_all([3, 1, 2].map(takes)).await, 1);
        assert_eq!(now(), 2);
    });
}

#[test]
fn losers_are_gone_when_the_value_is_there_though_the_race_is_kept() {
    run(async {
        let log = Log::default();
        let lent = |name| is_dropped(log.clone(), name);
        let mut kept = pin!(race(lent("a"), async {}));
        kept.as_mut().await;
        assert_eq!(log.all(), "a is dropped at 0");
        let mut kept = pin!(select(takes(1), lent("b")));
        kept.as_mut().await;
        assert_eq!(log.all(), "b is dropped at 1");
        let mut kept = race_all([
            Box::pin(lent("c")) as std::pin::Pin<Box<dyn Future<Output = ()>>>,
            Box::pin(async {}),
        ]);
        (&mut kept).await;
        assert_eq!(log.all(), "c is dropped at 1");
    });
}

#[test]
fn select_says_which_one_it_was() {
    run(async {
        assert_eq!(select(takes(1), async { "b" }).await, Either::Right("b"));
        assert_eq!(select(takes(1), pending::<()>()).await, Either::Left(1));
        let trips = [3, 1, 2].map(|it| Box::pin(takes(it)));
        let (value, index, rest) = select_all(trips).await;
        assert_eq!((value, index, now()), (1, 1, 2));
        let (value, index, rest) = select_all(rest).await;
        assert_eq!((value, index, rest.len()), (2, 1, 1));
    });
}

#[test]
fn at_first_they_are_polled_in_order_then_as_they_are_woken() {
    run(async {
        assert_eq!(select(ready(1), ready(2)).await, Either::Left(1));
        assert_eq!(race_all([ready(1), ready(2)]).await, 1);
        let ((say_a, a), (say_b, b)) = (phone(), phone());
        let both = async {
            yield_now().await;
            say_b.say("b");
            say_a.say("a");
            pending::<()>().await;
        };
        let raced = race_all([a, b]);
        let Either::Left(first) = select(raced, both).await else {
            panic!("it is pending");
        };
        assert_eq!(first, Some("b"));
    });
}

/// Counts its polls; the value comes with the caller's word.
fn counted(
    polls: &Rc<Cell<u32>>,
) -> (
    wakers::Caller<u32>,
    impl Future<Output = Option<u32>> + Unpin + use<>,
) {
    let (caller, mut phone) = phone();
    let polls = Rc::clone(polls);
    let future = poll_fn(move |context| {
        polls.set(polls.get() + 1);
        std::pin::Pin::new(&mut phone).poll(context)
    });
    (caller, future)
}

#[test]
fn waking_one_of_a_thousand_polls_one() {
    run(async {
        let polls = Rc::new(Cell::new(0));
        let (callers, children): (Vec<_>, Vec<_>) =
            (0..1000).map(|_| counted(&polls)).unzip();
        let joined = spawn(join_all(children));
        yield_now().await;
        assert_eq!(polls.get(), 1000);
        for (caller, woken) in callers.into_iter().zip(1..) {
            caller.say(woken);
            yield_now().await;
            yield_now().await;
            assert_eq!(polls.get(), 1000 + woken);
        }
        assert_eq!(joined.await.unwrap().len(), 1000);
        let (mut callers, children): (Vec<_>, Vec<_>) =
            (0..1000).map(|_| counted(&polls)).unzip();
        let raced = spawn(race_all(children));
        yield_now().await;
        polls.set(0);
        callers.swap_remove(500).say(7);
        assert_eq!(raced.await.unwrap(), Some(7));
        assert_eq!(polls.get(), 1);
        let (mut callers, children): (Vec<_>, Vec<_>) =
            (0..1000).map(|_| counted(&polls)).unzip();
        let selected = spawn(select_all(children));
        yield_now().await;
        polls.set(0);
        callers.swap_remove(500).say(7);
        assert_eq!(selected.await.unwrap().1, 500);
        assert_eq!(polls.get(), 1);
    });
}

#[test]
fn waking_one_of_two_polls_one() {
    run(async {
        let (a_polls, b_polls) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
        let (say_a, a) = counted(&a_polls);
        let (say_b, b) = counted(&b_polls);
        let joined = spawn(join(a, b));
        yield_now().await;
        say_b.say(2);
        yield_now().await;
        yield_now().await;
        assert_eq!((a_polls.get(), b_polls.get()), (1, 2));
        say_a.say(1);
        assert_eq!(joined.await.unwrap(), (Some(1), Some(2)));
        assert_eq!((a_polls.get(), b_polls.get()), (2, 2));
    });
}

#[test]
fn what_is_over_is_not_polled_again() {
    run(async {
        // `async {}` would panic.
        let over = async {};
        let late = async {
            for _ in 0..3 {
                yield_now().await;
            }
        };
        join(over, late).await;
    });
}

#[test]
fn a_child_may_be_lent_and_goes_on_afterwards() {
    run(async {
        let mut trip = pin!(takes(3));
        for second in 1..3 {
            assert_eq!(
                select(trip.as_mut(), sleep(SECOND)).await,
                Either::Right(())
            );
            assert_eq!(now(), second);
        }
        assert_eq!(trip.await, 3);
        assert_eq!(now(), 3);
        let mut task = spawn(takes(2));
        let first = select(&mut task, sleep(SECOND)).await;
        assert!(matches!(first, Either::Right(())));
        assert_eq!(task.await.unwrap(), 2);
    });
}

#[test]
fn children_may_borrow() {
    run(async {
        let list = [1, 2, 3];
        let sum = async { list.iter().sum::<i32>() };
        let count = async { list.len() };
        assert_eq!(join(sum, count).await, (6, 3));
    });
}

#[test]
fn a_cancellation_reaches_the_scopes_of_all_children() {
    run(async {
        let log = Log::default();
        let scope = |name: &'static str| {
            let log = log.clone();
            async move {
                let caught = catch_cancel(pending::<()>()).await;
                log.say(format!("{name}: {}", caught == Err(Cancelled)));
                sleep(SECOND).await;
            }
        };
        let children = ["a", "b", "c"].map(scope);
        let task = spawn(async { join_all(children).await.len() });
        yield_now().await;
        task.cancel();
        assert_eq!(task.await.unwrap(), 3);
        assert_eq!(
            (log.all().as_str(), now()),
            ("a: true, b: true, c: true", 1)
        );
    });
}

#[test]
fn without_a_scope_all_are_dropped() {
    run(async {
        let log = Log::default();
        let children = ["a", "b"].map(|name| is_dropped(log.clone(), name));
        let task = spawn(join_all(children));
        yield_now().await;
        task.cancel();
        assert!(is_cancelled(&task.await));
        assert_eq!(log.all(), "a is dropped at 0, b is dropped at 0");
    });
}

fn second() -> timers::Sleep {
    sleep(SECOND)
}

#[test]
fn they_say_where_they_wait() {
    run(async {
        let first = line!() + 2;
        let _tasks = [
            spawn_named("join", async { _ = join(takes(1), takes(2)).await }),
            spawn_named("join_all", async { _ = join_all([takes(1)]).await }),
            spawn_named("race", async { _ = race(takes(1), takes(2)).await }),
            spawn_named("race_all", async { _ = race_all([takes(1)]).await }),
            spawn_named("select", async { _ = select(takes(1), takes(2)).await }),
            spawn_named("select_all", async { _ = select_all([second()]).await }),
        ];
        yield_now().await;
        let names = [
            "join",
            "join_all",
            "race",
            "race_all",
            "select",
            "select_all",
        ];
        for (name, line) in names.into_iter().zip(first..) {
            let at = suspended(name);
            assert_eq!((at.0, at.1.as_str(), at.2), (name, "in_place.rs", line));
        }
        sleep(3 * SECOND).await;
    });
}

/// What awaiting `kept` twice panics with.
fn twice(kept: impl Future) -> String {
    let twice = std::panic::AssertUnwindSafe(async {
        let mut kept = pin!(kept);
        kept.as_mut().await;
        kept.as_mut().await;
    });
    let payload = run(futures::FutureExt::catch_unwind(twice)).unwrap_err();
    wakers::panic_message(&*payload).unwrap().replace('\\', "/")
}

#[test]
fn awaiting_again_is_told_with_the_line() {
    let told = |line: u32, why: &str| {
        let file = "tests/contracts/combinators/in_place.rs";
        format!("the {why} made at {file}:{line}:")
    };
    let line = line!() + 2;
    let messages = [
        ("select", twice(select(async {}, async {}))),
        ("race", twice(race(async {}, async {}))),
        ("join", twice(join(async {}, async {}))),
        ("join_all", twice(join_all([async {}]))),
        ("race_all", twice(race_all([async {}]))),
        ("select_all", twice(select_all([ready(())]))),
    ];
    for ((why, message), line) in messages.into_iter().zip(line..) {
        let begins = message.contains(&told(line, why));
        assert!(
            begins && message.ends_with("was awaited after its end"),
            "{message}"
        );
    }
}

#[test]
#[should_panic = "race_all needs at least one future"]
fn a_race_of_nobody_is_refused() {
    drop(race_all(Vec::<std::future::Ready<()>>::new()));
}

#[test]
#[should_panic = "select_all needs at least one future"]
fn a_selection_of_nobody_is_refused() {
    drop(select_all(Vec::<std::future::Ready<()>>::new()));
}
