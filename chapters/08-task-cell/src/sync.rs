//! What threads share, from one place: a model checker puts its own types here.
//!
//! Everything in this crate that two threads touch is made of these types and nothing else, so
//! `RUSTFLAGS="--cfg loom"` is all that a loom test needs.

#[cfg(loom)]
use loom as base;
#[cfg(not(loom))]
use std as base;

pub(crate) use base::sync::{
    Arc, Mutex, MutexGuard,
    atomic::{AtomicBool, AtomicUsize, Ordering, fence},
};
#[cfg(not(loom))]
pub(crate) use base::thread_local;

/// How long a round may be. In a model time stands still: the model must do the same each time.
#[cfg(not(loom))]
pub(crate) fn round_limit() -> tasks::RoundLimit {
    tasks::RoundLimit::default()
}
#[cfg(loom)]
pub(crate) fn round_limit() -> tasks::RoundLimit {
    static NOW: std::sync::LazyLock<std::time::Instant> =
        std::sync::LazyLock::new(std::time::Instant::now);
    tasks::RoundLimit::by(|| *NOW)
}

/// loom's takes no `const` block.
#[cfg(loom)]
macro_rules! local {
    ($(#[$_doc:meta])* static $name:ident: $type:ty = const $value:block;) => {
        loom::thread_local! { static $name: $type = $value; }
    };
}
#[cfg(loom)]
pub(crate) use local as thread_local;
