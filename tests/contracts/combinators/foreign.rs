//! Foreign code that panics, or comes back, in the middle of ours.

use std::cell::RefCell;
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};

use combinators::{
    as_completed, gather, group, join, join_all, race, race_all, select, select_all,
    shield, wait_for,
};
use polling::yield_now;
use task_cell::{spawn, tasks};

use crate::{Log, OnDrop, SECOND, executor, has_panicked, is_dropped, run};

type Boxed<T> = Pin<Box<dyn Future<Output = T>>>;

/// Panics when it is dropped.
fn fragile<T: 'static>() -> Boxed<T> {
    Box::pin(async {
        let _held = OnDrop(|| panic!("in its destructor"));
        pending::<T>().await
    })
}

fn quiet<T>(work: impl FnOnce() -> T) -> T {
    let _hook = wakers::set_panic_hook(Rc::new(|_| ()));
    work()
}

#[test]
fn a_losers_destructor_takes_no_value_along() {
    quiet(|| {
        run(async {
            assert_eq!(race(fragile(), async { 1 }).await, 1);
            assert_eq!(
                race_all([fragile(), Box::pin(async { 2 }), fragile()]).await,
                2
            );
            let lost = select(fragile::<()>(), async { 3 }).await;
            assert!(matches!(lost, combinators::Either::Right(3)));
        });
    });
}

#[test]
fn many_destructors_that_panic_do_not_abort() {
    quiet(|| {
        let poll = |future: &mut (dyn Future<Output = ()> + Unpin)| {
            let polled = Pin::new(future).poll(&mut Context::from_waker(Waker::noop()));
            assert!(polled.is_pending());
        };
        let five = || (0..5).map(|_| fragile::<()>());
        poll(&mut Box::pin(async { _ = join_all(five()).await }));
        poll(&mut Box::pin(async { _ = race_all(five()).await }));
        poll(&mut Box::pin(async {
            _ = join(fragile::<()>(), fragile::<()>()).await
        }));
        poll(&mut Box::pin(async {
            _ = race(fragile::<()>(), fragile::<()>()).await
        }));
        poll(&mut Box::pin(async { _ = select_all(five()).await }));
    });
}

#[test]
fn a_childs_panic_leaves_the_others_to_be_dropped() {
    quiet(|| {
        run(async {
            let log = Log::default();
            let breaks: Boxed<()> = Box::pin(async {
                yield_now().await;
                panic!("a child")
            });
            let others = ["a", "b"].map(|name| is_dropped(log.clone(), name));
            let others = others.map(|it| Box::pin(it) as Boxed<()>);
            let children = [breaks, fragile()].into_iter().chain(others);
            let end = spawn(join_all(Vec::from_iter(children))).await;
            assert!(has_panicked(&end));
            assert_eq!(log.all(), "a is dropped at 0, b is dropped at 0");
        });
    });
}

/// Panics when it is woken or dropped, as it is told to.
struct Sore {
    on_wake: bool,
    on_drop: bool,
}

impl Wake for Sore {
    fn wake(self: Arc<Sore>) {
        assert!(!self.on_wake, "a waker");
    }
}

impl Drop for Sore {
    fn drop(&mut self) {
        assert!(!self.on_drop, "a waker's destructor");
    }
}

#[test]
fn a_waker_that_panics_keeps_nobody_from_his_value() {
    quiet(|| {
        for (on_wake, on_drop) in [(true, false), (false, true)] {
            let mut executor = executor();
            let (caller, phone) = wakers::phone();
            let task = executor.spawn(phone);
            let mut gathered = combinators::gather_handles([task]);
            let sore = Waker::from(Arc::new(Sore { on_wake, on_drop }));
            let polled = Pin::new(&mut gathered).poll(&mut Context::from_waker(&sore));
            assert!(polled.is_pending());
            drop(catch_unwind(AssertUnwindSafe(|| drop(sore))));
            caller.say(7);
            let end = executor.run_until_complete(async {
                for _ in 0..5 {
                    yield_now().await;
                }
                gathered.await
            });
            assert_eq!(end.unwrap(), [Some(7)]);
        }
    });
}

#[test]
fn an_executor_that_closes_drops_all_of_them() {
    quiet(|| {
        let mut executor = executor();
        let log = Log::default();
        let [a, b, c, d, e, f] = [
            "gather",
            "shield",
            "wait_for",
            "completed",
            "group",
            "join_all",
        ]
        .map(|name| is_dropped(log.clone(), name));
        let tasks = [
            executor.spawn(text(async move { gather([a]).await })),
            executor.spawn(text(async move { shield(b).await })),
            executor.spawn(text(async move { wait_for(SECOND, c).await })),
            executor.spawn(text(async move { as_completed([d]).next().await })),
            executor.spawn(text(
                async move { group(async move |g| drop(g.spawn(e))).await },
            )),
            executor.spawn(text(async move { join_all([f]).await })),
        ];
        executor.run_until_complete(async {
            yield_now().await;
            yield_now().await;
        });
        drop(executor);
        let dropped = log.all();
        for name in [
            "gather",
            "shield",
            "wait_for",
            "completed",
            "group",
            "join_all",
        ] {
            assert_eq!(dropped.matches(name).count(), 1, "{name}: {dropped}");
        }
        assert!(tasks.iter().all(|it| it.is_cancelled()));
    });
}

async fn text<F: Future>(future: F) {
    future.await;
}

#[test]
fn what_outlives_its_executor_may_be_dropped() {
    let mut executor = executor();
    let kept = Rc::new(RefCell::new(None));
    let keeps = Rc::clone(&kept);
    executor.run_until_complete(async move {
        let gathered = gather([pending::<()>()]);
        let completed = as_completed([pending::<()>()]);
        let shielded = shield(pending::<()>());
        let limited = wait_for(SECOND, pending::<()>());
        let all: Box<dyn std::any::Any> = Box::new((gathered, completed));
        let rest: Boxed<()> = Box::pin(async {
            shielded.await.unwrap();
            limited.await.unwrap();
        });
        keeps.replace(Some((all, rest)));
        yield_now().await;
    });
    drop(executor);
    drop(kept.take());
}

#[test]
fn a_childs_destructor_may_end_the_others_and_spawn() {
    run(async {
        let log = Log::default();
        let handles: Rc<RefCell<Vec<task_cell::TaskHandle>>> = Rc::default();
        let (others, ours) = (Rc::clone(&handles), log.clone());
        let meddles = async move {
            let _held = OnDrop(move || {
                others.borrow().iter().for_each(|it| it.abort());
                let ours = ours.clone();
                drop(spawn(async move { ours.say("spawned by a drop") }));
            });
            pending::<()>().await
        };
        let first = spawn(meddles);
        let rest = [spawn(pending::<()>()), spawn(pending())];
        handles.replace(rest.each_ref().map(|it| it.task_handle()).to_vec());
        let all = [first].into_iter().chain(rest);
        let outer = spawn(combinators::gather_handles(Vec::from_iter(all)));
        yield_now().await;
        outer.cancel();
        assert!(outer.await.is_err());
        yield_now().await;
        assert_eq!(
            (log.all().as_str(), tasks().len()),
            ("spawned by a drop", 1)
        );
    });
}

#[test]
fn a_value_that_panics_when_it_is_dropped_is_contained() {
    quiet(|| {
        run(async {
            let value = || async { OnDrop(|| panic!("a value")) };
            // Nobody asks for them.
            let gathered = gather([value(), value()]);
            yield_now().await;
            yield_now().await;
            drop(gathered);
            let trips = as_completed([value()]);
            yield_now().await;
            drop(trips);
        });
    });
}

#[test]
fn a_childs_waker_that_is_kept_does_not_keep_the_tasks() {
    let kept = Rc::new(RefCell::new(None));
    let keeps = Rc::clone(&kept);
    let child = std::future::poll_fn(move |context| {
        keeps.replace(Some(context.waker().clone()));
        std::task::Poll::<()>::Pending
    });
    let bell = workbook_tests::harness::Bell::new();
    let mut joined = Box::pin(join(child, pending::<()>()));
    let waker = bell.waker();
    let polled = joined.as_mut().poll(&mut Context::from_waker(&waker));
    assert!(polled.is_pending());
    drop((joined, waker));
    assert_eq!(bell.clones(), 0);
    kept.take().unwrap().wake();
    assert_eq!(bell.rings(), 0);
}

#[test]
fn a_childs_waker_that_is_kept_wakes_no_other_future() {
    let kept = Rc::new(RefCell::new(Vec::new()));
    let child = || {
        let keeps = Rc::clone(&kept);
        std::future::poll_fn(move |context| {
            keeps.borrow_mut().push(context.waker().clone());
            std::task::Poll::<()>::Pending
        })
    };
    let bell = workbook_tests::harness::Bell::new();
    let waker = bell.waker();
    let poll = |future: &mut Boxed<()>| {
        let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
        assert!(polled.is_pending());
    };
    let joined = |child| Box::pin(async { _ = join(child, pending::<()>()).await });
    // Its waker is kept: it serves nobody else.
    let mut first: Boxed<()> = joined(child());
    poll(&mut first);
    drop(first);
    let mut second: Boxed<()> = joined(child());
    poll(&mut second);
    kept.borrow_mut().remove(0).wake();
    assert_eq!(bell.rings(), 0);
    kept.borrow_mut().remove(0).wake();
    assert_eq!(bell.rings(), 1);
    // One that was woken and dropped leaves nothing to the next.
    drop(second);
    let mut third: Boxed<()> = joined(child());
    poll(&mut third);
    assert_eq!((bell.rings(), kept.borrow().len()), (0, 1));
    poll(&mut third);
    assert_eq!(kept.borrow().len(), 1, "nobody was woken");
}
