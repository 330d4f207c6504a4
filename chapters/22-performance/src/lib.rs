//! What does it cost, and how would one know?
//!
//! One starts a clock, does the work a million times, and looks at the clock. Then one does the same with the other
//! library, and the smaller figure wins. On a machine that others use, too, the figures say who ran at the better
//! moment. So here [`compare`] lets all sides work by turns and compares within a round, and refuses to compare sides
//! whose work does not come to the same.
//!
//! What is compared, beside the chapters' own code:
//!
//! - [`Locked`]: the first task that one would write, an `Arc` with a lock inside;
//! - [`Shared`]: a task whose state is one atomic word, as most runtimes have it, by the crate `async-task`;
//! - [`Wheel`]: timers in a wheel, without a heap;
//! - [`PackedHeap`]: chapter 2's heap with its keys packed into one number.
//!
//! ```
//! use std::cell::Cell;
//! use event_loop::Time;
//! use performance::{Side, compare};
//!
//! // Time as we say: the second side needs twice as long.
//! let now = Cell::new(0);
//! let work = |nanos: u64| {
//!     now.set(now.get() + nanos);
//!     "the same result".to_string()
//! };
//! let mut sides = [Side::new("ours", || work(100)), Side::new("theirs", || work(200))];
//! let rounds = compare(&|| Time::from_nanos(now.get()), 5, &mut sides)?;
//! assert_eq!(rounds.ratio("theirs", "ours").median, 2.0);
//! # Ok::<(), performance::Unlike>(())
//! ```
#![forbid(unsafe_code)]

mod compare;
mod locked;
mod packed;
mod shared;
#[cfg(feature = "programs")]
mod story;
mod wheel;

pub use compare::{Rounds, Side, Spread, Unlike, compare};
pub use locked::{Joined, Locked};
pub use packed::PackedHeap;
pub use shared::Shared;
#[cfg(feature = "programs")]
pub use story::{Counted, allocations, on_clock, polls_of};
pub use wheel::Wheel;
