//! Functions that stop half-way, say something, and go on later.
//!
//! A function that is called runs to its end: whoever called it waits. To let two of them take turns, each must be
//! able to *stop in the middle*, hand over a value, and be *resumed* at the same place with its variables as they
//! were. Such a function is a **coroutine**; one that only hands out values is called a **generator**.
//!
//! Stable Rust has no `yield`, so this chapter writes by hand what a compiler would make of one: a struct with the
//! variables, an enum with the place, and a function that goes from one stop to the next. The trait is
//! [`Coroutine`], in the shape of the one that is unstable in std ([`std::ops::Coroutine`]) but for `Pin`, which
//! chapter 3 needs first.
//!
//! - [`Coroutine`] is the trait;
//! - [`AndThen`] is delegation: Python's `yield from`;
//! - [`FromIter`] and [`Items`] lead from iterators to coroutines and back.
//!
//! ```
//! use generators::{Coroutine, CoroutineState::*, Countdown};
//!
//! let mut countdown = Countdown::from(2);
//! assert_eq!(countdown.resume(()), Yielded(2));
//! // Between two stops, it is a value like any other: it can be kept, sent away, dropped.
//! let mut kept = vec![countdown];
//! assert_eq!(kept[0].resume(()), Yielded(1));
//! ```
//!
//! [`std::ops::Coroutine`]: https://doc.rust-lang.org/std/ops/trait.Coroutine.html
#![cfg_attr(
    feature = "programs",
    doc = "\nThe programs also have [`Countdown`], which produces values, and [`Meter`], which consumes them."
)]
#![forbid(unsafe_code)]

mod and_then;
mod coroutine;
#[cfg(feature = "programs")]
mod countdown;
mod driven;
mod iter;
#[cfg(feature = "programs")]
mod meter;

pub use and_then::AndThen;
pub use coroutine::{Coroutine, CoroutineExt, CoroutineState};
#[cfg(feature = "programs")]
pub use countdown::Countdown;
pub use iter::{FromIter, Items};
#[cfg(feature = "programs")]
pub use meter::{Meter, Receipt};
