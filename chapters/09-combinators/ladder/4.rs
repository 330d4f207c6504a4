//! Tasks, gathered
//!
//! Children that are polled in place end with whatever awaits them. Tasks do not: they have a place of their own in the
//! loop's queue, and go on. `gather` makes a task of each future, and waits for the tasks.
//!
//!     pub async fn gather<F, T, E>(
//!         executor: &Executor,
//!         futures: Vec<F>,
//!     ) -> Result<Vec<T>, E>
//!     where
//!         F: Future<Output = Result<T, E>> + 'static,
//!
//!     /// Errors stand in their places, like values.
//!     pub async fn gather_all<F: Future + 'static>(
//!         executor: &Executor,
//!         futures: Vec<F>,
//!     ) -> Vec<F::Output>
//!
//! The tasks are spawned in the order of the list, and the values come back in it. `gather` gives the first error as
//! soon as there is one; the other tasks go on. The first error is the one that happens first, wherever its task stands
//! in the list.
//!
//! needs: 6.5
//!
//! hint: A `JoinHandle` is a future. You have a function that awaits a list of them.
//!
//! hint: That is `gather_all`. `gather` must not wait for the last: it looks at each value as it comes, and `Children`
//! from the rung before gives them as they come.
//!
//! hint: With `tasks` being what `executor.spawn` gave for each:
//!
//!     let mut values: Vec<_> = tasks.iter().map(|_| None).collect();
//!     let mut children = Children::new(tasks);
//!     for _ in 0..values.len() {
//!         let (place, value) = children.next().await;
//!         values[place] = Some(value?);
//!     }
//!     Ok(values.into_iter().flatten().collect())
//!
//! When the `?` returns, the handles are dropped, and a task whose handle is dropped goes on.
//!
//! done: This is asyncio's `gather`, with and without `return_exceptions`. After an error nobody waits for the others
//! any more: they may outlive the function that has started them, and their errors reach nobody. Next: a function that
//! waits.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use mine::combinators::{gather, gather_all};
use mine::tasks::{Runtime, run};

type Outcome = Result<u64, String>;

async fn sleeps(runtime: &Runtime, seconds: u64) {
    runtime.timers.sleep(Duration::from_secs(seconds)).await;
}

/// Sleeps so long, and gives the number of seconds.
async fn works(runtime: Runtime, seconds: u64) -> Outcome {
    sleeps(&runtime, seconds).await;
    Ok(seconds)
}

/// Sleeps so long, and fails.
async fn fails(runtime: Runtime, seconds: u64) -> Outcome {
    sleeps(&runtime, seconds).await;
    Err(format!("failed at {seconds} s"))
}

type Child = std::pin::Pin<Box<dyn Future<Output = Outcome>>>;

/// Of one type, as a list wants them: so many seconds, and whether it works.
fn children(runtime: &Runtime, all: &[(u64, bool)]) -> Vec<Child> {
    let child = |&(seconds, well): &(u64, bool)| match well {
        true => Box::pin(works(runtime.clone(), seconds)) as Child,
        false => Box::pin(fails(runtime.clone(), seconds)) as Child,
    };
    all.iter().map(child).collect()
}

/// What `gather` gives of such children, and when.
fn gathered(all: &'static [(u64, bool)]) -> (Result<Vec<u64>, String>, u64) {
    run(async move |runtime: Runtime| {
        let outcome = gather(&runtime.executor, children(&runtime, all)).await;
        (outcome, runtime.timers.now().as_secs())
    })
}

fn all_well() {
    ladder::tries("gather of nothing");
    ladder::hangs("it never ends, and there is nothing to wait for");
    let (outcome, _) = gathered(&[]);
    ladder::check!(
        outcome == Ok(vec![]),
        "it should give an empty list, and gives {outcome:?}"
    );

    ladder::tries("gather of tasks that take 3, 1 and 2 seconds");
    ladder::hangs("it never ends, and all three have ended");
    let (outcome, now) = gathered(&[(3, true), (1, true), (2, true)]);
    ladder::check!(
        outcome != Ok(vec![1, 2, 3]),
        "it gives [1, 2, 3], the order in which they ended: the values are to stand in the order of the list"
    );
    ladder::check!(
        outcome == Ok(vec![3, 1, 2]),
        "it should give [3, 1, 2], and gives {outcome:?}"
    );
    ladder::check!(
        now == 3,
        "it should take 3 s, and takes {now}: do they run at the same time?"
    );
}

fn first_error() {
    ladder::tries("gather of tasks of 3, 1 and 2 seconds, of which the second fails");
    let (outcome, now) = gathered(&[(3, true), (1, false), (2, true)]);
    let failed = |seconds: u64| Err(format!("failed at {seconds} s"));
    ladder::check!(
        outcome == failed(1),
        "it should fail with what failed at 1 s, and gives {outcome:?}"
    );
    ladder::check!(
        now == 1,
        "the error was there at 1 s, and is heard at {now} s: meanwhile, gather still waits for another task"
    );

    ladder::tries(
        "gather of two tasks that fail, the first after 2 s, the second after 1 s",
    );
    let (outcome, now) = gathered(&[(2, false), (1, false)]);
    ladder::check!(
        (&outcome, now) == (&failed(1), 1),
        "it should fail at 1 s with what failed then, and gives {outcome:?} at {now} s: the first in time, not in the list"
    );
}

fn the_others_go_on() {
    ladder::tries("a task that is gathered with one that fails");
    let ended = Rc::new(Cell::new(false));
    let sets = ended.clone();
    run(async move |runtime: Runtime| {
        let mut all = children(&runtime, &[(1, false)]);
        let of_it = runtime.clone();
        all.push(Box::pin(async move {
            sleeps(&of_it, 2).await;
            sets.set(true);
            Ok(2)
        }));
        let outcome = gather(&runtime.executor, all).await;
        ladder::check!(outcome.is_err(), "it should fail, and gives {outcome:?}");
        sleeps(&runtime, 5).await;
    });
    ladder::check!(
        ended.get(),
        "it does not go on after the error: is each a task of its own, or does it end with the gather?"
    );
}

/// Says its name, and ends.
fn note(log: &Rc<RefCell<Vec<&'static str>>>, name: &'static str) -> Child {
    let log = log.clone();
    Box::pin(async move {
        log.borrow_mut().push(name);
        Ok(0)
    })
}

fn in_their_own_turns(which: &'static str) {
    ladder::tries(format_args!(
        "{which} of two tasks, while another one stands in the queue"
    ));
    let log = Rc::default();
    let said = Rc::clone(&log);
    run(async move |runtime: Runtime| {
        let before = runtime.executor.spawn(note(&said, "before"));
        let gathered = vec![note(&said, "A"), note(&said, "B")];
        match which {
            "gather" => drop(gather(&runtime.executor, gathered).await),
            _ => drop(gather_all(&runtime.executor, gathered).await),
        }
        drop(before.await);
    });
    let order = log.borrow().join(" ");
    ladder::check!(
        order == "before A B",
        "they should run as before, A, B, and run as {order}: they are tasks, and start after those that were \
         spawned before"
    );
}

fn errors_in_place() {
    ladder::tries("gather_all of tasks of 3, 1 and 2 seconds, of which the second fails");
    ladder::hangs("it never ends, and all three have ended");
    let (outcomes, now) = run(async |runtime: Runtime| {
        let all = children(&runtime, &[(3, true), (1, false), (2, true)]);
        let outcomes = gather_all(&runtime.executor, all).await;
        (outcomes, runtime.timers.now().as_secs())
    });
    ladder::check!(
        now == 3,
        "it should wait for the last one, until 3 s, and ends at {now} s"
    );
    let wanted = [Ok(3), Err("failed at 1 s".to_string()), Ok(2)];
    ladder::check!(
        outcomes == wanted,
        "it should give {wanted:?}, and gives {outcomes:?}"
    );
}

fn main() {
    all_well();
    first_error();
    the_others_go_on();
    in_their_own_turns("gather");
    errors_in_place();
    in_their_own_turns("gather_all");
}
