//! A queue ordered by time, a clock, and the loop between them.
//!
//! Many coroutines wait, each for a moment of its own. Somebody must know whose moment is next, wait until then,
//! and resume that one: an **event loop**. It needs three parts, and each is used unchanged by the runtime that
//! this book ends with:
//!
//! - [`TimeHeap`]: what is due when. Earliest first, equal times in the order they came, and any entry can be
//!   cancelled;
//! - [`Clock`]: what time it is, virtual or real;
//! - [`EventLoop`]: take the earliest, wait, resume, put it back.
#![cfg_attr(
    feature = "programs",
    doc = "\nFor the programs there is also what they let it drive: a [`Taxi`], with [`Dice`] for the \
           length of each trip, and a [`Fleet`] of three of them, or a million."
)]
#![forbid(unsafe_code)]

mod clock;
#[cfg(feature = "programs")]
mod dice;
mod event_loop;
#[cfg(feature = "programs")]
mod fleet;
mod heap;
#[cfg(feature = "programs")]
mod taxi;
mod time;

pub use clock::Clock;
#[cfg(feature = "programs")]
pub use dice::Dice;
pub use event_loop::EventLoop;
#[cfg(feature = "programs")]
pub use fleet::Fleet;
pub use heap::{EntryId, TimeHeap};
#[cfg(feature = "programs")]
pub use taxi::Taxi;
pub use time::Time;
