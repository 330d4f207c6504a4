//! A future is a coroutine that is polled.
//!
//! `async fn` makes a value that implements [`Future`]: the state machine that chapter 1 wrote by hand, written by
//! the compiler. Its `resume` is called `poll`, its `Yielded(())` is `Pending`, its `Complete` is `Ready`. What is
//! sent to it is a [`Context`](std::task::Context), which holds a waker: one that does nothing here, and one that
//! wakes somebody from chapter 4 on.
//!
//! - [`yield_now`] is the innermost place where one really stops;
//! - [`spin_on`] drives a future in the worst way there is, and counts;
//! - [`suspended`] is how a leaf says at which line a task stopped, and for what;
//! - [`begin_poll`] and [`spend`] keep the budget of a poll, so that a task whose leaves are always ready stops.
//!
//! ```
//! use polling::{spin_on, yield_now};
//!
//! let spun = spin_on(async {
//!     yield_now().await;
//!     "ready"
//! });
//! assert_eq!((spun.output, spun.polls), ("ready", 2));
//! ```
#![cfg_attr(
    feature = "programs",
    doc = "\nThe programs also have [`LiftOff`], a future by hand, equal to the `async fn` [`lift_off`]; [`AsCoroutine`], \
           which drives a future as chapter 1's coroutine; and [`counted`], which counts how often a future is polled."
)]
#![forbid(unsafe_code)]

#[cfg(feature = "programs")]
mod as_coroutine;
mod budget;
#[cfg(feature = "programs")]
mod counted;
#[cfg(feature = "programs")]
mod lift_off;
mod spin;
mod suspension;
mod yield_now;

#[cfg(feature = "programs")]
pub use as_coroutine::AsCoroutine;
pub use budget::{PollGuard, begin_poll, set_budget, spend};
#[cfg(feature = "programs")]
pub use counted::{Counted, Polls, counted};
#[cfg(feature = "programs")]
pub use lift_off::{LiftOff, lift_off};
pub use spin::{Spun, spin_on};
pub use suspension::{Suspension, awaited_at, file_name, suspended, take_suspension};
pub use yield_now::{YieldNow, yield_now};
