//! A crawler, and a link checker, on `taxi`: it reads a page, follows its links, and says which lead nowhere.
//!
//! The web is not made for crawlers: pages link in circles, servers fall asleep, break off, redirect for ever, or are
//! overwhelmed. A crawler is mostly about what to do then, and about being no burden.
//!
//! - A [`Frontier`] knows what is to be visited, once each, and when each server may be asked;
//! - a [`Fetcher`] asks, within [`Limits`], and says what is the [`Problem`] if there is one;
//! - [`links()`] finds what a page refers to; [`Robots`] is what a site asks of a crawler; [`Backoff`] says how long to
//!   wait before another attempt;
//! - a [`Crawl`] is all of that together, by so many tasks; its [`Report`] names the links that are broken.
//!
//! ```
//! use crawler::site::Site;
//! use crawler::{Crawl, Settings};
//! use std::rc::Rc;
//! use std::time::Duration;
//!
//! taxi::test::run(async {
//!     let site = Site::pages(Duration::ZERO, &[("/", "<a href='/map'>map</a> <a href='/fares'>fares</a>"), ("/map", "")])?;
//!     let crawl = Rc::new(Crawl::new(&site.url("/"), Settings::default())?);
//!     crawl.run().await;
//!     let broken = crawl.report().broken();
//!     assert_eq!(broken.len(), 1);
//!     assert!(broken[0].link.ends_with("/fares"));
//!     assert_eq!(broken[0].problem.to_string(), "404 Not Found");
//!     Ok::<(), Box<dyn std::error::Error>>(())
//! })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod address;
mod backoff;
mod crawl;
mod fetch;
mod frontier;
mod links;
mod problem;
mod report;
mod robots;
#[cfg(feature = "programs")]
pub mod site;

pub use address::normal;
pub use backoff::Backoff;
pub use crawl::{Crawl, Settings};
pub use fetch::{Answer, Body, Failed, Fetcher, Limits};
pub use frontier::{Added, Bounds, Frontier, Visit};
pub use links::{Found, Link, links};
pub use problem::Problem;
pub use report::{Broken, Outcome, Page, Report};
pub use robots::Robots;
