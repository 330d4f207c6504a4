//! The contract of every future, kept by those of this chapter.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Waker};

use futures::StreamExt;
use sync::broadcast::RecvError;
use sync::{
    Barrier, BrokenBarrier, Closed, Condition, Event, Lock, Notify, OnceCell, Queue,
    RwLock, Semaphore, broadcast, mpsc, oneshot, watch,
};
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

#[test]
fn a_wait_for_a_condition_keeps_the_contract() {
    for all in [false, true] {
        Contract::new(move || {
            let (lock, condition) = leak((Lock::new(7), Condition::new()));
            let wait = async { *condition.wait(lock.try_lock().unwrap()).await };
            (wait, move || match all {
                false => condition.notify_one(),
                true => condition.notify_all(),
            })
        })
        .gives(7)
        .from_first_poll()
        .check();
    }
}

/// Notice was given, and the lock is what is waited for.
#[test]
fn a_wait_for_the_lock_of_a_condition_keeps_the_contract() {
    Contract::new(|| {
        let (lock, condition) = leak((Lock::new(7), Condition::new()));
        let mut wait = Box::pin(condition.wait(lock.try_lock().unwrap()));
        let mut context = Context::from_waker(Waker::noop());
        assert!(wait.as_mut().poll(&mut context).is_pending());
        let guard = lock.try_lock().unwrap();
        condition.notify_one();
        (async { *wait.await }, || drop(guard))
    })
    .gives(7)
    .check();
}

#[test]
fn a_wait_while_a_condition_holds_keeps_the_contract() {
    Contract::new(|| {
        let (lock, condition) = leak((Lock::new(0), Condition::new()));
        let guard = lock.try_lock().unwrap();
        let wait = async { *condition.wait_while(guard, |it| *it == 0).await };
        (wait, || {
            // Whether it waits for notice, or has not looked yet.
            if let Some(mut it) = lock.try_lock() {
                *it = 7;
            }
            condition.notify_all();
        })
    })
    .gives(7)
    .from_first_poll()
    .check();
}

#[test]
fn a_wait_to_be_notified_keeps_the_contract() {
    for all in [false, true] {
        Contract::new(move || {
            let notify = leak(Notify::new());
            (notify.notified(), move || match all {
                false => notify.notify_one(),
                true => notify.notify_waiters(),
            })
        })
        .gives(())
        .check();
    }
}

/// The one that completes it comes last, and leads; or the barrier breaks.
#[test]
fn a_wait_at_a_barrier_keeps_the_contract() {
    Contract::new(|| {
        let barrier = leak(Barrier::new(2));
        let leads = || {
            let mut context = Context::from_waker(Waker::noop());
            let _leads = Pin::new(&mut barrier.wait()).poll(&mut context);
        };
        (barrier.wait(), leads)
    })
    .gives(Ok(false))
    .from_first_poll()
    .check();
    Contract::new(|| {
        let barrier = leak(Barrier::new(2));
        (barrier.wait(), || barrier.abort())
    })
    .gives(Err(BrokenBarrier))
    .check();
}

#[test]
fn a_read_and_a_write_lock_keep_the_contract() {
    Contract::new(|| {
        let lock = leak(RwLock::new(7));
        let guard = lock.try_write().unwrap();
        (async { *lock.read().await }, || drop(guard))
    })
    .gives(7)
    .check();
    Contract::new(|| {
        let lock = leak(RwLock::new(7));
        let guard = lock.try_read().unwrap();
        (async { *lock.write().await }, || drop(guard))
    })
    .gives(7)
    .check();
}

/// Not at the door, but in the line.
#[test]
fn a_read_lock_behind_a_writer_keeps_the_contract() {
    Contract::new(|| {
        let lock = leak(RwLock::new(7));
        let guard = lock.try_read().unwrap();
        let mut writer = Box::pin(lock.write());
        let mut context = Context::from_waker(Waker::noop());
        assert!(writer.as_mut().poll(&mut context).is_pending());
        (async { *lock.read().await }, || drop((writer, guard)))
    })
    .gives(7)
    .check();
}

/// Somebody else makes the value; the one who waits has it then, or makes it when the other has gone away.
#[test]
fn a_wait_for_a_once_cell_keeps_the_contract() {
    for goes_away in [false, true] {
        Contract::new(move || {
            let (cell, made) = leak((OnceCell::new(), Event::new()));
            let mut other = Box::pin(cell.get_or_init(async || {
                made.wait().await;
                7
            }));
            let mut context = Context::from_waker(Waker::noop());
            assert!(other.as_mut().poll(&mut context).is_pending());
            let get = async { *cell.get_or_init(async || 7).await };
            (get, move || {
                if goes_away {
                    return drop(other);
                }
                made.set();
                assert!(
                    other
                        .as_mut()
                        .poll(&mut Context::from_waker(Waker::noop()))
                        .is_ready()
                );
            })
        })
        .gives(7)
        .check();
    }
}

#[test]
fn a_oneshot_keeps_the_contract() {
    Contract::new(|| {
        let (sender, receiver) = oneshot::channel();
        (receiver, || _ = sender.send(7))
    })
    .gives(Ok(7))
    .check();
    Contract::new(|| {
        let (sender, receiver) = oneshot::channel::<u32>();
        (receiver, || drop(sender))
    })
    .gives(Err(Closed(())))
    .check();
    Contract::new(|| {
        let (mut sender, receiver) = oneshot::channel::<u32>();
        (async move { sender.closed().await }, || drop(receiver))
    })
    .gives(())
    .check();
}

#[test]
fn sending_and_receiving_keep_the_contract() {
    Contract::new(|| {
        let (sender, mut receiver) = mpsc::unbounded();
        (async move { receiver.recv().await }, move || {
            _ = sender.try_send(7);
        })
    })
    .gives(Some(7))
    .check();
    Contract::new(|| {
        let (sender, mut receiver) = mpsc::unbounded::<u32>();
        (async move { receiver.recv().await }, || drop(sender))
    })
    .gives(None)
    .check();
    Contract::new(|| {
        let (sender, mut receiver) = mpsc::bounded(1);
        sender.try_send(1).unwrap();
        (async move { sender.send(2).await }, move || {
            assert_eq!(receiver.try_recv(), Ok(1));
            leak(receiver);
        })
    })
    .gives(Ok(()))
    .check();
    Contract::new(|| {
        let (sender, receiver) = mpsc::bounded(1);
        sender.try_send(1).unwrap();
        (async move { sender.send(2).await }, || drop(receiver))
    })
    .gives(Err(Closed(2)))
    .check();
}

#[test]
fn a_receiver_keeps_the_contract_as_a_stream() {
    Contract::new(|| {
        let (sender, mut receiver) = mpsc::unbounded();
        let next = poll_fn(move |context| receiver.poll_next_unpin(context));
        (next, move || _ = sender.try_send(7))
    })
    .gives(Some(7))
    .check();
}

#[test]
fn a_watch_keeps_the_contract() {
    Contract::new(|| {
        let (sender, mut receiver) = watch::channel(6);
        let sees = async move {
            receiver.changed().await?;
            Ok(*receiver.get())
        };
        let sender = leak(sender);
        (sees, || drop(sender.send_replace(7)))
    })
    .gives(Ok::<_, Closed>(7))
    .check();
    Contract::new(|| {
        let (sender, mut receiver) = watch::channel(6);
        (async move { receiver.changed().await }, || drop(sender))
    })
    .gives(Err(Closed(())))
    .check();
}

#[test]
fn a_broadcast_keeps_the_contract() {
    Contract::new(|| {
        let (sender, mut receiver) = broadcast::channel(1);
        let also = sender.subscribe();
        (async move { receiver.recv().await }, move || {
            _ = sender.send(7);
            drop(also);
        })
    })
    .gives(Ok(7))
    .check();
    Contract::new(|| {
        let (sender, mut receiver) = broadcast::channel::<u32>(1);
        (async move { receiver.recv().await }, || drop(sender))
    })
    .gives(Err(RecvError::Closed))
    .check();
}
