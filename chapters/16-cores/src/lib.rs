//! Every core of the machine: a loop a core.
//!
//! One loop keeps one core busy, and no more. To use the others there are two ways. *Work stealing* gives all threads one
//! set of tasks, so that an idle thread takes what a busy one has not begun; every task must be `Send` then, and every
//! wake must be safe from any thread. Here is the other: **a loop a core**, which share nothing. A task stays where it was
//! spawned, keeps its `Rc`s, and is woken without atomics; what goes between cores goes by mail. (So do nginx, Redis
//! Cluster, Seastar, glommio and monoio.) The price: work that is badly divided stays so.
//!
//! - [`Cores`] is so many loops, each in a thread of its own; [`Cores::spawn`] sends the maker of a future to one of them;
//! - [`Cores::serve`] has them all accept at one address, and the operating system divides the connections.
//!
//! ```
//! use cores::Cores;
//! use std::rc::Rc;
//!
//! let cores = Cores::new(2)?;
//! let sums: Vec<_> = (0..4)
//!     .map(|number: u64| {
//!         cores.spawn(move || async move {
//!             let local = Rc::new(number); // It never leaves its core.
//!             polling::yield_now().await;
//!             *local * 10
//!         })
//!     })
//!     .collect();
//! let sums: Vec<u64> = sums.into_iter().map(|sum| sum.wait().unwrap()).collect();
//! assert_eq!(sums, [0, 10, 20, 30]);
//! # Ok::<(), std::io::Error>(())
//! ```
#![forbid(unsafe_code)]

mod group;
#[cfg(unix)]
mod service;

pub use group::Cores;
#[cfg(unix)]
pub use service::Service;
