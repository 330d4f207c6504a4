//! When the waiter goes on: one pass later than somebody who awaits the task itself, as in asyncio.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use combinators::{
    When, as_completed, as_completed_handles, gather, gather_all, gather_handles, group,
    shield, shield_handle, wait, wait_for,
};
use polling::yield_now;
use task_cell::{JoinHandle, spawn};
use timers::sleep;

use crate::{Log, OnDrop, SECOND, run};

/// In which pass whoever awaits what `wait` makes goes on.
fn passes<F: Future>(wait: impl FnOnce() -> F) -> u32 {
    run(async {
        let pass = Rc::new(Cell::new(0));
        let counts = Rc::clone(&pass);
        let _ticker = spawn(async move {
            loop {
                counts.set(counts.get() + 1);
                yield_now().await;
            }
        });
        yield_now().await;
        wait().await;
        pass.get()
    })
}

async fn child() {}

#[test]
fn the_waiter_wakes_one_pass_later() {
    // The spawner is before the ticker in each pass. A child ends in the next pass, and who awaits it goes on in the
    // one after that.
    let join = passes(|| spawn(child()));
    let later = [
        ("gather", passes(|| gather([child(), child()]))),
        ("gather_all", passes(|| gather_all([child()]))),
        ("wait", passes(|| wait([spawn(child())], When::All, None))),
        (
            "first",
            passes(|| wait([spawn(child())], When::FirstCompleted, None)),
        ),
        (
            "limited",
            passes(|| wait([spawn(child())], When::All, SECOND)),
        ),
        ("shield", passes(|| shield(child()))),
        ("wait_for", passes(|| wait_for(SECOND, child()))),
        (
            "completed",
            passes(|| async { as_completed([child()]).next().await }),
        ),
        ("group", passes(|| group(async |g| drop(g.spawn(child()))))),
    ];
    for (what, passes) in later {
        assert_eq!(passes, join + 1, "{what}");
    }
}

#[test]
fn who_awaits_the_task_goes_before_who_gathers_it() {
    run(async {
        let log = Log::default();
        let handles: Vec<_> = (0..2).map(|_| spawn(child())).collect();
        let (gathers, calls) = (log.clone(), log.clone());
        let last = handles[1].task_handle();
        let gathering = spawn(async move {
            gather_handles(handles).await.unwrap();
            gathers.say("gathered");
        });
        last.on_end(move |_| calls.say("called"));
        gathering.await.unwrap();
        assert_eq!(log.all(), "called, gathered");
    });
}

/// A task that is over.
async fn over() -> JoinHandle<()> {
    let task = spawn(child());
    yield_now().await;
    assert!(task.is_finished());
    task
}

#[test]
fn tasks_that_are_over_take_the_same_way() {
    run(async {
        let log = Log::default();
        let others = log.clone();
        let (a, b, c) = (over().await, over().await, over().await);
        let _other = spawn(async move {
            for pass in 1..=4 {
                others.say(format!("pass {pass}"));
                yield_now().await;
            }
        });
        gather_handles([a]).await.unwrap();
        log.say("gathered");
        assert_eq!(log.all(), "pass 1, pass 2, gathered");
        // As asyncio does, shield gives back what is over.
        shield_handle(b).await.unwrap();
        assert_eq!(log.all(), "");
        as_completed_handles([c]).next().await.unwrap().unwrap();
        assert_eq!(log.all(), "pass 3, pass 4");
        sleep(SECOND).await;
    });
}

/// Is ready at once, and keeps something until it is dropped.
struct Keeps<T>(T);

impl<T: Unpin> Future for Keeps<T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let Keeps(_kept) = &*self;
        Poll::Ready(())
    }
}

#[test]
fn what_a_childs_destructor_queues_goes_before_the_gather() {
    run(async {
        let log = Log::default();
        let (caller, phone) = wakers::phone();
        let mut caller = Some(caller);
        let hears = log.clone();
        let _other = spawn(async move {
            phone.await.unwrap();
            hears.say("who was called by it");
        });
        let held = OnDrop(move || {
            let caller = caller.take().unwrap();
            task_cell::call_soon(move || caller.say(()));
        });
        let child = Keeps(held);
        gather([child]).await.unwrap();
        log.say("gathered");
        assert_eq!(log.all(), "who was called by it, gathered");
    });
}
