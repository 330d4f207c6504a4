//! The same tasks, faster, and able to end early.
//!
//! Chapter 6's task is a map's entry, a boxed future, an `Arc` with an atomic flag, and a shared result: four
//! allocations, and a lock at each wake. Here a task is **one allocation**, and a wake at home writes two plain
//! numbers. The interface is chapter 6's; what is new is that a task can be cancelled, that its panic is a value, and
//! that [`tasks`] says where each one is suspended.
//!
//! This is the one crate of the runtime with `unsafe` code, in `cell.rs`, `home.rs`, `abroad.rs` and those that use
//! their promises: `inbox.rs`, `registry.rs`, `current.rs`, `executor.rs`,
//! `join.rs`, `outcome.rs`. Begin with `state.rs` (what a
//! task is doing) and the top of `cell.rs` (who owns what).
#![deny(unsafe_op_in_unsafe_fn)]

mod abroad;
mod cancel;
mod cell;
mod current;
mod executor;
mod extras;
mod home;
mod inbox;
mod join;
mod outcome;
mod promise;
mod queue;
mod registry;
mod remote;
mod root;
mod run;
mod state;
mod sync;
mod tasks;
mod turn;

pub use cancel::{Cancelled, CatchCancel, Resume, catch_cancel};
pub use current::{call_soon, spawn, spawn_named, stop};
pub use executor::Executor;
pub use join::{JoinError, JoinHandle, Joining, Panic};
pub use promise::{Awaiting, Promise, promise};
pub use remote::{Closed, Remote, remote};
pub use run::run;
pub use tasks::{Stranded, TaskInfo, TaskState, tasks};
