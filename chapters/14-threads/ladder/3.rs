//! Taken back
//!
//! Work that waits in the queue has not begun. If nobody wants it any more, no thread needs to do it.
//!
//!     impl<T> Job<T> {
//!         /// Takes the work back, if it has not begun; whether that was so.
//!         pub fn cancel(self) -> bool
//!     }
//!
//! If it says true, the work will never be done, and whatever its closure owned has been dropped. If it says false, the
//! work is under way or done, and nobody stops it. There is nothing in between, also if a thread comes for the work in
//! the very moment of the call. The job of `on_thread` begins at once, so there it is false.
//!
//! hint: Two want the same thing: the thread that is to do it, and whoever takes it back. One of them is first. What
//! could both of them reach, and take it out of?
//!
//! hint: `Arc<Mutex<Option<Work>>>`: a place with the work in it. The queue has one end of it, and the job has the other.
//! Who finds `None` has come too late. The place itself may stay in the queue.
//!
//! hint: Take it out under the lock, and let go of that before you do or drop it: a `match` or `if let` on
//! `place.lock().unwrap().take()` holds the lock to its end, so let a function of its own do it:
//!
//!     fn take(place: &Place) -> Option<Work> {
//!         place.lock().unwrap().take()
//!     }
//!
//! done: `concurrent.futures.Future.cancel` does this. asyncio's future of such a job says that it was cancelled in any
//! case, and the thread works on unseen. Next, the end of the pool.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use mine::threads::{Job, Pool, on_thread};
use mine::wakers::block_on;

/// A pool of one thread, and what lets its first work end.
fn busy() -> (Pool, mpsc::Sender<()>, Job<bool>) {
    let pool = Pool::new(1);
    let (begins, begun) = mpsc::channel();
    let (go_on, told) = mpsc::channel::<()>();
    let first = pool.run(move || {
        let _said = begins.send(());
        told.recv().is_err()
    });
    ladder::check!(
        begun.recv_timeout(Duration::from_secs(2)).is_ok(),
        "the first work does not begin"
    );
    (pool, go_on, first)
}

fn waiting() {
    ladder::tries("work that waits in the queue, and is cancelled");
    let (pool, go_on, first) = busy();
    let (says, heard) = mpsc::channel();
    let ticket = Arc::new(());
    let its = ticket.clone();
    let job = pool.run(move || says.send(Arc::strong_count(&its)));
    ladder::check!(
        job.cancel(),
        "it says that the work has begun, and the only thread is at other work"
    );
    ladder::check!(
        Arc::strong_count(&ticket) == 1,
        "it was cancelled, and the queue still keeps what its closure owns"
    );

    ladder::tries("work that comes after some that was cancelled");
    ladder::hangs("it never ends: the thread does not get past what was cancelled");
    drop(go_on);
    let ended = block_on(first);
    ladder::check!(
        ended.is_ok_and(|it| it),
        "the first work was not done to its end"
    );
    let last = block_on(pool.run(|| 7));
    ladder::check!(last.is_ok_and(|it| it == 7), "that should give 7");
    ladder::check!(
        heard.try_recv().is_err(),
        "it was cancelled, and done all the same"
    );
}

fn begun() {
    ladder::tries("work that has begun, and is cancelled");
    ladder::hangs("cancel waits for the end of the work");
    let (pool, go_on, first) = busy();
    ladder::check!(
        !first.cancel(),
        "it says that the work was taken back, and a thread is at it"
    );
    drop(go_on);
    let (pool_ends, ended) = mpsc::channel();
    drop(pool.run(move || pool_ends.send(())));
    let next = ended.recv_timeout(Duration::from_secs(2));
    ladder::check!(next.is_ok(), "the work after it is not done");

    ladder::tries("work on a thread of its own, cancelled");
    let (go_on, told) = mpsc::channel::<()>();
    let job = on_thread(move || told.recv().is_err());
    ladder::check!(
        !job.cancel(),
        "it begins at once, and cancel says that it has not"
    );
    drop(go_on);
}

/// One of two has each piece of work: the thread, or whoever cancels it.
fn at_any_moment() {
    ladder::tries("2,000 pieces of work, cancelled while a thread comes for them");
    ladder::hangs("it never ends: one of them holds its lock");
    let pool = Pool::new(1);
    let (says, heard) = mpsc::channel();
    let mut cancelled = 0;
    for _ in 0..2000 {
        let says = says.clone();
        cancelled += usize::from(pool.run(move || says.send(())).cancel());
    }
    let last = block_on(pool.run(|| ()));
    ladder::check!(last.is_ok(), "the work after them is not done");
    drop(says);
    let done = heard.iter().count();
    ladder::check!(
        done + cancelled == 2000,
        "{cancelled} were taken back, and {done} were done: together that should be 2000"
    );
}

fn main() {
    waiting();
    begun();
    at_any_moment();
}
