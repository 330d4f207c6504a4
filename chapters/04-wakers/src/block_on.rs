//! Drives one future to its end, and sleeps in between.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use polling::begin_poll;

use crate::{Held, Park, ThreadPark, block_thread};

// ANCHOR: root
/// What the waker of the future that `block_on` drives does: it notes the call, and ends
/// the park.
struct Root {
    /// Whether somebody wants it polled.
    wanted: AtomicBool,
    unparker: Waker,
    traced: trace::Task,
}

impl Wake for Root {
    fn wake(self: Arc<Root>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Root>) {
        let already = self.wanted.swap(true, Ordering::Release);
        self.traced.woken(already);
        if !already {
            self.unparker.wake_by_ref();
        }
    }
}
// ANCHOR_END: root

/// Drives `future` to its end on this thread, which sleeps whenever the future waits.
///
/// ```
/// assert_eq!(wakers::block_on(async { 1 + 2 }), 3);
/// ```
///
/// # Panics
///
/// If a loop is running on this thread already.
#[track_caller]
pub fn block_on<F: Future>(future: F) -> F::Output {
    block_on_with(&mut ThreadPark::new(), future)
}

/// Drives `future` to its end, and waits as `park` does.
///
/// ```
/// let mut park = wakers::ThreadPark::new();
/// assert_eq!(wakers::block_on_with(&mut park, async { 1 + 2 }), 3);
/// ```
///
/// # Panics
///
/// If a loop is running on this thread already; if `park` cannot wait: its error is the message.
// ANCHOR: block_on
#[track_caller]
pub fn block_on_with<P: Park, F: Future>(park: &mut P, future: F) -> F::Output {
    let _blocked = block_thread();
    let _current = park.enter();
    let _traced = trace::loop_of_one();
    let traced = trace::Task::spawned(format_args!("future-"), trace::here());
    let future = trace::followed(traced, future);
    traced.woken(false);
    let root = Arc::new(Root {
        // The first poll needs no call.
        wanted: AtomicBool::new(true),
        unparker: park.unparker(),
        traced,
    });
    let waker = Waker::from(Arc::clone(&root));
    let mut future = Held(pin!(Some(future)));
    loop {
        // hole: block-on — take the call before you poll, poll only if there was one, then wait; if the future has woken itself meanwhile, only look
        // tried by: phone, layers, polls, two-calls, spurious-error
        // also: wakers
        // Taken before the poll: a call that comes during it counts.
        if root.wanted.swap(false, Ordering::Acquire) {
            let _poll = begin_poll();
            let mut context = Context::from_waker(&waker);
            if let Poll::Ready(output) = future.poll(&mut context) {
                return output;
            }
        }
        // A future that woke itself is polled again, but only after every layer has run.
        let again = root.wanted.load(Ordering::Relaxed);
        if let Err(error) = park.park(again.then_some(Duration::ZERO)) {
            panic!("cannot wait: {error}");
        }
        // end hole
    }
}
// ANCHOR_END: block_on
