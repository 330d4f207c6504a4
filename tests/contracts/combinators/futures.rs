//! The contract of every future, kept by those of this chapter.

use std::future::pending;

use combinators::{
    When, as_completed_handles, gather_all_handles, gather_handles, group, join,
    join_all, race, race_all, select, select_all, shield_handle, try_gather_handles,
    try_wait, wait, wait_for_handle,
};
use polling::yield_now;
use task_cell::{Executor, JoinHandle};
use timers::Timers;
use wakers::{Caller, ThreadPark, phone};
use workbook_tests::harness::Contract;

use crate::{SECOND, executor, takes};

type Virtual = Executor<Timers<ThreadPark>>;

/// Runs until nobody has anything left to do.
fn settle(executor: &mut Virtual) {
    executor.run_until_complete(async {
        for _ in 0..6 {
            yield_now().await;
        }
    });
}

/// The contract of what `make` makes of a task that ends when it is told to.
fn of_a_task<F>(make: impl Fn(JoinHandle<Option<u32>>) -> F + 'static)
where
    F: Future<Output: std::fmt::Debug> + 'static,
{
    Contract::new(move || {
        let mut executor = executor();
        let (caller, phone) = phone();
        let handle = executor.spawn(phone);
        let future = make(handle);
        let complete = move || {
            caller.say(7);
            settle(&mut executor);
        };
        (text(future), complete)
    })
    .check();
}

async fn text<F: Future<Output: std::fmt::Debug>>(future: F) -> String {
    format!("{:?}", future.await)
}

#[test]
fn on_tasks_they_keep_it() {
    of_a_task(|task| gather_handles([task]));
    of_a_task(|task| gather_all_handles([task]));
    of_a_task(|task| wait([task], When::All, None));
    of_a_task(|task| wait([task], When::FirstCompleted, None));
    of_a_task(shield_handle);
    of_a_task(|task| {
        let mut completed = as_completed_handles([task]);
        async move { completed.next().await }
    });
}

#[test]
fn with_a_limit_they_keep_it() {
    Contract::new(|| {
        let mut executor = executor();
        let handle = executor.spawn(takes(2));
        // A limit needs the loop's clock: it is awaited in a task.
        let outer = executor.spawn(async move {
            format!("{:?}", wait_for_handle(9 * SECOND, handle).await)
        });
        let complete = move || {
            executor.run_until_complete(takes(3));
        };
        (async { outer.await.unwrap() }, complete)
    })
    .check();
}

#[test]
fn of_results_they_keep_it() {
    Contract::new(|| {
        let mut executor = executor();
        let (caller, phone) = phone();
        let handle = executor.spawn(async { phone.await.ok_or(()) });
        let other = executor.spawn(pending::<Result<u32, ()>>());
        let future = try_gather_handles([handle, other]);
        let complete = move || {
            drop::<Caller<u32>>(caller);
            settle(&mut executor);
        };
        (text(future), complete)
    })
    .check();
    Contract::new(|| {
        let mut executor = executor();
        let (caller, phone) = phone::<u32>();
        let handle = executor.spawn(async { phone.await.ok_or(()) });
        let future = try_wait([handle], When::FirstError, None);
        let complete = move || {
            caller.say(1);
            settle(&mut executor);
        };
        (text(future), complete)
    })
    .check();
}

#[test]
fn a_group_keeps_it() {
    // Its body waits; it has no child, since that needs an executor that runs.
    Contract::new(|| {
        let (caller, phone) = phone();
        let future = group(async move |_| phone.await);
        (text(future), move || caller.say(7))
    })
    .check();
}

#[test]
fn in_place_they_keep_it() {
    Contract::new(|| {
        let ((say_a, a), (say_b, b)) = (phone(), phone());
        let complete = move || {
            say_b.say(2);
            say_a.say(1);
        };
        (join(a, b), complete)
    })
    .gives((Some(1), Some(2)))
    .check_send();
    Contract::new(|| {
        let (callers, phones): (Vec<_>, Vec<_>) = (0..5).map(|_| phone()).unzip();
        let complete = move || callers.into_iter().for_each(|it: Caller<u32>| it.say(1));
        (join_all(phones), complete)
    })
    .gives(vec![Some(1); 5])
    .check_send();
    Contract::new(|| {
        let (say, heard) = phone();
        (race(pending(), heard), move || say.say(7))
    })
    .gives(Some(7))
    .check_send();
    Contract::new(|| {
        let (say, heard) = phone();
        (select(pending::<()>(), heard), move || say.say(7))
    })
    .gives(combinators::Either::Right(Some(7)))
    .check_send();
    Contract::new(|| {
        let (say, heard) = phone();
        let (kept, silent) = phone();
        let complete = move || {
            say.say(7);
            drop::<Caller<u32>>(kept);
        };
        (race_all([heard, silent]), complete)
    })
    .gives(Some(7))
    .check_send();
    Contract::new(|| {
        let (say, heard) = phone();
        let future = async {
            let (value, index, _rest) = select_all([heard]).await;
            (value, index)
        };
        (future, move || say.say(7))
    })
    .gives((Some(7), 0))
    .check_send();
}
