//! Many futures at once: tasks, one queue of who is ready, and an executor that polls them in turn.
//!
//! `block_on` drives one future. Here a future becomes a **task**: a future with a life of its own in a loop, which
//! runs while others wait. One first-in first-out queue holds everything that can go on: tasks that were woken, the
//! root, and callbacks. That queue is the whole order of events, and it is asyncio's.
//!
//! This is the *safe* task: a map of boxed futures by id, and an `Arc` that pushes the id on the queue. Chapter 8
//! keeps this interface and builds another inside; this one stays as the model it must equal.
//!
//! ```
//! use event_loop::Clock;
//! use std::time::Duration;
//! use timers::{now, sleep};
//!
//! let hour = Duration::from_secs(3600);
//! tasks::run(Clock::virtual_time(), async {
//!     let drives: Vec<_> = (1..=3)
//!         .map(|hours| tasks::spawn(sleep(hours * hour)))
//!         .collect();
//!     for drive in drives {
//!         drive.await;
//!     }
//!     // They drove at the same time.
//!     assert_eq!(now().as_secs(), 3 * 3600);
//! });
//! ```
#![forbid(unsafe_code)]

mod close;
mod current;
mod executor;
mod join;
mod promise;
mod ready;
mod root;
mod round;
mod run;

pub use close::Unfinished;
pub use current::{call_soon, spawn, stop};
pub use executor::Executor;
pub use join::JoinHandle;
pub use promise::{Promise, promise};
pub use round::{MOST_ROUNDS, RoundLimit};
pub use run::{run, run_with};
