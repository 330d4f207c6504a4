//! A program worth simulating: the taxi company's dispatch, on several machines of which any may fail.
//!
//! Which taxi is whose must not be lost with one machine, so several replicas keep it. They agree on one log of requests by
//! the rules of Raft; each does what the log says, in its order, so all have the same desk. A client asks whoever leads,
//! and asks again, with the same number, until it is answered.
//!
//! - a [`Desk`] is what one machine would do: [`Op`] in, [`Reply`] out;
//! - a [`Replica`] is the rules, and nothing else: an [`Event`] in, [`Action`]s out;
//! - [`serve`] runs one on a host, of whatever [`World`](crate::World), and a [`Client`] asks it;
//! - [`check()`] looks at a history of [`Call`]s, and says whether one desk could have answered so;
//! - a [`Night`] is all of that in a simulation, with faults.

mod check;
mod client;
mod desk;
mod journal;
mod log;
mod message;
mod night;
mod replica;
mod server;
mod told;

pub use check::{Call, Model, Verdict, check};
pub use client::Client;
pub use desk::{Desk, Op, Reply, Request};
pub use log::{Entry, Mark, Record, Saved};
pub use message::{Action, Answer, Append, Event, Message};
pub use night::{History, Morning, Night};
pub use replica::{Ahead, Commit, Reads, Replica, Settings};
pub use server::{PORT, host, serve};
