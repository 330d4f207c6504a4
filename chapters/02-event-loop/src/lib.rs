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
//!
//! ```
//! use event_loop::{Clock, EventLoop, Time};
//! use generators::{Coroutine, CoroutineState};
//! use std::time::Duration;
//!
//! const THREE: Duration = Duration::from_secs(3);
//!
//! /// Wants to be resumed every three seconds, twice.
//! struct Bus(u32);
//!
//! impl Coroutine<Time> for Bus {
//!     type Yield = Time;
//!     type Return = ();
//!
//!     fn resume(&mut self, now: Time) -> CoroutineState<Time, ()> {
//!         self.0 += 1;
//!         match self.0 {
//!             1 | 2 => CoroutineState::Yielded(now.saturating_add(THREE)),
//!             _ => CoroutineState::Complete(()),
//!         }
//!     }
//! }
//!
//! let mut event_loop = EventLoop::new(Clock::virtual_time());
//! event_loop.start(Bus(0));
//! event_loop.start(Bus(0));
//! assert_eq!(event_loop.run().as_secs(), 6);
//! ```
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
mod real_if;
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
