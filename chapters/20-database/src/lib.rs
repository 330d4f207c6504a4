//! A database on `taxi`: SQLite on threads of its own, PostgreSQL over its sockets.
//!
//! A database has what a loop must be careful with: it blocks, it has few connections, and what was begun must be ended.
//!
//! - [`Database`] is a file, by SQLite. It blocks, so each of its connections has a thread; a query that is dropped
//!   stops; [`Rows`] are found as they are asked for;
//! - [`Postgres`] is a pool of connections to a server, and a [`Client`] one of them; a query that is dropped is
//!   cancelled at the server;
//! - a [`Transaction`], and a [`PgTransaction`], is a scope: it commits, or is rolled back, however its body ends.
//! - a [`Frontier`] is the list of a crawl, kept by a server, for crawlers on any number of machines.
//!
//! ```
//! use database::{Database, Error};
//!
//! taxi::run(async {
//!     let database = Database::in_memory().open().await?;
//!     database.batch("CREATE TABLE rides (place TEXT)").await?;
//!     database.transaction(async |day| {
//!         day.execute("INSERT INTO rides VALUES (?1)", ("the station",)).await
//!     }).await?;
//!     assert_eq!(database.query::<(i64,)>("SELECT count(*) FROM rides", ()).await?, [(1,)]);
//!     Ok::<(), Error>(())
//! })??;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod errands;
mod error;
#[cfg(feature = "programs")]
mod folder;
mod frontier;
mod postgres;
mod shelf;
mod sqlite;

pub use error::Error;
#[cfg(feature = "programs")]
pub use folder::in_a_folder;
pub use frontier::{Frontier, Page, Progress};
pub use postgres::{Client, PgRows, PgTransaction, Postgres, PostgresBuilder};
#[cfg(all(unix, feature = "programs"))]
pub use postgres::{Private, on_a_server};
pub use sqlite::{Database, Open, Record, Rows, Transaction, values};
