//! A call into the loop
//!
//! Your tasks are full of `Rc`, and no other thread may touch them. But it may send a function, and the loop runs it
//! where they live.
//!
//!     /// Reaches a loop from any thread. Clones reach the same one.
//!     #[derive(Clone)]
//!     pub struct Handle { /* … */ }
//!
//!     /// A handle to `executor`, of ladder 6.
//!     pub fn handle(executor: &Executor) -> Handle
//!
//!     impl Handle {
//!         /// Has `call` run on the loop's thread.
//!         pub fn call(&self, call: impl FnOnce(&Executor) + Send + 'static)
//!
//!         /// Has `make` make a future there, and spawns it; what gives its value, anywhere.
//!         pub fn spawn<F>(&self, make: impl FnOnce() -> F + Send + 'static) -> Phone<F::Output>
//!         where
//!             F: Future + 'static,
//!             F::Output: Send + 'static
//!     }
//!
//! Calls run in the order in which they were sent, also those that were sent before the loop began to run. They must not
//! need a loop that is awake. The future that `make` makes need not be `Send`: it never leaves its thread.
//!
//! needs: 4.3 6.5
//!
//! hint: An inbox that any thread may put something into, and somebody on the loop who reads it. You know somebody who
//! sleeps until there is news, and is woken from any thread: a task.
//!
//! hint: `handle` spawns a task. In a `poll_fn` it takes all calls out of an `Arc<Mutex<…>>`; if there are none, it leaves
//! its waker under the same lock. `call` puts one in, takes the waker out, lets go of the lock, and wakes.
//!
//! hint: `spawn` is a call that makes the future and spawns it, with a telephone for its value:
//!
//!     let (caller, phone) = phone();
//!     self.call(move |executor| {
//!         let future = make();
//!         executor.spawn(async move { caller.say(future.await) });
//!     });
//!     phone
//!
//! done: Python has `call_soon_threadsafe` and `run_coroutine_threadsafe` for it, and no compiler that would notice if you
//! forgot them. Blocking work goes out by the pool, calls come in by the handle: the loop itself never waits for a
//! thread.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, ThreadId};
use std::time::Duration;

use ladder::Sleeper;
use mine::tasks::{Executor, Runtime, run};
use mine::threads::{Handle, handle, on_thread};
use mine::wakers::{Park, Phone, ThreadPark, block_on, phone};

type Log = Arc<Mutex<Vec<(u32, ThreadId)>>>;

/// Notes a number, and where.
fn note(log: &Log, number: u32) {
    log.lock().unwrap().push((number, thread::current().id()));
}

fn numbers(log: &Log) -> Vec<u32> {
    log.lock()
        .unwrap()
        .iter()
        .map(|(number, _)| *number)
        .collect()
}

fn in_order() {
    ladder::tries("three calls from another thread");
    ladder::hangs(
        "it never ends: the calls are not run, or the loop is not woken by them",
    );
    let log = Log::default();
    let theirs = log.clone();
    run(async move |runtime: Runtime| {
        let handle = handle(&runtime.executor);
        let (caller, phone) = phone();
        let sent = on_thread(move || {
            for number in [1, 2, 3] {
                let log = theirs.clone();
                handle.call(move |_| note(&log, number));
            }
            handle.call(move |_| caller.say(()));
        });
        let _sent = sent.await;
        phone.await;
    });
    ladder::check!(
        numbers(&log) == [1, 2, 3],
        "they were sent in the order 1, 2, 3, and run as {:?}",
        numbers(&log)
    );
    let here = thread::current().id();
    ladder::check!(
        log.lock()
            .unwrap()
            .iter()
            .all(|(_, thread)| *thread == here),
        "they run on the thread that sends them, and what is there belongs to the loop"
    );
}

fn before_it_runs() {
    ladder::tries("four calls that are sent before the loop runs");
    ladder::hangs("it never ends: they were sent early, and are lost");
    let mut park = ThreadPark::new();
    let executor = Executor::new(park.unparker());
    let handle = handle(&executor);
    let log = Log::default();
    for number in [1, 2, 3] {
        let log = log.clone();
        handle.call(move |_| note(&log, number));
    }
    let early: Phone<u32> = handle.spawn(|| async { 7 });
    let value = executor.block_on(&mut park, early);
    ladder::check!(value == 7, "it should give 7, and gives {value}");
    ladder::check!(
        numbers(&log) == [1, 2, 3],
        "they were sent in the order 1, 2, 3, and run as {:?}",
        numbers(&log)
    );
}

fn asleep() {
    ladder::tries("a call to a loop that is asleep");
    ladder::hangs("it never ends: the loop sleeps, and the call does not wake it");
    let loop_thread = Sleeper::here();
    let value = run(async move |runtime: Runtime| {
        let handle = handle(&runtime.executor);
        let (caller, phone) = phone();
        thread::spawn(move || {
            let _asleep = loop_thread.falls_asleep(Duration::from_secs(2));
            handle.call(move |_| caller.say(7));
        });
        phone.await
    });
    ladder::check!(value == 7, "it should give 7, and gives {value}");
}

/// Sends a call, from within a call.
fn again(handle: Handle, left: u32, caller: mine::wakers::Caller<u32>) {
    if left == 0 {
        return caller.say(7);
    }
    let same = handle.clone();
    handle.call(move |_| again(same, left - 1, caller));
}

fn a_call_that_calls() {
    ladder::tries("a call that sends the next call, five times");
    ladder::hangs(
        "it never ends: the inbox is locked while a call runs, or is not looked at again after it",
    );
    let value = run(async move |runtime: Runtime| {
        let handle = handle(&runtime.executor);
        let (caller, phone) = phone();
        again(handle, 5, caller);
        phone.await
    });
    ladder::check!(value == 7, "it should give 7, and gives {value}");
}

fn not_send() {
    ladder::tries(
        "a future with an `Rc`, made on the loop for a thread that waits for its value",
    );
    ladder::hangs("it never ends: its value does not come back");
    let (says, heard) = mpsc::channel();
    run(async move |runtime: Runtime| {
        let handle = handle(&runtime.executor);
        let asked = on_thread(move || {
            let here = thread::current().id();
            let fare = handle.spawn(move || {
                let there = thread::current().id();
                let sum = Rc::new(Cell::new(3));
                async move {
                    sum.set(sum.get() + 8);
                    (sum.get(), there != here)
                }
            });
            block_on(fare)
        });
        let _sent = says.send(asked.await);
    });
    let fare = heard.recv().ok().and_then(Result::ok);
    ladder::check!(
        fare.is_some_and(|(fare, _)| fare == 11),
        "it should give 11, and gives {fare:?}"
    );
    ladder::check!(
        fare.is_some_and(|(_, elsewhere)| elsewhere),
        "the future is made on the thread that asks for it, and has to leave it"
    );
}

fn at_any_moment() {
    ladder::tries("2,000 calls, at any moment");
    ladder::hangs(
        "a call has woken nobody: is the newest waker left under the same lock as the look into the inbox?",
    );
    run(async move |runtime: Runtime| {
        let handle = handle(&runtime.executor);
        for _ in 0..1000 {
            let (caller, phone) = phone();
            let handle = handle.clone();
            // The second comes when the first has just run: the loop looks into its inbox again.
            let sent = on_thread(move || {
                let ran = Arc::new(AtomicBool::new(false));
                let first = ran.clone();
                handle.call(move |_| first.store(true, Ordering::Release));
                while !ran.load(Ordering::Acquire) {
                    thread::yield_now();
                }
                handle.call(move |_| caller.say(()));
            });
            phone.await;
            let _sent = sent.await;
        }
    });
}

fn main() {
    before_it_runs();
    a_call_that_calls();
    at_any_moment();
    in_order();
    asleep();
    not_send();
}
