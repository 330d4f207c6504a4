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
    doc = "\nIts programs also have coroutines, [`Countdown`], which produces values, and [`Meter`], which consumes \
           them; and what is made of coroutines: [`AndThen`] is delegation, Python's `yield from`, and [`FromIter`] \
           and [`Items`] lead from iterators to coroutines and back."
)]
#![forbid(unsafe_code)]

#[cfg(feature = "programs")]
mod and_then;
mod coroutine;
#[cfg(feature = "programs")]
mod countdown;
#[cfg(feature = "programs")]
mod driven;
#[cfg(feature = "programs")]
mod ext;
#[cfg(feature = "programs")]
mod iter;
#[cfg(feature = "programs")]
mod meter;

#[cfg(feature = "programs")]
pub use and_then::AndThen;
pub use coroutine::{Coroutine, CoroutineState};
#[cfg(feature = "programs")]
pub use countdown::Countdown;
#[cfg(feature = "programs")]
pub use ext::CoroutineExt;
#[cfg(feature = "programs")]
pub use iter::{FromIter, Items};
#[cfg(feature = "programs")]
pub use meter::{Meter, Receipt};
