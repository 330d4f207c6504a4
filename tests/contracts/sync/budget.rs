//! What is always ready gives way.

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use polling::yield_now;
use sync::{Event, Lock, Queue, RwLock, Semaphore, broadcast, mpsc, oneshot, watch};
use task_cell::spawn;

use crate::common::run;

/// Goes on for ever, and another task all the same.
fn gives_way(once: impl AsyncFnMut() + 'static) {
    run(async {
        let turns = Rc::new(Cell::new(0));
        let (counts, mut once) = (Rc::clone(&turns), once);
        let greedy = spawn(async move {
            loop {
                once().await;
                counts.set(counts.get() + 1);
            }
        });
        for _ in 0..3 {
            yield_now().await;
        }
        assert!(turns.get() > 100, "its budget is larger: {}", turns.get());
        assert!(turns.get() < 1000, "it was polled thrice: {}", turns.get());
        greedy.abort();
        let _aborted: Result<(), _> = greedy.await;
    });
}

#[test]
fn what_is_always_ready_gives_way() {
    let event = Event::new();
    event.set();
    gives_way(async move || event.wait().await);
    let lock = Lock::new(());
    gives_way(async move || drop(lock.lock().await));
    let semaphore = Semaphore::new(1);
    gives_way(async move || drop(semaphore.acquire().await));
    let many = RwLock::new(());
    gives_way(async move || drop(many.read().await));
    let queue = Queue::unbounded();
    gives_way(async move || {
        queue.put(1).await.unwrap();
        queue.get().await.unwrap();
    });
}

#[test]
fn a_channel_that_is_always_ready_gives_way() {
    let (sender, mut receiver) = mpsc::bounded(1);
    gives_way(async move || {
        sender.send(1).await.unwrap();
        receiver.recv().await.unwrap();
    });
    gives_way(async || {
        let (sender, receiver) = oneshot::channel();
        sender.send(1).unwrap();
        receiver.await.unwrap();
    });
    let (sender, mut receiver) = watch::channel(1);
    gives_way(async move || {
        sender.send(1).unwrap();
        receiver.changed().await.unwrap();
    });
    let (sender, mut receiver) = broadcast::channel(1);
    gives_way(async move || {
        sender.send(1).unwrap();
        receiver.recv().await.unwrap();
    });
}

/// A turn that came while the budget was spent is not lost, and neither is one that is left then.
#[test]
fn a_turn_is_kept_when_the_budget_is_spent() {
    run(async {
        let semaphore = Rc::new(Semaphore::new(0));
        let here = Rc::clone(&semaphore);
        let task = spawn(async move {
            let ready = Semaphore::new(1);
            let mut given = Box::pin(here.acquire());
            let waits = poll_fn(|cx| Poll::Ready(given.as_mut().poll(cx).is_pending()));
            assert!(waits.await);
            yield_now().await; // It is given meanwhile.
            for _ in 0..128 {
                drop(ready.acquire().await);
            }
            given.await.forget();
            // That was one of the next poll's.
            for _ in 0..127 {
                drop(ready.acquire().await);
            }
            here.acquire().await.forget();
        });
        yield_now().await;
        semaphore.add(2);
        task.await.unwrap();
        assert_eq!(semaphore.available(), 0);
    });
}
