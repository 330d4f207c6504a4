//! A pool
//!
//! A pool has one queue, and a few threads that take work from it: first in, first out.
//!
//!     /// Clones are the same pool.
//!     #[derive(Clone)]
//!     pub struct Pool { /* … */ }
//!
//!     impl Pool {
//!         /// At most `most` threads. None is made yet.
//!         pub fn new(most: usize) -> Pool
//!
//!         pub fn run<T: Send + 'static>(
//!             &self,
//!             work: impl FnOnce() -> T + Send + 'static,
//!         ) -> Job<T>
//!     }
//!
//! A thread is made when there is more in the queue than idle threads to take it, as long as there are fewer than
//! `most`. It does not end after one piece of work, nor when that panics. No lock may be held while somebody's work is
//! done: it may ask this pool for more.
//!
//! hint: What do all threads share? The queue, and two numbers. And a thread with nothing to do must sleep until there is
//! something: std's `Condvar` is made for that.
//!
//! hint: `Arc<Shared>`, with a `Mutex` around the queue, the number of threads and how many are idle. `Condvar::wait`
//! gives the lock back while it sleeps. The queue holds `Box<dyn FnOnce() + Send>`: what `on_thread` gives its thread,
//! boxed.
//!
//! hint: A thread takes the oldest work like this, and lets go of the lock before it does it:
//!
//!     let mut state = self.state.lock().unwrap();
//!     loop {
//!         if let Some(work) = state.queue.pop_front() {
//!             return work;
//!         }
//!         state.idle += 1;
//!         state = self.news.wait(state).unwrap();
//!         state.idle -= 1;
//!     }
//!
//! done: Python's `ThreadPoolExecutor` is this: a queue, a few threads, a limit. What waits in the queue has not begun,
//! and could still be taken back. That is next.

use std::collections::HashSet;
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use mine::threads::{Job, Pool};
use mine::wakers::block_on;

fn well<T>(job: Job<T>) -> T {
    block_on(job)
        .unwrap_or_else(|_| ladder::fail("it has not panicked, and the job says so"))
}

fn more_work() {
    ladder::tries("work that gives the same pool more work");
    ladder::hangs(
        "it never ends: the pool is locked while the work is done, or a thread does one piece of work and no other",
    );
    let pool = Pool::new(1);
    let same = pool.clone();
    let inner = well(pool.run(move || same.run(|| 7)));
    let inner = well(inner);
    ladder::check!(inner == 7, "that should give 7, and gives {inner}");
}

fn limit() {
    ladder::tries("a pool of two, and three pieces of work at once");
    ladder::hangs(
        "run does not return: does it do the work itself, or hold a lock while a thread does?",
    );
    let pool = Pool::new(2);
    let (begins, begun) = mpsc::channel();
    let (go_on, told) = mpsc::channel::<()>();
    let told = Arc::new(Mutex::new(told));
    let jobs = [0, 1, 2].map(|_| {
        let (begins, told) = (begins.clone(), told.clone());
        pool.run(move || {
            let _said = begins.send(());
            let _told = told.lock().map(|it| it.recv());
        })
    });
    let two = [0, 1].map(|_| begun.recv_timeout(Duration::from_secs(2)));
    ladder::check!(
        two == [Ok(()), Ok(())],
        "two threads may be at work, and {} is",
        two.iter().flatten().count()
    );
    let third = begun.recv_timeout(Duration::from_millis(200));
    ladder::check!(
        third.is_err(),
        "a third thread was made, and two is the limit"
    );
    ladder::tries("a pool of two, and the third piece of work, when the first ends");
    ladder::hangs("it never ends: a thread does one piece of work, and no other");
    drop(go_on);
    jobs.map(well);
}

fn order() {
    ladder::tries("a pool of one thread, at work, and four other pieces of work");
    ladder::hangs("it never ends: a thread sleeps, and there is work");
    let pool = Pool::new(1);
    let done = Arc::new(Mutex::new(Vec::new()));
    let (begins, begun) = mpsc::channel();
    let (go_on, told) = mpsc::channel::<()>();
    let first = pool.run(move || {
        let _said = begins.send(());
        told.recv().is_err()
    });
    let begun = begun.recv_timeout(Duration::from_secs(2));
    ladder::check!(begun.is_ok(), "the first does not begin");
    let jobs = [1, 2, 3, 4].map(|number| {
        let done = done.clone();
        pool.run(move || done.lock().unwrap().push(number))
    });
    drop(go_on);
    well(first);
    jobs.map(well);
    let done = done.lock().unwrap().clone();
    ladder::check!(
        done == [1, 2, 3, 4],
        "they should be done in the order in which they came, and it was {done:?}"
    );
}

fn several() {
    ladder::tries("a pool of two, and two pieces of work that wait for one another");
    ladder::hangs(
        "it never ends: there is a second thread to be had, and nobody makes it",
    );
    let pool = Pool::new(2);
    let both = Arc::new(Barrier::new(2));
    let jobs = [0, 1].map(|_| {
        let both = both.clone();
        pool.run(move || both.wait().is_leader())
    });
    let leaders = jobs.map(well).iter().filter(|it| **it).count();
    ladder::check!(leaders == 1, "of the two, {leaders} came last");

    ladder::tries("a pool of two, and 200 pieces of work, one after the other");
    ladder::hangs("it never ends: a thread sleeps, and there is work");
    let threads: HashSet<_> = (0..200)
        .map(|_| well(pool.run(|| thread::current().id())))
        .collect();
    ladder::check!(
        threads.len() <= 2 && !threads.contains(&thread::current().id()),
        "they were done on {} threads, and there may be two",
        threads.len()
    );
}

fn goes_on() {
    ladder::tries("work that panics, and then other work, in a pool of one");
    ladder::hangs(
        "it never ends: the thread has died of the panic, and it was the only one",
    );
    let pool = Pool::new(1);
    let panicked =
        block_on(pool.run(|| -> u32 { std::panic::resume_unwind(Box::new("torn")) }));
    ladder::check!(
        panicked.is_err(),
        "it panicked, and the job says {panicked:?}"
    );
    let after = well(pool.run(|| 7));
    ladder::check!(
        after == 7,
        "after the panic it should give 7, and gives {after}"
    );
}

fn main() {
    more_work();
    limit();
    order();
    several();
    goes_on();
}
