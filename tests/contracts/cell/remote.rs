//! Mail: what other threads send, while the loop sleeps, while it runs, while it closes.

use std::cell::Cell;
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier};
use std::task::{Poll, Waker};
use std::thread;

use event_loop::Clock;
use polling::yield_now;
use task_cell::{Closed, Executor, JoinError, call_soon, handle, spawn, stop};
use timers::Timers;
use wakers::ThreadPark;

use crate::cancelling::run;
use crate::{Log, Told, watchdog};

type Virtual = Executor<Timers<ThreadPark>>;

fn executor() -> Virtual {
    Executor::new(Timers::new(ThreadPark::new(), Clock::virtual_time()))
}

#[test]
fn calls_by_mail_are_made_in_the_order_they_were_sent() {
    static CALLS: std::sync::Mutex<Vec<u32>> = std::sync::Mutex::new(Vec::new());
    let say = |number| CALLS.lock().unwrap().push(number);
    let mut executor = executor();
    let handle = executor.handle();
    // Between two runs, a local call comes after the mail that was there.
    handle.call_soon(move || say(1)).unwrap();
    executor.call_soon(move || say(2));
    handle.call_soon(move || say(3)).unwrap();
    let spawned = executor.spawn(async move { say(4) });
    handle.call_soon(move || say(5)).unwrap();
    executor.run_until_complete(spawned).unwrap();
    executor.run_until_complete(yield_now());
    assert_eq!(*CALLS.lock().unwrap(), [1, 2, 3, 4, 5]);
}

#[test]
fn a_call_through_the_handle_is_made_in_a_turn_of_its_own_on_the_loops_thread() {
    run(async {
        let here = thread::current().id();
        let called = Arc::new(AtomicBool::new(false));
        let ours = Arc::clone(&called);
        let by_mail = move || {
            assert_eq!(thread::current().id(), here);
            ours.store(true, Ordering::Relaxed);
        };
        handle().call_soon(by_mail).unwrap();
        assert!(!called.load(Ordering::Relaxed), "not inline");
        for _ in 0..3 {
            yield_now().await;
        }
        assert!(
            called.load(Ordering::Relaxed),
            "the loop reads its mail while it runs"
        );
    });
}

#[test]
fn a_call_from_another_thread_ends_a_sleep_that_has_begun() {
    let _watchdog = watchdog("a remote call while the loop sleeps");
    let (waits, begun) = channel();
    let mut executor = Executor::new(Told(ThreadPark::new(), move || {
        let _nobody_listens = waits.send(());
    }));
    let handle = executor.handle();
    let thread = thread::spawn(move || {
        // One look before the root's first turn, and then it waits.
        for _ in 0..2 {
            begun.recv().unwrap();
        }
        handle.call_soon(stop).unwrap();
    });
    let _root = executor.spawn(pending::<()>());
    executor.run_forever();
    thread.join().unwrap();
}

#[test]
fn a_call_to_a_closed_executor_is_refused_and_dropped() {
    let mut executor = executor();
    let handle = executor.handle();
    let kept = Arc::new(());
    let (under_way, refused) = (Arc::clone(&kept), Arc::clone(&kept));
    handle.call_soon(move || drop(under_way)).unwrap();
    assert_eq!(Arc::strong_count(&kept), 3);
    executor.close();
    assert_eq!(Arc::strong_count(&kept), 2, "what was under way is dropped");
    assert_eq!(handle.call_soon(move || drop(refused)), Err(Closed));
    assert_eq!(Arc::strong_count(&kept), 1, "what is refused is dropped");
    drop(executor);
    assert_eq!(handle.clone().call_soon(|| ()), Err(Closed));
    assert_eq!(Closed.to_string(), "the executor is closed");
}

/// Threads wake, clone, drop and call, while the runtime closes under their hands.
#[test]
fn mail_while_the_runtime_closes_is_dropped_once() {
    let _watchdog = watchdog("mail while it closes");
    for round in 0..300 {
        let mut executor = executor();
        let made = Arc::new(());
        let calls = Arc::new(AtomicUsize::new(0));
        let (give, take) = channel::<Waker>();
        for _ in 0..4 {
            let (give, held) = (give.clone(), Arc::clone(&made));
            drop(executor.spawn(poll_fn(move |context| {
                let _held = &held;
                let _again = give.send(context.waker().clone());
                Poll::<()>::Pending
            })));
        }
        executor.run_until_complete(yield_now());
        drop(give);
        let wakers: Vec<Waker> = take.try_iter().collect();
        assert_eq!(wakers.len(), 4);
        let start = Arc::new(Barrier::new(3));
        let threads = [0, 1].map(|_| {
            let (wakers, start) = (wakers.clone(), Arc::clone(&start));
            let (handle, held) = (executor.handle(), Arc::clone(&made));
            let calls = Arc::clone(&calls);
            thread::spawn(move || {
                start.wait();
                for waker in wakers {
                    waker.wake_by_ref();
                    let (held, calls) = (Arc::clone(&held), Arc::clone(&calls));
                    let call = move || {
                        calls.fetch_add(1, Ordering::Relaxed);
                        drop(held);
                    };
                    let _refused = handle.call_soon(call);
                    drop(waker.clone());
                    waker.wake();
                }
            })
        });
        start.wait();
        if round % 2 == 0 {
            executor.run_until_complete(yield_now());
        }
        executor.close();
        drop(wakers);
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(
            Arc::strong_count(&made),
            1,
            "futures and callbacks are dropped"
        );
        assert!(calls.load(Ordering::Relaxed) <= 8);
    }
}

/// Another thread sets a value and wakes, while the loop cancels: one of the two is the outcome.
#[test]
fn a_completion_that_races_a_cancellation_has_one_outcome() {
    let _watchdog = watchdog("cancel against completion");
    let (mut values, mut cancelled) = (0, 0);
    for round in 0..2000 {
        let dropped = Rc::new(Cell::new(0));
        let ours = Rc::clone(&dropped);
        let mut executor = executor();
        let outcome = executor.run_until_complete(async {
            let guard = timers::outside();
            let value = Arc::new(AtomicBool::new(false));
            let (set, held) = (Arc::clone(&value), OnEnd(ours));
            let (give, take) = channel::<Waker>();
            let task = spawn(async move {
                let _held = held;
                poll_fn(|context| match value.load(Ordering::Acquire) {
                    true => Poll::Ready(7),
                    false => {
                        let _again = give.send(context.waker().clone());
                        Poll::Pending
                    }
                })
                .await
            });
            yield_now().await;
            let waker = take.try_recv().expect("it has been polled");
            let thread = thread::spawn(move || {
                set.store(true, Ordering::Release);
                waker.wake();
                drop(guard);
            });
            for _ in 0..round % 7 {
                yield_now().await;
            }
            let asked = task.cancel();
            let outcome = task.await;
            thread.join().unwrap();
            assert_eq!(asked, outcome.is_err(), "what cancel said is what happens");
            outcome
        });
        assert_eq!(dropped.get(), 1);
        match outcome {
            Ok(seven) => {
                assert_eq!(seven, 7);
                values += 1;
            }
            Err(JoinError::Cancelled) => cancelled += 1,
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(values + cancelled, 2000);
    assert!(cancelled > 0, "nothing was cancelled");
}

struct OnEnd(Rc<Cell<u32>>);

impl Drop for OnEnd {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

#[test]
fn a_remote_wake_is_mailed_once_until_the_task_is_polled() {
    run(async {
        let polls = Rc::new(Cell::new(0));
        let counted = Rc::clone(&polls);
        let (give, take) = channel::<Waker>();
        let _task = spawn(poll_fn(move |context| {
            counted.set(counted.get() + 1);
            let _again = give.send(context.waker().clone());
            Poll::<()>::Pending
        }));
        yield_now().await;
        let waker = take.try_recv().expect("it has been polled");
        for expected in 2..5 {
            let remote = waker.clone();
            let many = move || (0..1000).for_each(|_| remote.wake_by_ref());
            thread::spawn(many).join().unwrap();
            for _ in 0..3 {
                yield_now().await;
            }
            assert_eq!(polls.get(), expected, "a thousand wakes, one poll");
        }
    });
}

#[test]
fn a_local_callback_and_one_by_mail_may_both_be_queued_by_a_callback() {
    run(async {
        let log = Log::default();
        let ours = log.clone();
        call_soon(move || {
            ours.say("local");
            handle().call_soon(|| ()).unwrap();
            call_soon(move || ours.say("local again"));
        });
        for _ in 0..3 {
            yield_now().await;
        }
        assert_eq!(log.all(), "local, local again");
    });
}
