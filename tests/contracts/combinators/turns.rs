//! Whose turn it is among the children of a future, and how many there are in one poll.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use combinators::{join, join_all, select};
use polling::yield_now;
use task_cell::spawn;
use workbook_tests::harness::Bell;

use crate::{Log, run};

#[test]
fn a_child_that_wakes_itself_has_its_next_turn_in_the_next_poll() {
    let bell = Bell::new();
    let polls = Cell::new(0);
    let restless = poll_fn(|context| {
        polls.set(polls.get() + 1);
        context.waker().wake_by_ref();
        Poll::<()>::Pending
    });
    let mut joined = pin!(join(restless, std::future::pending::<()>()));
    let waker = bell.waker();
    for turn in 1..5 {
        let polled = joined.as_mut().poll(&mut Context::from_waker(&waker));
        assert!(polled.is_pending());
        assert_eq!(
            (polls.get(), bell.rings()),
            (turn, 1),
            "one turn a poll, and one wake"
        );
    }
}

#[test]
fn a_child_that_keeps_waking_itself_starves_nobody() {
    run(async {
        let log = Log::default();
        let stop = Rc::new(Cell::new(false));
        let stopped = Rc::clone(&stop);
        let restless = poll_fn(move |context| match stopped.get() {
            true => Poll::Ready(()),
            false => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
        });
        let (sibling, other) = (log.clone(), log.clone());
        let joined = spawn(join(restless, async move {
            for _ in 0..3 {
                yield_now().await;
            }
            sibling.say("the sibling");
        }));
        let others = spawn(async move {
            for _ in 0..10 {
                yield_now().await;
            }
            other.say("another task");
            stop.set(true);
        });
        others.await.unwrap();
        joined.await.unwrap();
        assert_eq!(log.all(), "the sibling, another task");
    });
}

#[test]
fn who_is_woken_while_another_is_polled_has_a_turn_in_the_next_poll() {
    run(async {
        let (log, first) = (Log::default(), Rc::new(Cell::new(None::<Waker>)));
        let (keeps, wakes) = (Rc::clone(&first), Rc::clone(&first));
        let (a, b) = (log.clone(), log.clone());
        let mut turn = 0;
        let kept = poll_fn(move |context| {
            a.say("a");
            turn += 1;
            keeps.set(Some(context.waker().clone()));
            if turn == 3 {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        });
        let mut calls = 0;
        let caller = poll_fn(move |context| {
            b.say("b");
            calls += 1;
            if let Some(waker) = wakes.take() {
                waker.wake();
            }
            context.waker().wake_by_ref();
            if calls == 3 {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        });
        join(kept, caller).await;
        assert_eq!(log.all(), "a, b, a, b, a, b");
    });
}

#[test]
fn ten_wakes_before_a_poll_make_one_poll() {
    let polls = Cell::new(0);
    let waker = Rc::new(Cell::new(None::<Waker>));
    let child = poll_fn(|context| {
        polls.set(polls.get() + 1);
        waker.set(Some(context.waker().clone()));
        Poll::<()>::Pending
    });
    let bell = Bell::new();
    let mut selected = pin!(select(child, std::future::pending::<()>()));
    let outer = bell.waker();
    assert!(
        selected
            .as_mut()
            .poll(&mut Context::from_waker(&outer))
            .is_pending()
    );
    let inner = waker.take().unwrap();
    for _ in 0..10 {
        inner.wake_by_ref();
    }
    assert_eq!(bell.rings(), 1, "the task is woken once");
    assert!(
        selected
            .as_mut()
            .poll(&mut Context::from_waker(&outer))
            .is_pending()
    );
    assert_eq!(polls.get(), 2);
    // A poll for nothing polls nobody.
    assert!(
        selected
            .as_mut()
            .poll(&mut Context::from_waker(&outer))
            .is_pending()
    );
    assert_eq!(polls.get(), 2);
}

#[test]
fn a_thousand_that_are_woken_have_their_turns_in_the_order_of_the_wakes() {
    run(async {
        let order = Rc::new(std::cell::RefCell::new(Vec::new()));
        let (callers, children): (Vec<_>, Vec<_>) = (0..1000_usize)
            .map(|number| {
                let (caller, phone) = wakers::phone();
                let order = Rc::clone(&order);
                let child = async move {
                    phone.await.unwrap();
                    order.borrow_mut().push(number);
                };
                (caller, child)
            })
            .unzip();
        let joined = spawn(join_all(children));
        yield_now().await;
        let mut wanted = Vec::new();
        let mut callers: Vec<_> = callers.into_iter().enumerate().collect();
        fastrand::Rng::with_seed(9).shuffle(&mut callers);
        for (number, caller) in callers {
            wanted.push(number);
            caller.say(());
        }
        joined.await.unwrap();
        assert_eq!(*order.borrow(), wanted);
    });
}
