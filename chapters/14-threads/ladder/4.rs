//! The end of the pool
//!
//! A pool that nobody can reach any more still has threads, and they sleep for ever. Let them go home.
//!
//! There is nothing new to call:
//!
//!     let other = pool.clone();
//!     drop(pool); // Nothing ends: there is another clone.
//!     drop(other); // The threads do what is still in the queue, and end.
//!
//! The drop does not wait for them.
//!
//! hint: Who has the `Arc` of what all share? The clones of the pool, and each of the threads. So its count tells nothing:
//! it never comes to zero while a thread sleeps. Which clones should count?
//!
//! hint: A second struct between the two: `Pool(Arc<Owner>)` and `Owner(Arc<Shared>)`. The threads have the inner `Arc`
//! only. So `Drop for Owner` is called with the last clone.
//!
//! hint: In that `drop`,
//!
//!     self.0.state.lock().unwrap().closed = true;
//!     self.0.news.notify_all();
//!
//! A thread looks at `closed` when it finds the queue empty, before it sleeps.
//!
//! done: One flag, and everybody is told: there is no more to the end of a pool. Python's `shutdown` sets the same flag,
//! and its `with` waits for the threads too. The last rung goes the other way: from a thread into the loop.

use std::cell::RefCell;
use std::sync::{Arc, Barrier, mpsc};
use std::time::Duration;

use ladder::Sleeper;
use mine::threads::Pool;
use mine::wakers::block_on;

/// Says so when it is dropped.
struct Leaves(mpsc::Sender<&'static str>);

impl Drop for Leaves {
    fn drop(&mut self) {
        let _said = self.0.send("a thread has ended");
    }
}

thread_local! {
    static LEAVES: RefCell<Option<Leaves>> = const { RefCell::new(None) };
}

fn ends() {
    ladder::tries("a pool of which one clone is dropped");
    ladder::hangs("to drop a clone waits for the threads");
    let pool = Pool::new(1);
    let (says, heard) = mpsc::channel();
    let done = block_on(pool.run(move || LEAVES.set(Some(Leaves(says)))));
    ladder::check!(done.is_ok(), "the work has panicked");
    drop(pool.clone());
    let left = heard.recv_timeout(Duration::from_millis(200));
    ladder::check!(
        left.is_err(),
        "there is another clone, and the thread has gone home"
    );
    ladder::tries("more work for that pool, by the other clone");
    ladder::hangs("it never ends: there is another clone, and the thread has gone home");
    let after = block_on(pool.run(Sleeper::here)).ok();
    ladder::check!(
        after.is_some(),
        "there is another clone, and the pool does nothing any more"
    );

    ladder::tries("a pool of which the last clone is dropped");
    // A thread that is awake may see by chance what nobody has told it.
    let asleep = after.is_some_and(|it| it.falls_asleep(Duration::from_secs(2)));
    ladder::check!(asleep, "a thread with nothing to do does not sleep");
    drop(pool);
    let left = heard.recv_timeout(Duration::from_secs(2));
    ladder::check!(
        left.is_ok(),
        "nobody can reach the pool any more, and its thread sleeps on"
    );
}

fn first_the_rest() {
    ladder::tries("a pool that is dropped, with three pieces of work in its queue");
    ladder::hangs("the drop waits for the work");
    let pool = Pool::new(1);
    let (go_on, told) = mpsc::channel::<()>();
    let (says, heard) = mpsc::channel();
    let mut jobs = vec![pool.run(move || drop(told.recv()))];
    for number in [1, 2, 3] {
        let says = says.clone();
        jobs.push(pool.run(move || drop(says.send(number))));
    }
    drop((pool, says, go_on));
    let done: Vec<i32> = [0; 3]
        .iter()
        .map_while(|_| heard.recv_timeout(Duration::from_secs(2)).ok())
        .collect();
    ladder::check!(
        done == [1, 2, 3],
        "three were in the queue, and {done:?} were done before the threads went home"
    );
    for job in jobs {
        ladder::check!(
            block_on(job).is_ok(),
            "its work was done, and the job says that it panicked"
        );
    }
}

fn two_sleepers() {
    ladder::tries("a pool of two sleeping threads, dropped");
    ladder::hangs("it never ends: each of the two waits for the other one");
    let pool = Pool::new(2);
    let (says, heard) = mpsc::channel();
    let both = Arc::new(Barrier::new(2));
    let jobs = [0, 1].map(|_| {
        let (says, both) = (says.clone(), both.clone());
        pool.run(move || {
            LEAVES.set(Some(Leaves(says)));
            both.wait();
            Sleeper::here()
        })
    });
    for thread in jobs.map(|job| block_on(job).ok()) {
        let asleep = thread.is_some_and(|it| it.falls_asleep(Duration::from_secs(2)));
        ladder::check!(asleep, "a thread with nothing to do does not sleep");
    }
    drop((pool, says));
    let left = [0, 1].map(|_| heard.recv_timeout(Duration::from_secs(2)).is_ok());
    ladder::check!(
        left == [true, true],
        "two threads slept, and {} of them has ended: everybody is to be told",
        left.iter().filter(|it| **it).count()
    );
}

fn main() {
    ends();
    first_the_rest();
    two_sleepers();
}
