//! The same tasks, faster, and able to end early.
//!
//! Chapter 6's task is a map's entry, a boxed future, an `Arc` with an atomic flag, and a shared result: three
//! allocations, a place in a tree, and a lock at each wake. Here a task is **one allocation**, and a wake by its own
//! thread writes two plain numbers. The interface is chapter 6's; what is new is that a task can be cancelled, that its
//! panic is a value, and that [`tasks()`] says where each one is suspended.
//!
//! This is the one crate of the runtime with `unsafe` code, and the folder `task` is the one door to it. Begin with
//! `task/state.rs` (what a task is doing) and the top of `task/mod.rs` (who owns what).
//!
//! ```
//! use event_loop::Clock;
//! use std::time::Duration;
//! use task_cell::{JoinError, spawn};
//! use timers::sleep;
//!
//! task_cell::run(Clock::virtual_time(), async {
//!     let drive = spawn(sleep(Duration::from_secs(60)));
//!     let crash = spawn(async { panic!("no fuel") });
//!     sleep(Duration::from_secs(1)).await;
//!     drive.cancel();
//!     assert!(matches!(drive.await, Err(JoinError::Cancelled)));
//!     assert!(matches!(crash.await, Err(JoinError::Panicked(_))));
//! });
//! ```
#![deny(unsafe_code)]

mod cancel;
mod core;
mod current;
mod error;
mod executor;
mod handle;
mod join;
mod queue;
mod run;
mod sync;
#[expect(unsafe_code, reason = "the one door")]
mod task;
mod task_handle;
mod tasks;
mod turn;

pub use self::core::Watch;
pub use self::tasks::{TaskInfo, TaskState, tasks};
pub use cancel::{Cancelled, CatchCancel, Heard, Resume, catch_cancel, heard};
pub use current::{call_soon, spawn, spawn_named, stop};
pub use error::{JoinError, Panic};
pub use executor::Executor;
pub use handle::{Closed, Handle, handle};
pub use run::{cancelled, or_panic, run, run_with};
pub use task::JoinHandle;
pub use task_handle::{EndKey, TaskHandle};

// What a promise needs of an executor is a queue of callbacks, and chapter 6's asks for no more. Whose task it was that
// did not end is no matter either.
pub use ::tasks::{Promise, Unfinished, promise};
