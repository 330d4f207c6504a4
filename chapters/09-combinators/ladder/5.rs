//! A group waits
//!
//! Whoever starts tasks should not return before they have ended. `group` gives a place to start them, runs a body that
//! does it, and waits for them all:
//!
//!     pub struct Group<E> { /* … */ }
//!
//!     impl<E: 'static> Group<E> {
//!         /// Starts a task that ends before the group does.
//!         pub fn spawn(&self, child: impl Future<Output = Result<(), E>> + 'static)
//!     }
//!
//!     /// When all children have ended: what `body` gives, or, if any failed, all failures.
//!     pub async fn group<R, E: 'static>(
//!         executor: &Executor,
//!         body: impl AsyncFnOnce(Rc<Group<E>>) -> R,
//!     ) -> Result<R, Vec<E>>
//!
//! However the body ends, also early with a `?`, the group waits. A child may have the `Rc` and start others: they are
//! children of the group like itself. One failure does not keep the others from ending, and none is lost.
//!
//! needs: 6.5
//!
//! hint: A list of handles in the group, behind a `RefCell`. When the body has ended, wait for each of them. Which of them
//! are in the list at that moment, and which are not yet?
//!
//! hint: Take one handle out of the list, await it, and take the next, until the list is empty: what a child has started
//! stands at the end of it. The borrow has to be over when you await.
//!
//! hint: `while let Some(child) = group.children.borrow_mut().pop_front()` keeps its borrow until the body of the loop
//! has ended. A method does not:
//!
//!     fn next(&self) -> Option<JoinHandle<Result<(), E>>> {
//!         self.children.borrow_mut().pop_front()
//!     }
//!
//! and then:
//!
//!     let value = body(group.clone()).await;
//!     let mut failures = Vec::new();
//!     while let Some(child) = group.next() {
//!         failures.extend(child.await.err());
//!     }
//!
//! done: Structured concurrency: when `group(…).await` is over, nothing that was started in it runs any more. One thing is
//! missing. If one fails, the others should be cancelled, and your tasks of chapter 6 cannot be: that takes chapter 8's,
//! and the chapter's `group` does it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use mine::combinators::{Group, group};
use mine::tasks::{Runtime, run};

/// A child that ends after so many seconds, well or not.
fn child(
    runtime: &Runtime,
    seconds: u64,
    failure: Option<&'static str>,
) -> impl Future<Output = Result<(), &'static str>> + 'static {
    let sleep = runtime.timers.sleep(Duration::from_secs(seconds));
    async move {
        sleep.await;
        failure.map_or(Ok(()), Err)
    }
}

fn now(runtime: &Runtime) -> u64 {
    runtime.timers.now().as_secs()
}

fn body_alone() {
    ladder::tries("a group without children");
    ladder::hangs("it never ends, and there is nobody to wait for");
    let outcome: Result<i32, Vec<()>> =
        run(async |runtime: Runtime| group(&runtime.executor, async |_| 7).await);
    ladder::check!(
        outcome == Ok(7),
        "it should give what its body gives, Ok(7), and gives {outcome:?}"
    );
}

fn waits() {
    ladder::tries("a group whose children take 1 and 3 seconds");
    ladder::hangs("it never ends, and its children have ended");
    let (outcome, body_ended, group_ended) = run(async |runtime: Runtime| {
        let outcome = group(&runtime.executor, async |group| {
            group.spawn(child(&runtime, 3, None));
            group.spawn(child(&runtime, 1, None));
            now(&runtime)
        });
        let outcome = outcome.await;
        let body_ended = *outcome.as_ref().unwrap_or(&99);
        (outcome.map(drop), body_ended, now(&runtime))
    });
    ladder::check!(outcome == Ok(()), "all is well, and it gives {outcome:?}");
    ladder::check!(
        body_ended == 0,
        "the body is over at {body_ended} s: `spawn` waits for the child, and should only start it"
    );
    ladder::check!(
        group_ended != 0,
        "it ends at once, and leaves its children behind"
    );
    ladder::check!(
        group_ended == 3,
        "it should end at 3 s, with its last child, and ends at {group_ended} s: do they run at the same time?"
    );

    ladder::tries("a group whose children start while the body still sleeps");
    let ended = run(async |runtime: Runtime| {
        let outcome = group(&runtime.executor, async |group| {
            group.spawn(child(&runtime, 2, None));
            runtime.timers.sleep(Duration::from_secs(2)).await;
        });
        let _: Result<(), Vec<&str>> = outcome.await;
        now(&runtime)
    });
    ladder::check!(
        ended == 2,
        "body and child take 2 s each, at the same time, and the group ends at {ended} s: when does the child start?"
    );
}

fn early_return() {
    ladder::tries("a group whose body returns early, with an error");
    ladder::hangs("it never ends, and its child has ended");
    let (outcome, ended) = run(async |runtime: Runtime| {
        let outcome = group(&runtime.executor, async |group| {
            group.spawn(child(&runtime, 3, None));
            Err("no taxi")?;
            Ok::<(), &str>(())
        });
        (outcome.await, now(&runtime))
    });
    ladder::check!(
        ended == 3,
        "it ends at {ended} s, and its child at 3 s: it is to wait, however the body ends"
    );
    ladder::check!(
        outcome == Ok(Err("no taxi")),
        "no child has failed, so it should give what the body gives, Ok(Err(\"no taxi\")), and gives {outcome:?}"
    );
}

fn grandchildren() {
    ladder::tries("a group whose child starts another one in it, at its end");
    ladder::hangs("it never ends, and nobody is left");
    let said = Rc::new(Cell::new(0));
    let sets = said.clone();
    let mut ended = 0;
    let panicked = ladder::panics(|| {
        ended = run(async |runtime: Runtime| {
            let outcome = group(&runtime.executor, async |group: Rc<Group<&str>>| {
                let (inner, first) = (group.clone(), child(&runtime, 1, None));
                let of_it = runtime.clone();
                group.spawn(async move {
                    first.await?;
                    inner.spawn(async move {
                        child(&of_it, 2, None).await?;
                        sets.set(1);
                        Ok(())
                    });
                    Ok(())
                });
            });
            let _well = outcome.await;
            now(&runtime)
        });
    });
    if let Some(message) = panicked {
        ladder::check!(
            !message.contains("borrow"),
            "the list of children is still borrowed while the group waits for one of them, and that one starts another"
        );
        ladder::fail(format_args!("it panics: {message}"));
    }
    ladder::check!(
        said.get() == 1,
        "it ends at {ended} s, and the child that was started last would end at 3 s: children may start others"
    );
    ladder::check!(ended == 3, "it should end at 3 s, and ends at {ended} s");
}

fn every_failure() {
    ladder::tries("a group with three children, of which the first and the second fail");
    ladder::hangs("it never ends, and all three have ended");
    let (outcome, ended) = run(async |runtime: Runtime| {
        let outcome = group(&runtime.executor, async |group| {
            group.spawn(child(&runtime, 1, Some("flat tyre")));
            group.spawn(child(&runtime, 2, Some("no fuel")));
            group.spawn(child(&runtime, 3, None));
        });
        (outcome.await, now(&runtime))
    });
    let Err(mut failures) = outcome else {
        ladder::fail("two have failed, and it says that all is well")
    };
    ladder::check!(
        ended == 3,
        "it ends at {ended} s, and its last child at 3 s: a failure does not end the others"
    );
    failures.sort_unstable();
    ladder::check!(
        failures == ["flat tyre", "no fuel"],
        "two have failed, and it reports {failures:?}: every failure counts"
    );
}

fn nested() {
    ladder::tries("a group in a child of a group");
    ladder::hangs("it never ends, and all have ended");
    let log = Rc::new(RefCell::new(Vec::new()));
    let said = log.clone();
    run(async move |runtime: Runtime| {
        let outer = group(&runtime.executor, async |outer: Rc<Group<&str>>| {
            let (of_it, log) = (runtime.clone(), said.clone());
            outer.spawn(async move {
                let inner = group(&of_it.executor, async |inner| {
                    inner.spawn(child(&of_it, 2, Some("flat tyre")));
                });
                let failed = inner.await;
                log.borrow_mut().push(now(&of_it));
                failed.map_err(|failures| failures[0])
            });
        });
        let outcome = outer.await;
        ladder::check!(
            outcome == Err(vec!["flat tyre"]),
            "the failure should reach the outer group, and it gives {outcome:?}"
        );
    });
    let inner = log.take();
    ladder::check!(
        inner == [2],
        "the inner group should end at 2 s, and ends at {inner:?}"
    );
}

fn main() {
    body_alone();
    waits();
    early_return();
    grandchildren();
    every_failure();
    nested();
}
