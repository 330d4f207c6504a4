//! A small async runtime for one thread.
//!
//! Nothing here is its own: each part is a chapter of the book *From Yield to Await*, which builds it from an empty file.
#![forbid(unsafe_code)]

pub use combinators::{
    as_completed, gather, gather_all, group, join, join_all, race, race_all, select,
    select_all, shield, try_gather, try_group, try_wait, wait, wait_for,
};
pub use event_loop::Clock;
pub use polling::yield_now;
pub use task_cell::{
    Cancelled, JoinError, JoinHandle, TaskHandle, catch_cancel, spawn, spawn_named, tasks,
};
pub use threads::spawn_blocking;

pub use cores::Cores;
pub use streams as stream;
pub use sync;
pub use threads::fs;
pub use timers as time;
pub use {net, protocols, threads};

#[cfg(unix)]
pub use processes as process;
