//! Time for futures: sleep, timeout, interval and timer callbacks, on chapter 2's heap.
//!
//! [`Timers`] is a layer of [`Park`](wakers::Park). It waits by letting the layer below wait, for no longer than the
//! next deadline; on the virtual clock it does not wait at all, but moves the clock to the next deadline as soon as
//! nothing else can happen.
//!
//! Futures find it through a thread-local that [`Park::enter`](wakers::Park::enter) sets. So `sleep(d).await` needs
//! no argument that says *where*, as `asyncio.sleep` needs none.
//!
//! ```
//! use event_loop::Clock;
//! use std::time::Duration;
//! use timers::{Elapsed, block_on, now, sleep, timeout};
//!
//! let minute = Duration::from_secs(60);
//! // A virtual minute takes no time at all.
//! block_on(Clock::virtual_time(), async {
//!     sleep(minute).await;
//!     assert_eq!(timeout(minute, sleep(10 * minute)).await, Err(Elapsed));
//!     assert_eq!(now().as_secs(), 120);
//! });
//! ```
#![forbid(unsafe_code)]

mod call;
mod current;
mod interval;
#[cfg(feature = "programs")]
mod night;
mod outside;
mod run;
mod sleep;
mod timeout;
mod timers;

pub use call::{TimerHandle, call_at, call_later};
pub use current::{clock, is_virtual, now};
pub use interval::{Interval, MissedTickBehavior, Tick, interval};
#[cfg(feature = "programs")]
pub use night::night;
pub use outside::{Outside, outside};
pub use run::block_on;
pub use sleep::{Sleep, sleep, sleep_until};
pub use timeout::{Deadline, Elapsed, Timeout, timeout, timeout_at};
pub use timers::Timers;
