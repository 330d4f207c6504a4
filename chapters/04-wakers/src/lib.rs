//! Somebody else knows when: wakers, and a thread that sleeps until it is called.
//!
//! A busy loop asks a future again and again. The other way round, the one who knows calls: it holds a
//! [`Waker`](std::task::Waker), and the loop sleeps until it is used. Two things must come out right. A call that
//! comes just before the sleeper lies down must not be lost, so it leaves a *token*; and whoever is polled must give
//! its number to whom it waits for *before* it looks whether it still has to wait.
//!
//! - [`Park`] is how a loop waits. Every later layer, timers and sockets, is one more implementation of it;
//! - [`ThreadPark`] is the one at the bottom: a thread that sleeps until somebody calls;
//! - [`block_on`] drives one future with it.
//!
//! And what every later layer needs:
//!
//! - [`Waiters`] is the one list of who waits for something;
//! - [`Current`] is how a layer is current on a thread, without an argument that names it;
//! - [`contained`] runs foreign code whose panic must not reach the loop; [`discard`] drops it, and [`Held`] a future;
//! - [`block_thread`] keeps a loop from running inside a loop, and [`set_callback_sink`] is where it takes callbacks.
//!
//! ```
//! use std::thread;
//!
//! let (caller, phone) = wakers::phone();
//! let elsewhere = thread::spawn(move || caller.say("Main Street"));
//! // This thread sleeps, wherever in the future that is, until it is called.
//! let heard = wakers::block_on(async { phone.await.unwrap_or("nobody") });
//! assert_eq!(heard, "Main Street");
//! elsewhere.join().unwrap();
//! ```
#![cfg_attr(
    feature = "programs",
    doc = "\nThe programs also have a [`phone()`]: a future whose moment only somebody else knows."
)]
#![forbid(unsafe_code)]

mod block_on;
mod contained;
mod current;
mod held;
mod nesting;
mod park;
#[cfg(feature = "programs")]
mod phone;
mod thread_park;
mod waiters;

pub use block_on::{block_on, block_on_with};
pub use contained::{
    PanicHook, PanicReport, contained, discard, panic_message, report, set_panic_hook,
};
pub use current::{Current, Entered, enter};
pub use held::Held;
pub use nesting::{
    Blocked, Callback, CallbackSink, block_thread, callback_sink, set_callback_sink,
};
pub use park::Park;
#[cfg(feature = "programs")]
pub use phone::{Caller, Phone, phone};
pub use thread_park::ThreadPark;
pub use waiters::{WaiterKey, Waiters};
