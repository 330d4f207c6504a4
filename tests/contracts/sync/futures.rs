//! The contract of every future, kept by those of this chapter.

use sync::{Closed, Event, Lock, Queue, Semaphore};
use workbook_tests::harness::Contract;

use crate::common::leak;

#[test]
fn a_wait_for_an_event_keeps_the_contract() {
    Contract::new(|| {
        let event = leak(Event::new());
        (event.wait(), || event.set())
    })
    .gives(())
    .check();
}

#[test]
fn a_wait_for_an_event_that_is_cleared_at_once_keeps_the_contract() {
    Contract::new(|| {
        let event = leak(Event::new());
        (event.wait(), || {
            event.set();
            event.clear();
        })
    })
    .gives(())
    .from_first_poll()
    .check();
}

#[test]
fn a_lock_keeps_the_contract() {
    Contract::new(|| {
        let lock = leak(Lock::new(7));
        let guard = lock.try_lock().unwrap();
        (async { *lock.lock().await }, || drop(guard))
    })
    .gives(7)
    .check();
}

#[test]
fn an_acquire_keeps_the_contract() {
    Contract::new(|| {
        let semaphore = leak(Semaphore::new(0));
        let acquire = async { semaphore.acquire().await.forget() };
        (acquire, || semaphore.add(1))
    })
    .gives(())
    .check();
}

#[test]
fn a_get_keeps_the_contract() {
    Contract::new(|| {
        let queue = leak(Queue::<u32>::unbounded());
        (queue.get(), || queue.try_put(7).unwrap())
    })
    .gives(Ok(7))
    .check();
}

#[test]
fn a_get_that_is_told_of_the_end_keeps_the_contract() {
    Contract::new(|| {
        let queue = leak(Queue::<u32>::unbounded());
        (queue.get(), || queue.close())
    })
    .gives(Err(Closed(())))
    .check();
}

#[test]
fn a_put_keeps_the_contract() {
    Contract::new(|| {
        let queue = leak(Queue::<u32>::bounded(1));
        queue.try_put(1).unwrap();
        (queue.put(2), || {
            queue.try_get().unwrap();
        })
    })
    .gives(Ok(()))
    .check();
}

#[test]
fn a_put_that_is_told_of_the_end_keeps_the_contract() {
    Contract::new(|| {
        let queue = leak(Queue::<u32>::bounded(1));
        queue.try_put(1).unwrap();
        (queue.put(2), || queue.close())
    })
    .gives(Err(Closed(2)))
    .check();
}

#[test]
fn a_join_of_a_queue_keeps_the_contract() {
    Contract::new(|| {
        let queue = leak(Queue::<u32>::unbounded());
        queue.try_put(1).unwrap();
        (queue.join(), || queue.task_done())
    })
    .gives(())
    .check();
}
