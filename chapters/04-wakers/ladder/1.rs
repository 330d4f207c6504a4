//! A number to call
//!
//! Whoever polls a future gives it a waker: a telephone number, to be called when it is worth asking again. A number
//! may be copied, and called from any thread. Here is the least that can stand behind it: a flag. To wake is to raise
//! it, however often. Whoever polls takes it down, and learns whether it was up.
//!
//! std makes a `Waker` of an `Arc` of anything that implements `std::task::Wake`: `Waker::from(flag)`.
//!
//!     pub struct Flag { /* … */ }
//!
//!     impl Flag {
//!         pub fn new() -> Arc<Flag>
//!         /// Takes it down; whether it was up.
//!         pub fn take(&self) -> bool
//!     }
//!
//!     impl Wake for Flag { /* … */ }
//!
//! hint: It is changed through a shared reference, and by several threads. Which types allow that?
//!
//! hint: An `AtomicBool`. To look and then take it down would be two steps, with a gap for a call in between. `swap`
//! does both in one.
//!
//! hint: Two bodies of one line each, with `Release` where something is told and `Acquire` where it is heard:
//!
//!     self.up.swap(false, Ordering::Acquire)
//!
//!     fn wake(self: Arc<Flag>) {
//!         self.up.store(true, Ordering::Release);
//!     }
//!
//! done: A waker is no more than that: it says "look again", and carries no answer. Who keeps the number until there is
//! a reason to call?

use mine::wakers::Flag;
use std::sync::Arc;
use std::task::Waker;
use std::thread;

fn main() {
    ladder::tries("Flag::new(), that nobody has raised");
    let flag = Flag::new();
    ladder::check!(!flag.take(), "it is up, and nobody has called");

    ladder::tries("a wake, then take");
    let waker = Waker::from(Arc::clone(&flag));
    waker.wake_by_ref();
    ladder::check!(flag.take(), "somebody has called, and it is down");
    ladder::check!(
        !flag.take(),
        "it is still up: take must take it down, or one call is answered for ever"
    );

    ladder::tries("two wakes, then take");
    waker.wake_by_ref();
    waker.clone().wake();
    ladder::check!(flag.take(), "somebody has called twice, and it is down");
    ladder::check!(
        !flag.take(),
        "two calls raise it twice: a flag does not count, it only says \"look again\""
    );

    ladder::tries("a clone of the waker, that outlives it");
    let kept = waker.clone();
    drop(waker);
    kept.wake();
    ladder::check!(flag.take(), "a copy of the number reaches nobody");

    ladder::tries("a wake on another thread");
    let waker = Waker::from(Arc::clone(&flag));
    let caller = thread::spawn(move || waker.wake());
    let joined = caller.join();
    ladder::check!(joined.is_ok(), "the other thread has panicked");
    ladder::check!(
        flag.take(),
        "the call came from another thread, and it is down"
    );

    ladder::tries("two flags");
    let other = Flag::new();
    Waker::from(other).wake();
    ladder::check!(
        !flag.take(),
        "the call was for the other flag: each has its own"
    );

    ladder::tries("20,000 calls from another thread, each of them taken");
    ladder::hangs("a call was lost: to look and to take the flag down must be one step");
    let waker = Waker::from(Arc::clone(&flag));
    let back = Flag::new();
    let answer = Waker::from(Arc::clone(&back));
    let caller = thread::spawn(move || {
        for _ in 0..20_000 {
            waker.wake_by_ref();
            while !back.take() {
                thread::yield_now();
            }
        }
    });
    for _ in 0..20_000 {
        while !flag.take() {
            thread::yield_now();
        }
        answer.wake_by_ref();
    }
    let joined = caller.join();
    ladder::check!(joined.is_ok(), "the other thread has panicked");
}
