//! Their end, together
//!
//! Cores that are dropped end side by side. Each has tasks that take a while to be dropped, and none needs to wait for
//! those of another.
//!
//!     impl Drop for Cores { /* … */ }
//!
//! hint: A `Vec<Core>` drops them one after the other, and each waits for its thread. What must have happened to the last
//! one before the first is waited for?
//!
//! hint: What you told a core in its drop moves to a method of its own, `stop`, which does not wait. To tell it twice is
//! to tell it once: the `Option` is empty then.
//!
//! hint: All of it:
//!
//!     fn drop(&mut self) {
//!         self.cores.iter_mut().for_each(Core::stop);
//!     }
//!
//! and then the `Vec` is dropped, which waits for each.
//!
//! done: Tell all, then wait for each: so it is with threads, with processes, and with a server's connections. What is
//! left is whoever waits for a value from a core that ends.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use ladder::Sleeper;
use mine::cores::Cores;

/// Where those that are dropped meet.
#[derive(Default)]
struct Meeting {
    /// How many are here.
    here: Mutex<usize>,
    news: Condvar,
    /// How many have met the others.
    met: AtomicUsize,
}

impl Meeting {
    /// One more is here: waits until so many are.
    fn wait_for(&self, count: usize) {
        let mut here = self.here.lock().unwrap();
        *here += 1;
        self.news.notify_all();
        drop(self.news.wait_while(here, |here| *here < count));
    }
}

/// As it is dropped, it waits for the other two, and for us to wait for them.
struct Together(Arc<Meeting>);

impl Drop for Together {
    fn drop(&mut self) {
        self.0.wait_for(4);
        self.0.met.fetch_add(1, Ordering::SeqCst);
    }
}

fn main() {
    ladder::tries("three cores whose tasks, as they are dropped, wait for one another");
    ladder::hangs(
        "one waits for the tasks of another, which has not been told to end: tell all of them first",
    );
    let cores = Cores::new(3);
    let meeting = Arc::<Meeting>::default();
    let (begins, begun) = mpsc::channel();
    for core in 0..3 {
        let (meeting, begins) = (meeting.clone(), begins.clone());
        drop(cores.spawn_on(core, move || async move {
            let _together = Together(meeting);
            let _begun = begins.send(());
            std::future::pending::<()>().await
        }));
    }
    for _ in 0..3 {
        let _begun = begun.recv();
    }
    let (here, theirs) = (Sleeper::here(), meeting.clone());
    thread::spawn(move || {
        let _asleep = here.falls_asleep(Duration::from_secs(10));
        theirs.wait_for(4);
    });
    drop(cores);
    let met = meeting.met.load(Ordering::SeqCst);
    ladder::check!(
        met == 3,
        "the drop has returned, and of the three tasks {met} are gone: who waits for the cores?"
    );
}
