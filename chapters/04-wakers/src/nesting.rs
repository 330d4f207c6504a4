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
/// ```
/// use std::panic::catch_unwind;
///
/// let outer = wakers::block_thread();
/// assert!(catch_unwind(wakers::block_thread).is_err());
/// drop(outer);
/// let _next = wakers::block_thread();
/// ```
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
///
/// ```
/// use std::cell::RefCell;
/// use std::rc::Rc;
///
/// let queue = Rc::new(RefCell::new(Vec::new()));
/// let sink = Rc::clone(&queue);
/// let guard = wakers::set_callback_sink(Rc::new(move |call| sink.borrow_mut().push(call)));
/// let queues = wakers::callback_sink().unwrap();
/// queues(Box::new(|| println!("called")));
/// drop(guard);
/// assert_eq!(queue.borrow().len(), 1);
/// ```
pub fn set_callback_sink(sink: CallbackSink) -> impl Sized + 'static {
    enter(&SINK, sink)
}

/// Who queues callbacks here. `None` where no executor is current: a loop of one future has no queue.
///
/// ```
/// use wakers::{callback_sink, set_callback_sink};
///
/// assert!(callback_sink().is_none());
/// let _guard = set_callback_sink(std::rc::Rc::new(|call| call()));
/// assert!(callback_sink().is_some());
/// ```
pub fn callback_sink() -> Option<CallbackSink> {
    SINK.with(Current::get)
}
