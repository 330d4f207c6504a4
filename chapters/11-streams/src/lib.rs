//! Values that come one after the other, each of which may have to be waited for.
//!
//! A [`Stream`] is an iterator whose `next` is polled: chapter 1's generators and chapter 3's futures in one.
//!
//! - [`stream`] makes one of an `async` body that sends its items, and [`try_stream`] of one that may fail;
//! - [`StreamExt`] asks a stream for its next item, and changes it into another;
//! - [`with`] enters a [`Context`], and sees to it that it is left, whatever becomes of what is done in it.
//!
//! ```
//! use event_loop::Clock;
//! use std::time::Duration;
//! use streams::{StreamExt, stream};
//! use timers::sleep;
//!
//! timers::block_on(Clock::virtual_time(), async {
//!     let ticks = stream(async |mut yields| {
//!         for tick in 1..=3 {
//!             sleep(Duration::from_secs(1)).await;
//!             yields.send(tick).await;
//!         }
//!     });
//!     assert_eq!(ticks.collect::<Vec<_>>().await, [1, 2, 3]);
//! });
//! ```
#![forbid(unsafe_code)]

mod adapted;
mod context;
mod ext;
mod generator;
mod in_flight;
mod merge;
mod prefetch;
mod yields;

pub use context::{Context, Ended, with};
pub use ext::{Iter, Next, StreamExt, iter};
pub use futures_core::{FusedStream, Stream};
pub use generator::{Generator, TryGenerator, stream, try_stream};
pub use in_flight::InFlight;
pub use merge::{Merge, Zip};
pub use yields::{Send, Yields};
