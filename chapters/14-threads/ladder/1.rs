//! A thread that does it
//!
//! A file system, a database, a long sum: some work blocks the thread that does it, and on the loop it would block
//! everybody. So another thread does it, and the loop hears of its end.
//!
//!     pub struct Job<T> { /* … */ }
//!
//!     impl<T> Future for Job<T> {
//!         type Output = std::thread::Result<T>;
//!         // …
//!     }
//!
//!     /// Begins `work` at once, on a thread of its own.
//!     pub fn on_thread<T: Send + 'static>(
//!         work: impl FnOnce() -> T + Send + 'static,
//!     ) -> Job<T>
//!
//! Awaiting the job gives what the work returned, or, as std's `JoinHandle::join` does, what it panicked with. If the
//! job is dropped, the work goes on: nobody can stop a thread.
//!
//! needs: 4.2
//!
//! hint: You have written a future whose moment only another thread knows. Which one?
//!
//! hint: A job is a `Phone` of ladder 4, and the thread has the `Caller`. A thread that panics says nothing, and your
//! phone would wait for ever: catch the panic where it happens, and say that.
//!
//! hint: In `on_thread`,
//!
//!     let (caller, phone) = phone();
//!     thread::spawn(move || caller.say(panic::catch_unwind(AssertUnwindSafe(work))));
//!     Job(phone)
//!
//! done: This is Python's `to_thread`, and all of it: a thread, and a telephone. It has no limit yet. A thousand calls
//! make a thousand threads, and each is made anew. Next: a few threads that take turns.

use std::pin::pin;
use std::sync::mpsc;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use ladder::Bell;
use mine::threads::on_thread;
use mine::wakers::block_on;

fn elsewhere() {
    ladder::tries("some work, and the thread that does it");
    ladder::hangs("it never ends: who is woken when the work is done?");
    let there = block_on(on_thread(|| thread::current().id()));
    ladder::check!(
        there.is_ok_and(|it| it != thread::current().id()),
        "it is done on the thread that asks, which is blocked meanwhile"
    );

    ladder::tries("some work whose job is not awaited yet");
    let (says, heard) = mpsc::channel();
    let job = on_thread(move || says.send(7));
    let begun = heard.recv_timeout(Duration::from_secs(2));
    ladder::check!(
        begun == Ok(7),
        "it does not begin before it is polled: the thread should have it at once"
    );
    ladder::check!(
        block_on(job).is_ok(),
        "it has ended well, and the job says that it panicked"
    );
}

fn pending() {
    ladder::tries("a job that is polled while the work goes on");
    ladder::hangs("the poll waits for the thread: it should say Pending");
    let (go_on, told) = mpsc::channel::<()>();
    let bell = Bell::new();
    let mut job = pin!(on_thread(move || told.recv().is_err()));
    let polled = ladder::poll(job.as_mut(), &bell);
    ladder::check!(
        polled.is_pending(),
        "it is ready, and the work is not done: it says {polled:?}"
    );

    ladder::tries("a job whose work ends after it was polled");
    ladder::hangs("it is never woken: the work is done");
    drop(go_on);
    while bell.rings() == 0 {
        thread::yield_now();
    }
    let polled = ladder::poll(job.as_mut(), &bell);
    ladder::check!(
        matches!(polled, Poll::Ready(Ok(true))),
        "it was woken, and says {polled:?}: it should give what the work returned"
    );
}

fn panics() {
    ladder::tries("work that panics");
    ladder::hangs("it never ends: a thread that panics says nothing by itself");
    let job = on_thread(|| -> u32 {
        // Without the message that a panic prints.
        std::panic::resume_unwind(Box::new("torn"))
    });
    let outcome = block_on(job);
    let torn = match &outcome {
        Ok(_) => None,
        Err(payload) => payload.downcast_ref::<&str>(),
    };
    ladder::check!(
        torn == Some(&"torn"),
        "the job should give what it panicked with, and says {outcome:?}"
    );
}

fn dropped() {
    ladder::tries("a job that is dropped while its work goes on");
    ladder::hangs("to drop it waits for its end");
    let (go_on, told) = mpsc::channel::<()>();
    let (says, heard) = mpsc::channel();
    drop(on_thread(move || {
        let _told = told.recv();
        let _said = says.send("written");
    }));
    drop(go_on);
    let written = heard.recv_timeout(Duration::from_secs(2));
    ladder::check!(
        written == Ok("written"),
        "the work was not done to its end: nobody waits for it, but it has begun"
    );
}

fn main() {
    elsewhere();
    pending();
    panics();
    dropped();
}
