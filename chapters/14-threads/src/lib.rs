//! Blocking work on threads, and calls into the loop from outside.
//!
//! A loop has one thread. Whatever blocks it, a file, a name server, a long computation, stops everybody. So such work
//! goes to another thread, and the loop awaits its end as it awaits anything else: a waker comes from there. And what a
//! thread may do to a loop that is not its own is to send it a closure.
//!
//! - [`Pool`] has threads for work that blocks, and a [`Job`] is the future of such work; each loop has a pool, which
//!   [`spawn_blocking`] uses, and which the layer [`Threads`] shuts down at the end; [`run`] puts the layers together;
//! - [`HandleExt::spawn`] makes a task on a loop from any thread, and [`RemoteTask`] waits for it there;
//! - [`LoopThread`] is a loop in a thread of its own;
//! - [`fs`] has files, and [`stdin`] what is typed: [`Unblock`] makes asynchronous what blocks at each call;
//! - [`lookup`] asks for the addresses of a name, and [`connect`] races them.
//!
//! ```
//! use event_loop::Clock;
//! use std::sync::mpsc;
//! use task_cell::spawn;
//!
//! threads::run(Clock::real(), async {
//!     let (go, wait) = mpsc::channel();
//!     let blocked = threads::spawn_blocking(move || wait.recv().unwrap());
//!     // The loop goes on: this task is what the thread waits for.
//!     let ticks = spawn(async move { go.send("a word").unwrap() });
//!     assert_eq!(blocked.await.unwrap(), "a word");
//!     ticks.await.unwrap();
//! })?;
//! # Ok::<(), std::io::Error>(())
//! ```
#![forbid(unsafe_code)]

mod answer;
pub mod fs;
mod job;
mod layer;
mod loop_thread;
mod names;
mod pool;
mod remote;
mod shared;
mod stdio;
mod unblock;

pub use job::Job;
pub use layer::{Threads, layers, pool, run, spawn_blocking};
pub use loop_thread::LoopThread;
pub use names::{connect, connect_first, lookup};
pub use pool::{Pool, PoolBuilder};
pub use remote::{HandleExt, RemoteTask};
pub use shared::{PoolCounts, Refusal, Refused, RunningJob};
pub use stdio::{Stdin, Stdout, stdin, stdout};
pub use unblock::Unblock;
