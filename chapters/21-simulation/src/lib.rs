//! A whole distributed program in one process, on one virtual clock, from one seed.
//!
//! A program that talks to others over a network fails when the network does, and the network fails when it likes: once
//! in a month, at night, in an order that nobody sees again. Here it fails when a random number says so, and the same
//! seed says the same.
//!
//! - [`World`] is what a program takes from outside: network, clock, disk, chance;
//! - [`Real`] is the world itself;
//! - a [`Simulation`] has many hosts, the [`Link`]s between them, and [`Fault`]s;
//! - a [`Sweep`] tries many seeds, in processes side by side, and [`shrink()`] finds the fewest faults with which one of them
//!   still fails.
//!
//! ```
//! use simulation::{Fault, Planned, Simulation, World};
//! use std::time::Duration;
//! use taxi::Time;
//!
//! let mut simulation = Simulation::new(7);
//! simulation.host("garage", async |world| {
//!     let _listener = world.bind(80).await?;
//!     std::future::pending().await
//! });
//! simulation.client("office", async |world| {
//!     // Not heard at first: it calls again, after one second, and after two more.
//!     let _stream = world.connect("garage", 80).await?;
//!     assert_eq!(world.now().as_nanos(), 3_002_000_000);
//!     Ok(())
//! });
//! let fault = Fault::Crash("garage".into());
//! simulation.plan(&[Planned { at: Time::ZERO, lasts: Duration::from_secs(2), fault }]);
//! simulation.run()?;
//! # Ok::<(), simulation::Failure>(())
//! ```
#![forbid(unsafe_code)]

mod clock;
mod control;
mod datagram;
mod disk;
#[cfg(feature = "programs")]
pub mod dispatch;
mod event;
mod failure;
mod fault;
mod host;
mod link;
mod links;
mod listener;
mod network;
mod real;
mod shrink;
mod simulated;
mod simulation;
mod stream;
mod sweep;
mod world;

pub use control::Control;
pub use datagram::SimulatedDatagrams;
pub use event::{Carries, Event, What};
pub use failure::{Failure, Outcome};
pub use fault::{Fault, Planned, faults};
pub use link::Link;
pub use listener::SimulatedListener;
pub use real::{Real, RealDatagrams};
pub use shrink::shrink;
pub use simulated::Simulated;
pub use simulation::Simulation;
pub use stream::{SimulatedReads, SimulatedStream, SimulatedWrites};
pub use sweep::{Sweep, Swept, try_seeds};
pub use world::{Datagrams, Listener, Stream, World};
