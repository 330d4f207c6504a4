//! Waiting for one another: events, locks, semaphores, queues, channels.
//!
//! Tasks that share something must sometimes wait: until it has happened, until nobody else is at it, until there is
//! room. Each of these keeps chapter 4's list of who waits, and all of them the same promises: whoever has waited longest
//! comes first, nobody overtakes, and **somebody who was chosen and goes away passes their turn on**.
//!
//! - [`Event`] is a flag to wait for;
//! - [`Lock`] lets one task at a time use a value, [`Semaphore`] a given number of tasks go on;
//! - [`Queue`] hands items over, with room for a given number ([`PriorityQueue`] and [`LifoQueue`] in another order).
//!
//! The rest of the family:
//!
//! - [`Condition`] waits until what a lock protects is different, [`Barrier`] until all are there, [`Notify`] for a nudge;
//! - [`RwLock`] lets many read or one write, [`OnceCell`] is made once by the first who needs it;
//! - [`oneshot`] carries one value, [`mpsc`] a queue of them to one receiver, [`watch`] the latest to all, and [`broadcast`]
//!   every one to all.
//!
//! They belong to one thread, and need neither atomics nor locks of the operating system: between two `.await`s no other
//! task runs. To share one, put it into an `Rc`.
//!
//! ```
//! use event_loop::Clock;
//! use std::rc::Rc;
//! use sync::Lock;
//!
//! task_cell::run(Clock::virtual_time(), async {
//!     let log = Rc::new(Lock::new(Vec::new()));
//!     let meter = Rc::clone(&log);
//!     let taxi = task_cell::spawn(async move { meter.lock().await.push("taxi") });
//!     log.lock().await.push("dispatcher");
//!     taxi.await.unwrap();
//!     assert_eq!(*log.lock().await, ["dispatcher", "taxi"]);
//! });
//! ```
#![forbid(unsafe_code)]

mod barrier;
pub mod broadcast;
mod closed;
mod condition;
mod event;
mod lines;
mod lock;
pub mod mpsc;
mod notices;
mod notify;
mod once_cell;
pub mod oneshot;
mod queue;
mod rw_lock;
mod semaphore;
mod slot;
mod store;
mod turns;
pub mod watch;

pub use barrier::{Barrier, BarrierWait, BrokenBarrier};
pub use closed::{Closed, TryGetError, TryPutError};
pub use condition::Condition;
pub use event::{Event, Wait};
pub use lock::{Guard, Lock, Locking};
pub use notify::{Notified, Notify};
pub use once_cell::OnceCell;
pub use queue::{Get, Put, Queue};
pub use rw_lock::{ReadGuard, RwLock, WriteGuard};
pub use semaphore::{Acquire, Permit, Semaphore};
pub use store::{Fifo, Lifo, LifoQueue, Priority, PriorityQueue, Store};
