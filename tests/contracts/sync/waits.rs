//! What each of them promises beside its line.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::task::Poll;

use polling::yield_now;
use sync::{
    Barrier, BrokenBarrier, Condition, Event, Lock, Notify, OnceCell, RwLock, Semaphore,
};
use task_cell::{Cancelled, JoinError, spawn};

use crate::common::{Waiter, run};

/// What panics there has panicked.
fn panics(work: impl FnOnce()) {
    assert!(catch_unwind(AssertUnwindSafe(work)).is_err());
}

#[test]
fn an_event_that_is_set_and_cleared_at_once_lets_those_go_on_who_waited() {
    let event = Event::new();
    let mut waits = Waiter::waiting(event.wait());
    event.set();
    event.clear();
    assert_eq!(waits.poll(), Poll::Ready(()));
    // And nobody else.
    let mut late = Waiter::waiting(event.wait());
    assert!(!event.is_set() && late.poll().is_pending());
    event.set();
    late.ready();
    assert_eq!(Waiter::new(event.wait()).poll(), Poll::Ready(()));
}

#[test]
fn an_event_lets_all_go_on_in_the_order_in_which_they_came() {
    run(async {
        let event = Rc::new(Event::new());
        let order = Rc::new(RefCell::new(Vec::new()));
        let tasks = Vec::from_iter((0..4).map(|number| {
            let (event, order) = (Rc::clone(&event), Rc::clone(&order));
            spawn(async move {
                event.wait().await;
                order.borrow_mut().push(number);
            })
        }));
        yield_now().await;
        event.set();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*order.borrow(), [0, 1, 2, 3]);
    });
}

#[test]
fn guards_release_on_panic() {
    let (lock, semaphore, many) = (Lock::new(1), Semaphore::new(1), RwLock::new(1));
    panics(|| {
        let _guard = lock.try_lock().unwrap();
        let _permit = semaphore.try_acquire().unwrap();
        let _reads = many.try_read().unwrap();
        panic!("a flat tyre");
    });
    panics(|| {
        let _writes = many.try_write().unwrap();
        panic!("a flat tyre");
    });
    assert!(lock.try_lock().is_some());
    assert!(semaphore.try_acquire().is_some());
    assert!(many.try_write().is_some());
}

#[test]
fn a_task_that_panics_with_the_lock_gives_it_to_the_next() {
    run(async {
        let lock = Rc::new(Lock::new(1));
        let here = Rc::clone(&lock);
        let panics = spawn(async move {
            let _guard = here.lock().await;
            yield_now().await;
            panic!("a flat tyre");
        });
        yield_now().await;
        assert_eq!(*lock.lock().await, 1);
        assert!(matches!(panics.await, Err::<(), _>(JoinError::Panicked(_))));
    });
}

#[test]
fn permits_are_made_and_taken_away() {
    let semaphore = Semaphore::new(0);
    let first = Waiter::waiting(semaphore.acquire());
    let second = Waiter::waiting(semaphore.acquire());
    semaphore.add(3);
    assert_eq!(semaphore.available(), 1);
    first.ready().forget();
    drop(second.ready());
    assert_eq!(semaphore.available(), 2);
    semaphore.add(usize::MAX - 2);
    panics(|| semaphore.add(1));
}

/// Nobody can believe to hold the lock: the guard is what the wait gives, and a wait that is dropped gives nothing.
#[test]
fn a_wait_for_a_condition_that_is_dropped_gives_no_guard_back() {
    let (lock, condition) = (Lock::new(7), Condition::new());
    // Before its first poll it has the guard, which it drops.
    drop(condition.wait(lock.try_lock().unwrap()));
    assert!(!lock.is_locked());
    let waits = Waiter::waiting(condition.wait(lock.try_lock().unwrap()));
    assert!(!lock.is_locked());
    drop(waits);
    assert!(!lock.is_locked());
    // While it waits for the lock, it leaves that line too.
    let mut waits = Waiter::waiting(condition.wait(lock.try_lock().unwrap()));
    let guard = lock.try_lock().unwrap();
    condition.notify_one();
    assert!(waits.poll().is_pending());
    drop(waits);
    drop(guard);
    assert!(lock.try_lock().is_some());
}

#[test]
fn a_condition_takes_the_lock_again_in_the_order_in_which_they_came() {
    let (lock, condition) = (Lock::new(0), Condition::new());
    let wait = || Waiter::waiting(condition.wait(lock.try_lock().unwrap()));
    let (mut first, mut second, mut third) = (wait(), wait(), wait());
    let guard = lock.try_lock().unwrap();
    condition.notify_all();
    for waiter in [&mut first, &mut second, &mut third] {
        assert!(waiter.is_woken() && waiter.poll().is_pending());
    }
    drop(guard);
    let guard = first.ready();
    assert!(second.poll().is_pending());
    drop(guard);
    drop(second.ready());
    drop(third.ready());
    // Notice that nobody waits for is lost.
    condition.notify_one();
    let mut waits = wait();
    assert!(waits.poll().is_pending());
}

#[test]
fn notice_to_one_is_for_one() {
    let (lock, condition, notify) = (Lock::new(0), Condition::new(), Notify::new());
    let wait = || Waiter::waiting(condition.wait(lock.try_lock().unwrap()));
    let (first, mut second) = (wait(), wait());
    condition.notify_one();
    drop(first.ready());
    assert!(!second.is_woken() && second.poll().is_pending());
    let first = Waiter::waiting(notify.notified());
    let mut second = Waiter::waiting(notify.notified());
    notify.notify_one();
    first.ready();
    assert!(!second.is_woken() && second.poll().is_pending());
}

#[test]
fn a_wait_while_looks_first_and_each_time() {
    run(async {
        let rank = Rc::new((Lock::new(0), Condition::new()));
        // It holds already: no wait.
        drop(rank.1.wait_while(rank.0.lock().await, |it| *it > 0).await);
        let here = Rc::clone(&rank);
        let waits = spawn(async move {
            let guard = here.0.lock().await;
            *here.1.wait_while(guard, |it| *it < 3).await
        });
        for _ in 0..3 {
            yield_now().await;
            assert!(!waits.is_finished());
            *rank.0.lock().await += 1;
            rank.1.notify_one();
        }
        assert_eq!(waits.await.unwrap(), 3);
    });
}

#[test]
fn a_cancelled_wait_takes_the_lock_again_if_it_is_asked_to() {
    run(async {
        let rank = Rc::new((Lock::new(0), Condition::new()));
        let here = Rc::clone(&rank);
        let waits = spawn(async move {
            let guard = here.0.lock().await;
            let (mut guard, outcome) = here.1.wait_or_cancelled(guard).await;
            *guard += 1;
            outcome
        });
        yield_now().await;
        let guard = rank.0.lock().await;
        waits.cancel();
        yield_now().await;
        yield_now().await;
        // It waits for the lock, which is in use.
        assert!(!waits.is_finished());
        drop(guard);
        assert_eq!(waits.await.unwrap(), Err(Cancelled));
        assert_eq!(*rank.0.lock().await, 1);
    });
}

#[test]
fn a_wait_that_was_not_cancelled_says_so() {
    run(async {
        let rank = Rc::new((Lock::new(0), Condition::new()));
        let here = Rc::clone(&rank);
        let waits = spawn(async move {
            let guard = here.0.lock().await;
            here.1.wait_or_cancelled(guard).await.1
        });
        yield_now().await;
        rank.1.notify_one();
        assert_eq!(waits.await.unwrap(), Ok(()));
    });
}

/// Notice was given, and while it waits for the lock it is cancelled: it has the lock in the end, and the notice is for
/// the next. A second cancellation ends it.
#[test]
fn a_wait_that_is_cancelled_at_the_lock_passes_the_notice_on() {
    run(async {
        let rank = Rc::new((Lock::new(()), Condition::new()));
        let wait = || {
            let here = Rc::clone(&rank);
            spawn(async move {
                let guard = here.0.lock().await;
                here.1.wait_or_cancelled(guard).await.1
            })
        };
        let (first, second) = (wait(), wait());
        yield_now().await;
        let guard = rank.0.lock().await;
        rank.1.notify_one();
        yield_now().await;
        first.cancel();
        yield_now().await;
        drop(guard);
        assert_eq!(first.await.unwrap(), Err(Cancelled));
        assert_eq!(second.await.unwrap(), Ok(()));

        let ends = wait();
        yield_now().await;
        let _guard = rank.0.lock().await;
        ends.cancel();
        yield_now().await;
        ends.cancel();
        assert!(matches!(ends.await, Err(JoinError::Cancelled)));
    });
}

#[test]
fn a_barrier_has_one_leader_in_each_round() {
    run(async {
        let barrier = Rc::new(Barrier::new(3));
        let leaders = Rc::new(RefCell::new([0; 4]));
        let tasks = Vec::from_iter((0..3).map(|number| {
            let (barrier, leaders) = (Rc::clone(&barrier), Rc::clone(&leaders));
            spawn(async move {
                for round in 0..4 {
                    for _ in 0..(number + round) % 3 {
                        yield_now().await;
                    }
                    let leads = barrier.wait().await.unwrap();
                    leaders.borrow_mut()[round] += u32::from(leads);
                }
            })
        }));
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*leaders.borrow(), [1; 4]);
    });
}

#[test]
fn a_barrier_is_aborted_and_reset() {
    let barrier = Barrier::new(2);
    let waits = Waiter::waiting(barrier.wait());
    barrier.abort();
    assert_eq!(waits.ready(), Err(BrokenBarrier));
    assert_eq!(
        Waiter::new(barrier.wait()).poll(),
        Poll::Ready(Err(BrokenBarrier))
    );
    barrier.reset();
    let waits = Waiter::waiting(barrier.wait());
    // Those who wait are of a round that is no more.
    barrier.reset();
    assert_eq!(waits.ready(), Err(BrokenBarrier));
    let waits = Waiter::waiting(barrier.wait());
    assert_eq!(Waiter::new(barrier.wait()).poll(), Poll::Ready(Ok(true)));
    // The round is full: what breaks later is the next one.
    barrier.abort();
    assert_eq!(waits.ready(), Ok(false));
    panics(|| _ = Barrier::new(0));
}

#[test]
fn a_barrier_for_one_never_stops() {
    let barrier = Barrier::new(1);
    for _ in 0..2 {
        assert_eq!(Waiter::new(barrier.wait()).poll(), Poll::Ready(Ok(true)));
    }
}

#[test]
fn a_notify_keeps_one_permit_and_none_for_all() {
    let notify = Notify::new();
    notify.notify_waiters();
    Waiter::waiting(notify.notified());
    notify.notify_one();
    notify.notify_one();
    assert!(Waiter::new(notify.notified()).poll().is_ready());
    Waiter::waiting(notify.notified());
    // Made before the call, and awaited after it.
    let early = notify.notified();
    notify.notify_waiters();
    assert!(Waiter::new(early).poll().is_ready());
}

#[test]
fn a_value_is_made_once() {
    run(async {
        let cell = Rc::new(OnceCell::new());
        let made = Rc::new(RefCell::new(Vec::new()));
        let tasks = Vec::from_iter((0..3).map(|number| {
            let (cell, made) = (Rc::clone(&cell), Rc::clone(&made));
            spawn(async move {
                let make = async || {
                    yield_now().await;
                    made.borrow_mut().push(number);
                    number
                };
                *cell.get_or_init(make).await
            })
        }));
        for task in tasks {
            assert_eq!(task.await.unwrap(), 0);
        }
        assert_eq!(*made.borrow(), [0]);
    });
}

#[test]
fn a_value_that_could_not_be_made_is_made_by_the_next() {
    run(async {
        let cell = Rc::new(OnceCell::new());
        let fails = |how: u32| {
            let cell = Rc::clone(&cell);
            spawn(async move {
                let make = async || {
                    yield_now().await;
                    match how {
                        0 => Err("no paper"),
                        1 => panic!("a broken pencil"),
                        _ => Ok(how),
                    }
                };
                cell.get_or_try_init(make).await.copied()
            })
        };
        let (error, panic, cancelled, made) = (fails(0), fails(1), fails(2), fails(3));
        yield_now().await;
        assert_eq!(error.await.unwrap(), Err("no paper"));
        cancelled.cancel();
        assert!(panic.await.is_err());
        assert!(cancelled.await.is_err());
        assert_eq!(made.await.unwrap(), Ok(3));
    });
}

/// One is set while another is made: all have that one, also whoever made the other.
#[test]
fn a_value_that_is_set_meanwhile_counts() {
    let (cell, go) = (OnceCell::new(), Event::new());
    let mut makes = Waiter::waiting(cell.get_or_init(async || {
        go.wait().await;
        1
    }));
    let waits = Waiter::waiting(cell.get_or_init(async || 2));
    assert_eq!(cell.set(3), Ok(()));
    assert_eq!(*waits.ready(), 3);
    go.set();
    assert_eq!(makes.poll(), Poll::Ready(&3));
    assert_eq!(cell.set(4), Err(4));
}
