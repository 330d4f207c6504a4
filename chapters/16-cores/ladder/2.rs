//! Its end
//!
//! A core that is dropped comes to its end: its loop is over, and so are its tasks, which are dropped where they live. When
//! the drop returns, all that has happened.
//!
//!     impl Drop for Core { /* … */ }
//!
//! hint: What ends a loop of yours? And how does a thread wait for another one to be over?
//!
//! hint: The loop ends when its root does. Let the root wait for a telephone call instead of for ever; `Core` keeps the
//! `Caller`, and the `JoinHandle` of its thread. To say and to join takes both by value: keep each in an `Option`.
//!
//! hint: In `start`, `let (end, ended) = phone();`, and the root awaits `ended`. Then:
//!
//!     fn drop(&mut self) {
//!         if let Some(end) = self.end.take() {
//!             end.say(());
//!         }
//!         if let Some(thread) = self.thread.take() {
//!             let _ended = thread.join();
//!         }
//!     }
//!
//! done: First it is told, then it is waited for. The other way round would wait for ever. Next: more than one.

use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, ThreadId};
use std::time::Duration;

use ladder::Sleeper;
use mine::cores::Core;
use mine::wakers::block_on;

/// Notes where it is dropped, when it may.
struct Guard {
    may: mpsc::Receiver<()>,
    dropped: Arc<Mutex<Option<ThreadId>>>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        let _may = self.may.recv();
        *self.dropped.lock().unwrap() = Some(thread::current().id());
    }
}

fn idle() {
    ladder::tries("a core without a task, dropped");
    ladder::hangs("the drop never ends: who has told the loop that it is to be over?");
    drop(Core::start());
}

fn with_a_task() {
    ladder::tries("a core whose task never ends, dropped");
    let core = Core::start();
    let there = block_on(core.spawn(|| async { thread::current().id() }));
    let dropped = Arc::default();
    let (go_on, may) = mpsc::channel();
    let guard = (may, Arc::clone(&dropped));
    let (begins, begun) = mpsc::channel();
    drop(core.spawn(move || async move {
        let (may, dropped) = guard;
        let _guard = Guard { may, dropped };
        let _begun = begins.send(());
        std::future::pending::<()>().await
    }));
    let _begun = begun.recv();
    // The task's end takes until we wait for it.
    let here = Sleeper::here();
    let opens = thread::spawn(move || {
        let _asleep = here.falls_asleep(Duration::from_secs(10));
        drop(go_on);
    });
    drop(core);
    let at = *dropped.lock().unwrap();
    ladder::check!(
        at.is_some(),
        "the drop has returned, and the task is still there: who waits for the thread?"
    );
    ladder::check!(at == Some(there), "the task is dropped on another thread");
    let _opened = opens.join();
}

fn many() {
    ladder::tries("100 cores, each dropped before the next is started");
    for number in 0..100 {
        let core = Core::start();
        let value = block_on(core.spawn(move || async move { number }));
        ladder::check!(value == number, "one gives {value} instead of {number}");
    }
}

fn main() {
    idle();
    with_a_task();
    many();
}
