//! The line: who comes when, and what becomes of the turn of somebody who goes away.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::Poll;

use polling::yield_now;
use sync::{
    Barrier, Condition, Event, Lock, Notify, OnceCell, Queue, RwLock, Semaphore,
    TryGetError, TryPutError, mpsc,
};
use task_cell::{JoinHandle, spawn};

use crate::common::{Waiter, run};

#[test]
fn a_lock_goes_to_those_who_wait_in_the_order_in_which_they_came() {
    run(async {
        let lock = Rc::new(Lock::new(Vec::new()));
        let first = lock.lock().await;
        let tasks = Vec::from_iter((0..5).map(|number| {
            let lock = Rc::clone(&lock);
            spawn(async move {
                let mut served = lock.lock().await;
                yield_now().await;
                served.push(number);
            })
        }));
        yield_now().await;
        drop(first);
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*lock.lock().await, [0, 1, 2, 3, 4]);
    });
}

#[test]
fn a_lock_that_was_given_is_passed_on_by_somebody_who_goes_away() {
    let lock = Lock::new(7);
    let guard = lock.try_lock().unwrap();
    let chosen = Waiter::waiting(lock.lock());
    let next = Waiter::waiting(lock.lock());
    drop(guard);
    assert!(chosen.is_woken() && !next.is_woken());
    drop(chosen);
    assert_eq!(*next.ready(), 7);
    assert!(!lock.is_locked());
}

#[test]
fn a_permit_that_was_given_is_passed_on_by_somebody_who_goes_away() {
    let semaphore = Semaphore::new(1);
    let permit = semaphore.try_acquire().unwrap();
    let chosen = Waiter::waiting(semaphore.acquire());
    let next = Waiter::waiting(semaphore.acquire());
    drop(permit);
    assert!(chosen.is_woken() && !next.is_woken());
    drop(chosen);
    drop(next.ready());
    assert_eq!(semaphore.available(), 1);
}

#[test]
fn an_item_that_was_on_its_way_to_somebody_who_goes_away_is_for_the_next() {
    let queue = Queue::<u32>::unbounded();
    let chosen = Waiter::waiting(queue.get());
    let next = Waiter::waiting(queue.get());
    queue.try_put(7).unwrap();
    assert!(chosen.is_woken() && !next.is_woken());
    drop(chosen);
    assert_eq!(next.ready(), Ok(7));
}

#[test]
fn room_that_was_given_to_somebody_who_goes_away_is_for_the_next() {
    let queue = Queue::<u32>::bounded(1);
    queue.try_put(0).unwrap();
    let chosen = Waiter::waiting(queue.put(1));
    let next = Waiter::waiting(queue.put(2));
    assert_eq!(queue.try_get(), Ok(0));
    assert!(chosen.is_woken() && !next.is_woken());
    drop(chosen);
    assert_eq!(next.ready(), Ok(()));
    // What was not put in was not delivered.
    assert_eq!(queue.try_get(), Ok(2));
    assert_eq!(queue.try_get(), Err(TryGetError::Empty));
}

#[test]
fn room_in_a_channel_that_was_given_to_somebody_who_goes_away_is_for_the_next() {
    let (sender, mut receiver) = mpsc::bounded(1);
    sender.try_send(0).unwrap();
    let chosen = Waiter::waiting(sender.send(1));
    let next = Waiter::waiting(sender.send(2));
    assert_eq!(receiver.try_recv(), Ok(0));
    assert!(chosen.is_woken() && !next.is_woken());
    drop(chosen);
    assert_eq!(next.ready(), Ok(()));
    assert_eq!(receiver.try_recv(), Ok(2));
    // A receive that is dropped when a value has come loses nothing.
    let chosen = Waiter::waiting(receiver.recv());
    sender.try_send(3).unwrap();
    assert!(chosen.is_woken());
    drop(chosen);
    assert_eq!(receiver.try_recv(), Ok(3));
}

#[test]
fn notice_to_one_who_goes_away_is_for_the_next() {
    let (lock, condition, notify) = (Lock::new(()), Condition::new(), Notify::new());
    let wait = || Waiter::waiting(condition.wait(lock.try_lock().unwrap()));
    let (chosen, next) = (wait(), wait());
    condition.notify_one();
    assert!(chosen.is_woken() && !next.is_woken());
    drop(chosen);
    drop(next.ready());

    let chosen = Waiter::waiting(notify.notified());
    let next = Waiter::waiting(notify.notified());
    notify.notify_one();
    assert!(chosen.is_woken() && !next.is_woken());
    drop(chosen);
    next.ready();
    // If nobody waits, it is kept.
    let chosen = Waiter::waiting(notify.notified());
    notify.notify_one();
    drop(chosen);
    assert!(Waiter::new(notify.notified()).poll().is_ready());
    assert!(Waiter::new(notify.notified()).poll().is_pending());
}

/// It has notice, and now waits for the lock.
#[test]
fn notice_to_one_who_goes_away_before_it_has_the_lock_is_for_the_next() {
    let (lock, condition) = (Lock::new(()), Condition::new());
    let wait = || Waiter::waiting(condition.wait(lock.try_lock().unwrap()));
    let (mut chosen, next) = (wait(), wait());
    let guard = lock.try_lock().unwrap();
    condition.notify_one();
    assert!(chosen.poll().is_pending());
    assert!(!next.is_woken());
    drop(chosen);
    drop(guard);
    drop(next.ready());
    assert!(!lock.is_locked());
}

/// One was chosen alone, then all were told; each goes away. Only what was for one is passed on.
#[test]
fn what_was_for_all_is_not_passed_on() {
    let notify = Notify::new();
    let chosen = Waiter::waiting(notify.notified());
    let told = Waiter::waiting(notify.notified());
    notify.notify_one();
    notify.notify_waiters();
    let late = Waiter::waiting(notify.notified());
    drop(told);
    assert!(!late.is_woken());
    drop(chosen);
    late.ready();

    let (lock, condition) = (Lock::new(()), Condition::new());
    let wait = || Waiter::waiting(condition.wait(lock.try_lock().unwrap()));
    let (chosen, told) = (wait(), wait());
    condition.notify_one();
    condition.notify_all();
    let late = wait();
    drop(told);
    assert!(!late.is_woken());
    drop(chosen);
    drop(late.ready());
}

/// In the line, and at the door.
#[test]
fn a_turn_to_read_or_write_is_passed_on_by_somebody_who_goes_away() {
    let lock = RwLock::new(7);
    let reads = lock.try_read().unwrap();
    let at_the_door = Waiter::waiting(lock.write());
    let mut next = Waiter::waiting(lock.read());
    drop(at_the_door);
    // The writer is gone: the reader behind it goes in to the other.
    assert!(next.is_woken());
    let Poll::Ready(also) = next.poll() else {
        panic!("nobody writes")
    };
    let writer = Waiter::waiting(lock.write());
    drop((reads, also));
    assert!(writer.is_woken());
    drop(writer);
    assert!(lock.try_write().is_some());

    // Given the turn, and not yet at the door.
    let writes = lock.try_write().unwrap();
    let mut first = Waiter::waiting(lock.write());
    let chosen = Waiter::waiting(lock.write());
    let last = Waiter::waiting(lock.read());
    drop(writes);
    assert!(first.is_woken());
    let Poll::Ready(writes) = first.poll() else {
        panic!("it was let in")
    };
    assert!(chosen.is_woken() && !last.is_woken());
    drop(chosen);
    drop(writes);
    assert_eq!(*last.ready(), 7);
}

#[test]
fn the_turn_to_make_a_value_is_passed_on_by_somebody_who_goes_away() {
    let (cell, never) = (OnceCell::new(), Event::new());
    let makes = Waiter::waiting(cell.get_or_init(async || {
        never.wait().await;
        0
    }));
    let chosen = Waiter::waiting(cell.get_or_init(async || 1));
    let next = Waiter::waiting(cell.get_or_init(async || 2));
    drop(makes);
    assert!(chosen.is_woken() && !next.is_woken());
    drop(chosen);
    assert_eq!(*next.ready(), 2);
}

#[test]
fn somebody_who_leaves_a_barrier_does_not_count() {
    let barrier = Barrier::new(2);
    drop(Waiter::waiting(barrier.wait()));
    let waits = Waiter::waiting(barrier.wait());
    assert_eq!(barrier.waiting(), 1);
    let mut leads = Waiter::new(barrier.wait());
    assert_eq!(leads.poll(), Poll::Ready(Ok(true)));
    assert_eq!(waits.ready(), Ok(false));
}

/// Two permits come back at once, for two who wait. Each of those leaves, as in a cascade of cancels.
#[test]
fn many_who_go_away_pass_on_each_turn() {
    let semaphore = Semaphore::new(0);
    let mut waiters =
        Vec::from_iter((0..10).map(|_| Waiter::waiting(semaphore.acquire())));
    semaphore.add(2);
    for waiter in waiters.drain(..8) {
        drop(waiter);
    }
    let permits = Vec::from_iter(waiters.into_iter().map(Waiter::ready));
    assert_eq!(permits.len(), 2);
    drop(permits);
    assert_eq!(semaphore.available(), 2);
}

/// In the window between the choice and the turn of the chosen one.
#[test]
fn nobody_overtakes_one_who_was_chosen() {
    let (lock, semaphore) = (Lock::new(()), Semaphore::new(1));
    let queue = Queue::<u32>::bounded(1);
    let (guard, permit) = (lock.try_lock().unwrap(), semaphore.try_acquire().unwrap());
    let (locking, acquire) = (
        Waiter::waiting(lock.lock()),
        Waiter::waiting(semaphore.acquire()),
    );
    drop((guard, permit));
    assert!(lock.try_lock().is_none());
    assert!(semaphore.try_acquire().is_none());
    let late = (
        Waiter::waiting(lock.lock()),
        Waiter::waiting(semaphore.acquire()),
    );
    drop(locking.ready());
    drop(acquire.ready());
    drop(late.0.ready());
    drop(late.1.ready());

    let get = Waiter::waiting(queue.get());
    queue.try_put(1).unwrap();
    assert_eq!(queue.try_get(), Err(TryGetError::Empty));
    assert_eq!(get.ready(), Ok(1));
    queue.try_put(2).unwrap();
    let put = Waiter::waiting(queue.put(3));
    assert_eq!(queue.try_get(), Ok(2));
    assert_eq!(queue.try_put(4), Err(TryPutError::Full(4)));
    assert_eq!(put.ready(), Ok(()));
}

/// A newcomer finds the lock free only when nobody waits.
#[test]
fn nobody_overtakes_at_a_lock_for_many_readers() {
    let lock = RwLock::new(0);
    let reads = lock.try_read().unwrap();
    let writer = Waiter::waiting(lock.write());
    // Readers alone would let it in, and keep the writer out.
    assert!(lock.try_read().is_none());
    let reader = Waiter::waiting(lock.read());
    drop(reads);
    assert!(!reader.is_woken());
    let mut writes = writer.ready();
    assert!(lock.try_read().is_none() && lock.try_write().is_none());
    *writes += 1;
    drop(writes);
    assert_eq!(*reader.ready(), 1);
}

#[test]
fn readers_go_in_together() {
    let lock = RwLock::new(7);
    let writes = lock.try_write().unwrap();
    let readers = Vec::from_iter((0..5).map(|_| Waiter::waiting(lock.read())));
    drop(writes);
    let guards = Vec::from_iter(readers.into_iter().map(Waiter::ready));
    assert_eq!(guards.iter().map(|it| **it).sum::<i32>(), 35);
    assert!(lock.try_write().is_none());
    drop(guards);
    assert!(lock.try_write().is_some());
}

/// A permit is free and somebody waits: that is the state in which a newcomer could overtake. It never comes.
#[test]
fn a_permit_is_free_only_when_nobody_waits() {
    let semaphore = Semaphore::new(2);
    let (one, other) = (semaphore.try_acquire(), semaphore.try_acquire());
    let waits = Waiter::waiting(semaphore.acquire());
    drop(one);
    assert_eq!(semaphore.available(), 0);
    drop(other);
    assert_eq!(semaphore.available(), 1);
    drop(waits.ready());
    assert_eq!(semaphore.available(), 2);
}

/// As above, by tasks that are cancelled in their runtime.
#[test]
fn a_task_that_is_cancelled_when_it_was_chosen_passes_its_turn_on() {
    run(async {
        let lock = Rc::new(Lock::new(()));
        let served = Rc::new(RefCell::new(Vec::new()));
        let guard = lock.lock().await;
        let tasks = Vec::from_iter((0..3).map(|number| -> JoinHandle<()> {
            let (lock, served) = (Rc::clone(&lock), Rc::clone(&served));
            spawn(async move {
                let _guard = lock.lock().await;
                served.borrow_mut().push(number);
            })
        }));
        yield_now().await;
        drop(guard);
        tasks[0].cancel();
        for task in tasks {
            let _cancelled = task.await;
        }
        assert_eq!(*served.borrow(), [1, 2]);
        assert!(!lock.is_locked());
    });
}

/// Every primitive, in a runtime: of two tasks that wait the first is chosen and cancelled in the same turn.
#[test]
fn a_task_that_is_cancelled_in_the_turn_that_chose_it_loses_nothing() {
    async fn served(wait: impl AsyncFn() + Clone + 'static, give: impl AsyncFn()) {
        let got = Rc::new(Cell::new(0));
        let task = |number: i32| {
            let (wait, got) = (wait.clone(), Rc::clone(&got));
            spawn(async move {
                wait().await;
                got.set(number);
            })
        };
        let (first, second) = (task(1), task(2));
        yield_now().await;
        give().await;
        first.cancel();
        assert!(first.await.is_err());
        second.await.unwrap();
        assert_eq!(got.get(), 2);
    }
    run(async {
        let queue = Rc::new(Queue::bounded(1));
        let here = Rc::clone(&queue);
        let get = async move || _ = here.get().await;
        served(get, async || queue.try_put(1).unwrap()).await;

        let semaphore = Rc::new(Semaphore::new(0));
        let here = Rc::clone(&semaphore);
        let acquire = async move || here.acquire().await.forget();
        served(acquire, async || semaphore.add(1)).await;

        let notify = Rc::new(Notify::new());
        let here = Rc::clone(&notify);
        served(
            async move || here.notified().await,
            async || notify.notify_one(),
        )
        .await;

        let rank = Rc::new((Lock::new(0), Condition::new()));
        let here = Rc::clone(&rank);
        let wait = async move || drop(here.1.wait(here.0.lock().await).await);
        served(wait, async || {
            yield_now().await;
            rank.1.notify_one();
        })
        .await;
        assert!(!rank.0.is_locked());
    });
}
