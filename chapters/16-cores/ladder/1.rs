//! A loop that lives elsewhere
//!
//! One loop keeps one core busy. For another core, another loop, in a thread of its own.
//!
//!     /// A loop in a thread of its own.
//!     pub struct Core { /* … */ }
//!
//!     impl Core {
//!         pub fn start() -> Core
//!
//!         /// Has `make` make a future there, and spawns it.
//!         pub fn spawn<F>(
//!             &self,
//!             make: impl FnOnce() -> F + Send + 'static,
//!         ) -> Phone<F::Output>
//!         where
//!             F: Future + 'static,
//!             F::Output: Send + 'static
//!     }
//!
//! Why `make`, and not a future? Write `spawn` with a future first, and give it one with an `Rc` in it: the compiler
//! refuses to send it. What makes it can be sent, if it takes along only what is `Send`. The value comes back by mail, so
//! it has to be `Send`, too.
//!
//! needs: 4.2 6.5 14.5
//!
//! hint: You have a call into a loop from any thread: the `Handle` of ladder 14. Which thread must make the loop, and how
//! does its handle come back?
//!
//! hint: `start` spawns a thread. In it, `run` of ladder 6 makes a runtime, and its root sends `handle(&runtime.executor)`
//! through a channel of std. Then the root must not be over: `std::future::pending` never is.
//!
//! hint: The whole of `start`:
//!
//!     let (tell, told) = mpsc::channel();
//!     thread::spawn(move || {
//!         run(async move |runtime: Runtime| {
//!             let _told = tell.send(handle(&runtime.executor));
//!             pending::<()>().await
//!         })
//!     });
//!     Core { handle: told.recv().unwrap() }
//!
//! done: A loop, made where it lives, and known elsewhere by its address alone. It has no end yet.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::mpsc;
use std::task::Poll;
use std::thread;

use mine::cores::Core;
use mine::wakers::{block_on, phone};

/// Lets the others have a turn.
async fn yield_now() {
    let mut yielded = false;
    std::future::poll_fn(move |context| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

fn elsewhere() {
    ladder::tries("where a future is made, and where it runs");
    ladder::hangs("it never ends: the loop is over, or nobody runs what it is sent");
    let core = Core::start();
    let here = thread::current().id();
    let place = core.spawn(move || {
        let made = thread::current().id();
        async move { (made, thread::current().id()) }
    });
    let (made, ran) = block_on(place);
    ladder::check!(
        ran != here,
        "it runs on the thread that asks, which has other things to do"
    );
    ladder::check!(
        made == ran,
        "it is made on another thread than the one on which it runs"
    );

    ladder::tries("where the next one runs");
    let next = block_on(core.spawn(|| async { thread::current().id() }));
    ladder::check!(
        next == ran,
        "it runs on yet another thread: a core has one loop, which lives on"
    );
    let other = block_on(Core::start().spawn(|| async { thread::current().id() }));
    ladder::check!(other != ran, "two cores share a thread");
}

fn not_send() {
    ladder::tries("a future that keeps an `Rc` while it waits");
    ladder::hangs("it never ends: its value does not come back");
    let fare = block_on(Core::start().spawn(|| async {
        let sum = Rc::new(Cell::new(3));
        yield_now().await;
        sum.set(sum.get() + 8);
        sum.get()
    }));
    ladder::check!(fare == 11, "it should give 11, and gives {fare}");
}

fn at_once() {
    ladder::tries("two tasks, of which the first waits for the second");
    ladder::hangs(
        "the second never runs: does spawn wait for the value, or does the core do one after the other?",
    );
    let core = Core::start();
    let (caller, called) = phone();
    let first = core.spawn(move || called);
    let second = core.spawn(move || async move { caller.say(7) });
    block_on(second);
    let value = block_on(first);
    ladder::check!(value == 7, "it should give 7, and gives {value}");
}

fn again() {
    ladder::tries("200 tasks, each when the one before is over");
    ladder::hangs("it never ends: the loop sleeps, and what is sent does not wake it");
    let core = Core::start();
    let sum: u32 = (1..=200)
        .map(|number| block_on(core.spawn(move || async move { number })))
        .sum();
    ladder::check!(sum == 20_100, "their sum is 20100, and they give {sum}");

    ladder::tries("a task whose value nobody wants");
    let (says, heard) = mpsc::channel();
    drop(core.spawn(move || async move { says.send(7) }));
    ladder::check!(
        heard.recv() == Ok(7),
        "it was not run to its end: it has been sent, whoever listens"
    );
}

fn main() {
    elsewhere();
    not_send();
    at_once();
    again();
}
