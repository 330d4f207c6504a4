//! Asleep until it rings
//!
//! Now write a driver that sleeps. `block_on` polls a future. When that is pending, the thread goes to bed, and a call
//! of the waker gets it up. It polls again only if there was a call.
//!
//!     pub fn block_on<F: Future>(future: F) -> F::Output
//!
//! Every thread has a bed: `thread::park` sleeps until somebody calls `unpark` of its `Thread`. If that comes first, it
//! leaves a token, and the next `park` takes the token instead of sleeping. But `park` may also return for no reason,
//! and other code that runs during the poll may take the token. So keep a flag of your own, and let it decide.
//!
//! needs: 3.2
//!
//! hint: Behind the waker, have a struct with a flag and a `std::thread::Thread`. To wake is to raise the flag, and
//! then to unpark the thread. You can use your `Flag` for the one.
//!
//! hint: Poll. If it is pending, sleep as long as the flag is down: `while`, not `if`, since a park may end for no
//! reason. And when do you take the flag down, before the poll or after it? Think of a call that comes during the poll.
//!
//! hint: Here is the loop. `take` looks at the flag and takes it down in one step:
//!
//!     loop {
//!         if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
//!             return output;
//!         }
//!         while !root.flag.take() {
//!             thread::park();
//!         }
//!     }
//!
//! done: Two polls for one call, and the processor is free in between; chapter 3's busy loop needed a million polls.
//! And no call is lost, whenever it comes: before the poll, during it, or just before the thread lies down.

use ladder::Sleeper;
use mine::polling::lift_off;
use mine::wakers::block_on;
use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;
use std::thread;
use std::time::Duration;

/// Long enough to fall asleep on a busy machine.
const SOON: Duration = Duration::from_secs(4);

fn yields() {
    ladder::tries("a future that is ready at once");
    ladder::hangs("it is ready, and block_on does not return");
    let output = block_on(async { 7 });
    ladder::check!(
        output == 7,
        "its output is 7, and block_on returns {output}"
    );

    ladder::tries("lift_off(3), which wakes itself three times");
    ladder::hangs(
        "a call is lost that came during the poll: if the flag is taken down after the poll, the call is gone",
    );
    let output = block_on(lift_off(3));
    ladder::check!(
        output == "lift-off",
        "its output is lift-off, and block_on returns {output}"
    );
}

/// Waits for a call from another thread, which comes when this one sleeps; how often it was polled.
fn called_while_asleep(
    before: impl FnOnce(&thread::Thread, &Sleeper) + Send + 'static,
) -> u32 {
    let (here, main) = (Sleeper::here(), thread::current());
    let polls = Rc::new(Cell::new(0));
    let counted = Rc::clone(&polls);
    let mut before = Some(before);
    let called = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    block_on(poll_fn(move |context| {
        counted.set(counted.get() + 1);
        if called.load(std::sync::atomic::Ordering::SeqCst) {
            return Poll::Ready(());
        }
        if let Some(before) = before.take() {
            let (waker, here, main) =
                (context.waker().clone(), here.clone(), main.clone());
            let called = called.clone();
            thread::spawn(move || {
                ladder::check!(
                    here.falls_asleep(SOON),
                    "the thread never sleeps: it looks again and again, and keeps a core busy"
                );
                before(&main, &here);
                called.store(true, std::sync::atomic::Ordering::SeqCst);
                waker.wake();
            });
        }
        Poll::Pending
    }));
    polls.get()
}

fn main() {
    yields();

    ladder::tries("a call from another thread, while this one sleeps");
    ladder::hangs(
        "somebody has called, and the thread sleeps on: does the waker unpark it?",
    );
    let polls = called_while_asleep(|_, _| {});
    ladder::check!(
        polls == 2,
        "one call is two polls, and it polled more often: poll only when somebody has called"
    );

    ladder::tries("a park that returns for no reason, three times, before the call");
    ladder::hangs("somebody has called, and the thread sleeps on");
    let polls = called_while_asleep(|main, here| {
        for _ in 0..3 {
            main.unpark();
            // Until it is up, and in bed again.
            thread::yield_now();
            here.falls_asleep(SOON);
        }
    });
    ladder::check!(
        polls == 2,
        "it polled more often than twice: it got up for no reason, and polled without a look at its flag"
    );

    ladder::tries("a call during the poll, from another thread");
    ladder::hangs(
        "a call is lost that came during the poll, before the thread was in bed",
    );
    let mut polls = 0;
    block_on(poll_fn(|context| {
        polls += 1;
        if polls == 2 {
            return Poll::Ready(());
        }
        let waker = context.waker().clone();
        let caller = thread::spawn(move || waker.wake());
        ladder::check!(caller.join().is_ok(), "the waker has panicked");
        Poll::Pending
    }));

    ladder::tries("a call, and then a poll that takes std's token for itself");
    ladder::hangs(
        "the call came, and its token was taken by code that parks in the poll: look at your flag before you park",
    );
    let mut polls = 0;
    block_on(poll_fn(|context| {
        polls += 1;
        if polls == 2 {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        // As a channel does that waits inside a poll.
        thread::current().unpark();
        thread::park();
        Poll::Pending
    }));

    ladder::tries("a waker that is called after the end");
    ladder::hangs("it does not return");
    let kept = block_on(poll_fn(|context| Poll::Ready(context.waker().clone())));
    kept.wake();
    let output = block_on(async { 8 });
    ladder::check!(
        output == 8,
        "its output is 8, and block_on returns {output}"
    );
}
