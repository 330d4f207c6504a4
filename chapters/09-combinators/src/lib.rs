//! Many futures at once: all of them, the first of them, some of them for a while.
//!
//! There are two ways to let futures run side by side. They may become *tasks*, each with turns of its own: then somebody
//! has to wait for their ends, and to answer for them when it is cancelled. Or one future polls the others *in place*,
//! in its own turn: then it must know which of them to poll.
//!
//! - On tasks: [`gather`](gather()), [`gather_all`], [`wait`](wait()), [`as_completed`](as_completed()),
//!   [`shield`](shield()), [`wait_for`](wait_for()), and task groups: [`group`](group()), [`try_group`].
//! - In place, each child polled by a waker of its own: [`join`](join()), [`race`](race()), [`select`](select()).
//!
//! ```
//! use combinators::{gather, join};
//! use event_loop::Clock;
//! use std::time::Duration;
//! use timers::sleep;
//!
//! task_cell::run(Clock::virtual_time(), async {
//!     let fare = |km: u64| async move { sleep(Duration::from_secs(km)).await; 2 * km };
//!     // Tasks, which go on whoever polls.
//!     assert_eq!(gather([fare(1), fare(2)]).await.unwrap(), [2, 4]);
//!     // Parts of this one.
//!     assert_eq!(join(fare(1), fare(2)).await, (2, 4));
//! });
//! ```
#![forbid(unsafe_code)]

mod as_completed;
mod awaited;
mod boxed;
mod child;
mod error;
mod gather;
mod group;
mod handles;
mod join;
mod places;
mod race;
mod select;
mod shield;
mod told;
mod turns;
mod wait;
mod wait_for;
mod watched;

pub use as_completed::{AsCompleted, Within, as_completed, as_completed_handles};
pub use awaited::awaited_by;
pub use boxed::{Gather, Wait};
pub use error::{TryError, WaitForError};
pub use gather::{
    gather, gather_all, gather_all_handles, gather_handles, try_gather,
    try_gather_handles,
};
pub use group::{ChildHandle, Group, GroupError, group, try_group};
pub use join::{Join, JoinAll, join, join_all};
pub use race::{Race, RaceAll, race, race_all};
pub use select::{Either, Select, SelectAll, select, select_all};
pub use shield::{shield, shield_handle};
pub use turns::Turns;
pub use wait::{Waited, When, try_wait, wait};
pub use wait_for::{wait_for, wait_for_handle};

/// What the macros expand to.
#[doc(hidden)]
pub mod macros {
    pub use crate::gather::{gather_tuple, try_gather_tuple};
    pub use crate::handles::{Gathered, Handles, TryGathered};
    pub use crate::watched::here;
    pub use task_cell::spawn;
}
