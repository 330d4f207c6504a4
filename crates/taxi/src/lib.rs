//! A small async runtime for one thread, made of the chapters of *From Yield to Await*.
//!
//! Nearly everything here is a chapter's, under the name that a program expects. What is its own: a [`Runtime`] that puts
//! the layers together, [values that belong to a task](local), a [token](sync::CancellationToken) that asks many to end,
//! and a [clock for tests](mod@test).
//!
//! ```
//! use std::time::Duration;
//! use taxi::time::{now, sleep};
//!
//! taxi::test::run(async {
//!     let ride = taxi::spawn(async {
//!         sleep(Duration::from_secs(8)).await;
//!         "at the station"
//!     });
//!     assert_eq!(ride.await.unwrap(), "at the station");
//!     assert_eq!(now().as_secs(), 8); // on a clock that jumps: the test takes no time
//! });
//! ```
//!
//! It is not on crates.io. A package names it by its folder, in a clone of the repository:
//!
//! ```toml
//! [dependencies]
//! taxi = { path = "FOLDER/crates/taxi" }
//! ```
//!
//! | | what it has | chapter of the book |
//! |---|---|---|
//! | [`run`], [`Runtime`], [`spawn`], [`tasks`], [`catch_cancel`] | tasks | 6 and 8 |
//! | [`gather()`], [`wait()`], [`select`], [`race`], [`group()`] | many at once | 9 |
//! | [`time`] | clocks, sleeps, limits | 5 |
//! | [`sync`] | events, locks, semaphores, queues, channels | 10 |
//! | [`stream`] | streams, and generators that await | 11 |
//! | [`net`] | TCP, UDP, Unix sockets, any descriptor | 12 |
//! | [`protocols`] | transports and protocols; TLS with the feature `tls` | 13 |
//! | [`threads`], [`fs`], [`spawn_blocking`] | pools, files, names, calls from outside | 14 |
//! | `process`, `signal`, on Unix | children and signals | 15 |
//! | [`cores`], [`Cores`] | a loop a core | 16 |
//! | [`local`], [`tree()`], [`debug`], [`mod@test`] | a task's values, who awaits whom, what goes wrong without an error, a clock that jumps | *The finished runtime* |
//!
//! The book is in the folder `book` of the repository: `cargo run -- read` there opens it. It says how each part is made,
//! what was left out, and, in *Taxi beside tokio and smol*, when to take another runtime.
//!
//! Its tests pass on Linux. macOS and Windows were not tried; on Windows there are no Unix sockets, descriptors, children
//! and signals.
//!
//! Libraries that other people have written find what they need here by features, of which none is on by default: `hyper`
//! and `tokio-io`. The feature `tls` adds TLS by rustls to [`protocols`]. With the feature `tracing` each task can be a
//! [span](Builder) of that crate.
#![forbid(unsafe_code)]

pub use combinators::{
    Either, as_completed, gather, gather_all, group, join, join_all, race, race_all,
    select, select_all, shield, try_gather, try_group, try_wait, wait, wait_for,
};
mod builder;
mod callbacks;
pub mod debug;
#[cfg(feature = "hyper")]
pub mod hyper;
#[cfg(unix)]
mod live;
pub mod local;
mod metrics;
mod runtime;
#[cfg(feature = "tracing")]
mod spans;
pub mod test;
mod token;
#[cfg(feature = "tokio-io")]
pub mod tokio_io;
mod tree;
mod watch;

pub use builder::Builder;
pub use callbacks::call_soon;
pub use event_loop::{Clock, Time};
pub use metrics::{Metrics, metrics};
pub use polling::yield_now;
pub use runtime::{Runtime, run};
pub use task_cell::{
    Cancelled, JoinError, JoinHandle, TaskHandle, catch_cancel, spawn, spawn_named, tasks,
};
pub use threads::spawn_blocking;
pub use tree::{Tree, tree};

pub use cores::Cores;
pub use streams as stream;
pub use threads::fs;
pub use {cores, net, protocols, threads};

#[cfg(unix)]
pub use processes as process;

/// Signals: Ctrl-C, and whatever else the operating system or another process has to say. Chapter 15.
#[cfg(unix)]
pub mod signal {
    pub use processes::{
        Interrupted, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, Signal, ctrl_c,
        raise, run, signal,
    };
}

/// Clocks, sleeps, limits, and callbacks that are due some time: chapter 5.
pub mod time {
    pub use crate::callbacks::{call_at, call_later};
    pub use timers::*;
}

/// What a loop is made of, for whoever puts one together in another way: chapters 2 to 8. Chapter 21 does.
pub mod parts {
    pub use event_loop::TimeHeap;
    pub use polling::suspended;
    pub use task_cell::{Executor, TaskInfo, stop};
    pub use wakers::{Park, ThreadPark, discard};
}

/// Events, locks, semaphores, queues and channels: chapter 10, and a token.
pub mod sync {
    pub use crate::token::{CancellationToken, DropGuard};
    pub use ::sync::*;
}
