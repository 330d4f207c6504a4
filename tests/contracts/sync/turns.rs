//! The line: who comes when, and what becomes of the turn of somebody who goes away.

use std::cell::RefCell;
use std::rc::Rc;

use polling::yield_now;
use sync::{Lock, Queue, Semaphore, TryGetError, TryPutError};
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
