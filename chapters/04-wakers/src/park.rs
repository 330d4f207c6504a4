//! How a loop waits. The idea and its name are from tokio 0.2 (`park/mod.rs`).
//!
//! Layers stand on one another. Timers let the layer below wait, for no longer than the next deadline; sockets wait in
//! the operating system; a sleeping thread is at the bottom. Whoever has parked asks the clock whether the time is up,
//! and the queue who is ready. A park with a timeout of zero never waits, and never advances a virtual clock.

use std::io;
use std::task::Waker;
use std::time::Duration;

// ANCHOR: park
/// A way to wait, and to be called while waiting.
///
/// ```
/// use std::io;
/// use std::task::Waker;
/// use std::time::Duration;
/// use wakers::{Park, ThreadPark};
///
/// /// Counts how often its loop goes to sleep.
/// struct Counting<P>(P, u32);
///
/// impl<P: Park> Park for Counting<P> {
///     fn park(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
///         self.1 += 1;
///         self.0.park(timeout)
///     }
///
///     fn unparker(&self) -> Waker {
///         self.0.unparker()
///     }
///
///     fn enter(&self) -> impl Sized + 'static {
///         self.0.enter()
///     }
///
///     fn expects_wake(&self) -> bool {
///         self.0.expects_wake()
///     }
/// }
///
/// let mut park = Counting(ThreadPark::new(), 0);
/// wakers::block_on_with(&mut park, polling::yield_now());
/// assert_eq!(park.1, 1);
/// ```
pub trait Park {
    /// Waits until unparked, until something this layer watches is ready, or until
    /// `timeout` has passed (`None`: no limit; zero: only look). True: somebody was woken,
    /// or we were unparked. It may return early, with either answer.
    ///
    /// # Errors
    ///
    /// If the operating system cannot wait; and of kind
    /// [`Deadlock`](io::ErrorKind::Deadlock) if waiting could never end, where that is
    /// known.
    fn park(&mut self, timeout: Option<Duration>) -> io::Result<bool>;

    /// What any thread calls to end a park, the present one or the next. When the layer is
    /// gone it does nothing.
    fn unparker(&self) -> Waker;

    // And two more, for layers that stand on one another.
    // ANCHOR_END: park

    // ANCHOR: layers
    /// Makes this layer and those below it current on this thread. Dropping the guard
    /// restores what was, also on unwind.
    fn enter(&self) -> impl Sized + 'static;

    /// Whether this layer or one below may still wake somebody, by itself or for somebody
    /// outside who has promised to call: what tells a wait from a deadlock.
    fn expects_wake(&self) -> bool;
    // ANCHOR_END: layers
}
