//! What a loop is to its thread: the only one, and the one that calls what others queue.

use std::cell::Cell;
use std::marker::PhantomData;
use std::rc::Rc;

use crate::{Current, enter};

thread_local! {
    /// Whether a loop blocks this thread. Without a destructor, so that it can be asked while the thread ends.
    static BLOCKED: Cell<bool> = const { Cell::new(false) };
    static SINK: Current<dyn Fn(Callback)> = const { Current::new() };
}

// ANCHOR: nesting
/// What every function calls that blocks its thread with a loop, for as long as it does.
///
/// # Panics
///
/// If a loop is running on this thread already: as long as the inner one waits, nothing of
/// the outer one goes on, and what the inner one waits for may be that.
#[track_caller]
pub fn block_thread() -> Blocked {
    assert!(
        !BLOCKED.get(),
        "a loop is running on this thread already: a loop inside a loop would stop the \
         outer one; await the future instead, or spawn it"
    );
    BLOCKED.set(true);
    Blocked(PhantomData)
}

/// A loop blocks this thread; made by [`block_thread`].
#[derive(Debug)]
#[must_use = "the loop has ended when this is dropped"]
pub struct Blocked(PhantomData<*const ()>);

impl Drop for Blocked {
    fn drop(&mut self) {
        BLOCKED.set(false);
    }
}
// ANCHOR_END: nesting

/// What a loop calls in a turn of its own.
pub type Callback = Box<dyn FnOnce()>;

/// Where the loop that runs here queues callbacks.
pub type CallbackSink = Rc<dyn Fn(Callback)>;

/// Until the guard is dropped, callbacks go to `sink`: those of timers, and whoever else asks for
/// [`callback_sink`]. An executor has a queue for them.
pub fn set_callback_sink(sink: CallbackSink) -> impl Sized + 'static {
    enter(&SINK, sink)
}

/// Who queues callbacks here. `None` where no executor is current: a loop of one future has no queue.
pub fn callback_sink() -> Option<CallbackSink> {
    SINK.with(Current::get)
}
