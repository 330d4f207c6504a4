//! Several, in their turn
//!
//!     /// So many loops, counted from 0.
//!     pub struct Cores { /* … */ }
//!
//!     impl Cores {
//!         pub fn new(count: usize) -> Cores
//!
//!         /// On this one.
//!         pub fn spawn_on<F>(
//!             &self,
//!             core: usize,
//!             make: impl FnOnce() -> F + Send + 'static,
//!         ) -> Phone<F::Output>
//!         where
//!             F: Future + 'static,
//!             F::Output: Send + 'static
//!
//!         /// On the one whose turn it is.
//!         pub fn spawn<F>(
//!             &self,
//!             make: impl FnOnce() -> F + Send + 'static,
//!         ) -> Phone<F::Output>
//!         where
//!             F: Future + 'static,
//!             F::Output: Send + 'static
//!     }
//!
//! `spawn` takes 0, 1, 2 and so on, and after the last one 0 again, also when several threads spawn at once: then no turn
//! may be lost or given twice.
//!
//! hint: A `Vec<Core>`, and a number: whose turn it is. `spawn` has `&self`, and several threads. What kind of number is
//! that?
//!
//! hint: An `AtomicUsize` that only ever grows. What it is modulo the count is the core. To read it and to add to it must
//! be one step.
//!
//! hint: The whole of `spawn`:
//!
//!     let turn = self.next.fetch_add(1, Ordering::Relaxed);
//!     self.spawn_on(turn % self.cores.len(), make)
//!
//! done: Turns are fair by number, and not by work: nobody knows how long a task will take. What is long on one core stays
//! there. Next: their end, together.

use std::collections::HashSet;
use std::sync::{Barrier, mpsc};
use std::thread;
use std::time::Duration;

use mine::cores::Cores;
use mine::wakers::block_on;

fn threads(cores: &Cores, count: usize) -> Vec<thread::ThreadId> {
    (0..count)
        .map(|core| block_on(cores.spawn_on(core, || async { thread::current().id() })))
        .collect()
}

fn each() {
    ladder::tries("three cores, and who they are");
    ladder::hangs("it never ends: one of them does not run what it is sent");
    let cores = Cores::new(3);
    let all = threads(&cores, 3);
    ladder::check!(
        all[0] != all[1] && all[1] != all[2] && all[0] != all[2],
        "two of them are the same thread"
    );
    ladder::check!(
        threads(&cores, 3) == all,
        "asked again, they are other threads: each core is to live on"
    );

    ladder::tries("seven tasks on three cores, in their turn");
    let turns: Vec<_> = (0..7)
        .map(|_| block_on(cores.spawn(|| async { thread::current().id() })))
        .map(|thread| all.iter().position(|it| *it == thread))
        .collect();
    let expected = [0, 1, 2, 0, 1, 2, 0].map(Some);
    ladder::check!(
        turns == expected,
        "they should take 0, 1, 2, 0, 1, 2, 0, and take {:?}",
        turns.into_iter().flatten().collect::<Vec<_>>()
    );
}

fn at_once() {
    ladder::tries("three threads that spawn at once, on three cores, 200 times");
    let cores = Cores::new(3);
    let all = threads(&cores, 3);
    let together = Barrier::new(3);
    let spawn = || -> Vec<_> {
        (0..200)
            .map(|_| {
                together.wait();
                block_on(cores.spawn(|| async { thread::current().id() }))
            })
            .collect()
    };
    let threads = thread::scope(|scope| {
        [(); 3]
            .map(|_| scope.spawn(spawn))
            .map(|it| it.join().unwrap())
    });
    let fair = (0..200).all(|round| {
        let seen = threads.iter().map(|it| it[round]).collect::<HashSet<_>>();
        all.iter().all(|core| seen.contains(core))
    });
    ladder::check!(
        fair,
        "each time, each core should have one, and one has two: is a turn taken in one step?"
    );
}

fn busy() {
    ladder::tries("a core that blocks, and the other one");
    let cores = Cores::new(2);
    let (go_on, told) = mpsc::channel::<()>();
    let first = cores.spawn_on(0, move || async move { told.recv().is_err() });
    let (says, heard) = mpsc::channel();
    drop(cores.spawn_on(1, move || async move { says.send(7) }));
    let value = heard.recv_timeout(Duration::from_secs(10));
    ladder::check!(
        value == Ok(7),
        "core 0 is blocked, and core 1 does nothing, either"
    );
    drop(go_on);
    block_on(first);
}

fn main() {
    each();
    at_once();
    busy();
}
