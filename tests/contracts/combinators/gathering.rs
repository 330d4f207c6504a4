//! All values, or the first error.

use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::rc::Rc;

use combinators::{
    TryError, gather, gather_all, gather_all_handles, gather_handles, try_gather,
    try_gather_handles,
};
use polling::yield_now;
use task_cell::{JoinError, call_soon, spawn, spawn_named, tasks};
use timers::{sleep, timeout};

use crate::{
    Log, SECOND, breaks_after, has_panicked, is_cancelled, is_dropped, now, run,
    suspended, takes,
};

#[test]
fn values_come_in_the_order_of_the_arguments() {
    run(async {
        assert_eq!(gather([2, 1, 3].map(takes)).await.unwrap(), [2, 1, 3]);
        assert_eq!(now(), 3, "at once, and not one after the other");
    });
}

#[test]
fn children_are_tasks_that_begin_in_order_after_what_is_queued() {
    run(async {
        let log = Log::default();
        let (early, late) = (log.clone(), log.clone());
        call_soon(move || early.say("queued before"));
        let children = ["a", "b"].map(|name| {
            let log = log.clone();
            async move { log.say(name) }
        });
        let gathered = gather(children);
        assert_eq!(tasks().len(), 3, "they are there before it is awaited");
        assert_eq!(log.all(), "", "and have not begun");
        call_soon(move || late.say("queued after"));
        gathered.await.unwrap();
        assert_eq!(log.all(), "queued before, a, b, queued after");
    });
}

#[test]
fn a_task_that_is_there_is_not_spawned_again() {
    run(async {
        let handles = [spawn_named("one", takes(1)), spawn_named("two", takes(2))];
        let gathered = gather_handles(handles);
        assert_eq!(tasks().len(), 3);
        assert_eq!(gathered.await.unwrap(), [1, 2]);
    });
}

#[test]
fn children_say_the_line_of_the_call() {
    run(async {
        let gathered = gather([takes(1), takes(2)]);
        let here = line!() - 1;
        assert!(tasks()[1..].iter().all(|it| it.spawned.line() == here));
        gathered.await.unwrap();
    });
}

#[test]
fn the_first_error_surfaces_at_once_and_the_others_go_on() {
    run(async {
        let log = Log::default();
        let ours = log.clone();
        let slow = async move {
            sleep(3 * SECOND).await;
            ours.say(format!("the slow one ends at {}", now()));
            3
        };
        let quick: Vec<_> =
            vec![spawn(slow), spawn(breaks_after(1)), spawn(breaks_after(2))];
        let end = gather_handles(quick).await;
        assert_eq!(
            end.unwrap_err().to_string(),
            "the task panicked: broken after 1"
        );
        assert_eq!((now(), tasks().len()), (1, 3));
        sleep(5 * SECOND).await;
        assert_eq!(log.all(), "the slow one ends at 3");
    });
}

#[test]
fn a_child_that_is_cancelled_is_an_error() {
    run(async {
        let handles = vec![spawn(takes(9)), spawn(takes(8))];
        let second = handles[1].task_handle();
        let gathered = spawn(async { gather_handles(handles).await });
        sleep(SECOND).await;
        second.cancel();
        assert!(is_cancelled(&gathered.await.unwrap()));
        assert_eq!(now(), 1);
    });
}

#[test]
fn the_first_error_in_time_counts_and_not_the_first_in_place() {
    run(async {
        let trip = |seconds: u32| async move {
            sleep(seconds * SECOND).await;
            Err::<(), _>(seconds)
        };
        let end = try_gather([3, 1, 2].map(trip)).await;
        assert!(matches!(end, Err(TryError::Failed(1))), "{end:?}");
        let panics = [breaks_after(2), breaks_after(1)];
        let end = gather(panics).await;
        assert_eq!(
            end.unwrap_err().to_string(),
            "the task panicked: broken after 1"
        );
    });
}

#[test]
fn errors_stand_in_their_places() {
    run(async {
        let handles = vec![spawn(takes(3)), spawn(breaks_after(1)), spawn(takes(4))];
        handles[2].cancel();
        let ends = gather_all_handles(handles).await;
        assert_eq!(now(), 3, "the last one is waited for");
        assert_eq!(*ends[0].as_ref().unwrap(), 3);
        assert!(has_panicked(&ends[1]) && is_cancelled(&ends[2]));
        let trip = |seconds: u32| async move {
            sleep(seconds * SECOND).await;
            assert_ne!(seconds, 1);
            seconds
        };
        let ends = gather_all([3, 1, 2].map(trip)).await;
        assert_eq!((ends.len(), now()), (3, 6));
        assert!(ends[0].is_ok() && has_panicked(&ends[1]) && ends[2].is_ok());
    });
}

#[test]
fn an_err_is_an_error_to_those_that_try() {
    run(async {
        let trip = |text: &'static str, seconds: u32| async move {
            sleep(seconds * SECOND).await;
            text.parse::<u32>()
        };
        let good = try_gather([trip("1", 2), trip("2", 1)]).await;
        assert_eq!(good.unwrap(), [1, 2]);
        let began = now();
        let handles = [spawn(trip("1", 5)), spawn(trip("x", 1))];
        let end = try_gather_handles(handles).await;
        assert!(matches!(end, Err(TryError::Failed(_))));
        assert_eq!(now() - began, 1);
        // To the others it is a value.
        let both = gather([trip("1", 1), trip("x", 1)]).await.unwrap();
        assert!(both[0].is_ok() && both[1].is_err());
        let panics = [
            spawn(async { panic!("x") }),
            spawn(async { Ok::<_, ()>(1) }),
        ];
        let end = try_gather_handles(panics).await;
        assert!(matches!(end, Err(TryError::Join(JoinError::Panicked(_)))));
    });
}

#[test]
fn different_types_come_as_a_tuple() {
    run(async {
        let both = combinators::gather!(takes(2), async { "text" }).await;
        assert_eq!(both.unwrap(), (2, "text"));
        assert_eq!(now(), 2);
        let end = combinators::gather!(takes(2), breaks_after(1)).await;
        assert!(has_panicked(&end));
        assert_eq!(now(), 3);
        let good = async { Ok::<_, &str>(1) };
        let also = async { Ok::<_, &str>('a') };
        assert_eq!(
            combinators::try_gather!(good, also).await.unwrap(),
            (1, 'a')
        );
        let slow = async {
            sleep(9 * SECOND).await;
            Ok::<u8, &str>(1)
        };
        let bad = async { Err::<char, _>("bad") };
        let end = combinators::try_gather!(slow, bad).await;
        assert!(matches!(end, Err(TryError::Failed("bad"))));
        assert_eq!(now(), 3);
    });
}

#[test]
fn dropping_it_aborts_the_children() {
    run(async {
        let log = Log::default();
        let children = ["a", "b"].map(|name| is_dropped(log.clone(), name));
        assert!(timeout(SECOND, gather(children)).await.is_err());
        assert_eq!(log.all(), "", "at their turns, and not here");
        yield_now().await;
        assert_eq!(log.all(), "a is dropped at 1, b is dropped at 1");
        drop(gather([pending::<()>()]));
        yield_now().await;
        assert_eq!(tasks().len(), 1);
    });
}

#[test]
fn of_nothing_it_is_ready() {
    run(async {
        let none: [std::future::Ready<()>; 0] = [];
        let suspends = spawn(async { yield_now().await });
        assert!(gather(none.clone()).await.unwrap().is_empty());
        assert!(gather_all(none).await.is_empty());
        assert!(!suspends.is_finished(), "it did not suspend");
        suspends.await.unwrap();
    });
}

#[test]
fn it_is_polled_when_it_begins_and_when_it_is_over() {
    run(async {
        let polls = Rc::new(Cell::new(0));
        let counted = Rc::clone(&polls);
        let task = spawn(async move {
            let mut gathered = gather((0..100).map(takes));
            poll_fn(|context| {
                counted.set(counted.get() + 1);
                std::pin::Pin::new(&mut gathered).poll(context)
            })
            .await
        });
        task.await.unwrap().unwrap();
        assert_eq!(
            polls.get(),
            2,
            "whatever number of children ends in between"
        );
    });
}

#[test]
fn it_says_where_it_waits() {
    run(async {
        let task = spawn_named("gatherer", async { gather([takes(1)]).await });
        let here = line!() - 1;
        yield_now().await;
        let at = suspended("gatherer");
        assert_eq!(
            (at.0, at.1.as_str(), at.2),
            ("gather", "gathering.rs", here)
        );
        task.await.unwrap().unwrap();
    });
}

#[test]
fn without_an_executor_it_says_so_and_nothing_else() {
    let log = Log::default();
    let hears = log.clone();
    let _hook =
        wakers::set_panic_hook(Rc::new(move |report| hears.say(report.to_string())));
    let gathers = || drop(gather([async {}]));
    let payload = std::panic::catch_unwind(gathers).unwrap_err();
    let text = wakers::panic_message(&*payload).unwrap();
    assert!(text.starts_with("spawn needs an executor"), "{text}");
    assert_eq!(log.all(), "");
}

#[test]
fn a_gather_may_go_elsewhere_than_its_list() {
    run(async {
        let list = vec![1, 2];
        let gathered = gather(list.iter().map(|&seconds| takes(seconds)));
        drop(list);
        let task = spawn(gathered);
        assert_eq!(task.await.unwrap().unwrap(), [1, 2]);
    });
}

#[test]
fn of_two_that_fail_in_one_instant_it_is_the_first_to_end() {
    run(async {
        let trip = |number: u32| async move {
            // The first one to end is the one whose sleep began first: in the order of the tasks.
            sleep(SECOND).await;
            Err::<(), _>(number)
        };
        let end = try_gather([1, 2, 3].map(trip)).await;
        assert!(matches!(end, Err(TryError::Failed(1))), "{end:?}");
        let handles = [1, 2, 3].map(|number| spawn(trip(number)));
        let end = try_gather_handles(handles).await;
        assert!(matches!(end, Err(TryError::Failed(1))), "{end:?}");
        let trip = |number: u32| async move {
            sleep(SECOND).await;
            assert_eq!(number, 0);
        };
        let text = "assertion `left == right` failed\n  left: 1\n right: 0";
        let end = gather([1, 2].map(trip)).await.unwrap_err();
        assert_eq!(end.to_string(), format!("the task panicked: {text}"));
        let end = gather_handles([1, 2].map(|number| spawn(trip(number)))).await;
        assert_eq!(
            end.unwrap_err().to_string(),
            format!("the task panicked: {text}")
        );
    });
}

#[test]
#[should_panic = "combinators/gathering.rs:"]
fn awaiting_it_again_is_told_with_its_line() {
    run(async {
        let mut gathered = gather([async {}]);
        (&mut gathered).await.unwrap();
        (&mut gathered).await.unwrap();
    });
}
