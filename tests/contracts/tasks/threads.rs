//! Wakers on other threads: before, during and after their task and its executor.

use std::future::poll_fn;
use std::hint;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::channel;
use std::task::{Poll, Waker};
use std::thread;

use event_loop::Clock;
use polling::{counted, yield_now};
use tasks::{Executor, promise, spawn};
use wakers::{ThreadPark, phone};
use workbook_tests::limits::quick_or_full;

use crate::{Told, executor, run, run_on, watchdog};

#[test]
fn a_call_from_another_thread_ends_the_wait() {
    let _watchdog = watchdog("a call from a thread");
    for clock in [Clock::virtual_time(), Clock::real()] {
        let heard = run_on(clock, async {
            let guard = timers::outside();
            let (caller, phone) = phone();
            let task = spawn(phone);
            yield_now().await;
            let thread = thread::spawn(move || {
                caller.say("Main Street");
                drop(guard);
            });
            let heard = task.await;
            thread.join().unwrap();
            heard
        });
        assert_eq!(heard, Some("Main Street"));
    }
}

#[test]
fn a_call_from_another_thread_ends_a_wait_that_has_begun() {
    let _watchdog = watchdog("a call while the loop waits");
    let (waits, begun) = channel();
    let mut executor = Executor::new(Told(ThreadPark::new(), move || {
        let _nobody_listens = waits.send(());
    }));
    let (caller, phone) = phone();
    let thread = thread::spawn(move || {
        // It looks before its first turn, and after that it waits.
        for _ in 0..2 {
            begun.recv().unwrap();
        }
        caller.say("Main Street");
    });
    let task = executor.spawn(phone);
    let heard = executor.run_until_complete(task);
    assert_eq!(heard, Some("Main Street"));
    thread.join().unwrap();
}

#[test]
fn no_call_is_lost_however_threads_and_turns_meet() {
    const CALLS: u32 = 20_000;
    let _watchdog = watchdog("many calls");
    let counter = Arc::new(AtomicU32::new(0));
    let mut executor = Executor::new(ThreadPark::new());
    let seen = Arc::clone(&counter);
    let (give, take) = channel::<Waker>();
    let thread = thread::spawn(move || {
        let waker = take.recv().unwrap();
        for _ in 0..CALLS {
            seen.fetch_add(1, Ordering::Relaxed);
            waker.wake_by_ref();
        }
    });
    let mut first = true;
    let task = executor.spawn(poll_fn(move |context| {
        if std::mem::take(&mut first) {
            give.send(context.waker().clone()).unwrap();
        }
        match counter.load(Ordering::Relaxed) {
            CALLS => Poll::Ready(()),
            _ => Poll::Pending,
        }
    }));
    executor.run_until_complete(task);
    thread.join().unwrap();
}

/// A task wakes itself in each poll, while another thread wakes it all the time. However the two meet, it is in the
/// queue once.
#[test]
fn two_wakes_at_the_same_instant_make_one_poll() {
    let wakes = quick_or_full(2_000_000, 20_000_000);
    let _watchdog = watchdog("two wakes at once");
    let bell = promise::<Waker>();
    let ours = bell.clone();
    let mut delay = 0;
    let (busy, polls) = counted(poll_fn(move |context| {
        let _again = ours.set(context.waker().clone());
        // Now sooner, now later, to meet the other thread in every way.
        delay = (delay + 1) % 16;
        for _ in 0..delay {
            hint::black_box(delay);
        }
        context.waker().wake_by_ref();
        Poll::<()>::Pending
    }));
    executor().run_until_complete(async {
        let _task = spawn(busy);
        let waker = bell.await;
        let thread = thread::spawn(move || (0..wakes).for_each(|_| waker.wake_by_ref()));
        while !thread.is_finished() {
            let before = polls.get();
            yield_now().await;
            // None, if the other thread stands still between the flag and the queue.
            assert!(polls.get() <= before + 1);
        }
        thread.join().unwrap();
        let before = polls.get();
        yield_now().await;
        assert_eq!(polls.get(), before + 1, "it is still in the queue");
    });
}

/// Uses, clones and drops a waker on another thread.
fn abuse(waker: &Waker) {
    let waker = waker.clone();
    let thread = thread::spawn(move || {
        waker.wake_by_ref();
        let other = waker.clone();
        waker.wake();
        drop(other.clone());
        other.wake();
    });
    thread.join().unwrap();
}

#[test]
fn a_waker_may_be_used_after_its_task_and_after_its_executor() {
    let mut executor = executor();
    let bell = promise::<Waker>();
    let ours = bell.clone();
    let task = executor.spawn(poll_fn(move |context| {
        let _again = ours.set(context.waker().clone());
        Poll::Ready(())
    }));
    executor.run_until_complete(task);
    let waker = executor.run_until_complete(bell);
    abuse(&waker);
    executor.run_until_complete(async {
        abuse(&waker);
        yield_now().await;
        abuse(&waker);
    });
    executor.close();
    abuse(&waker);
    drop(executor);
    abuse(&waker);
    run(async {
        abuse(&waker);
        yield_now().await;
    });
    waker.wake();
}
