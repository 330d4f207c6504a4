//! A load tester on `taxi`: how long do answers take, when many ask at the same time?
//!
//! The obvious one starts a clock, sends, waits for the answer and looks at the clock, with as many tasks as there are to be
//! clients. It measures the wrong thing as soon as the server is in trouble. While the server stalls, its clients wait,
//! and a client that waits sends nothing; so the stall is measured once for each client, though everybody who would have
//! come meanwhile would have waited, too. So a [`Plan`] may have a rate: then each request has a moment at which it is
//! *due*, and its latency counts from there.
//!
//! A [`Load`] carries out a plan. What is measured is a [`Tally`], and is told as a [`Report`]: a text, an SVG, or JSON.
//! [`Http`] is what a client sends to a web server.
//!
//! ```
//! use std::time::Duration;
//! use load_test::{Answer, Load, Plan};
//! use taxi::time::sleep;
//!
//! taxi::test::run(async {
//!     let mut plan = Plan::new(4);
//!     plan.requests = Some(20);
//!     let load = Load::new(plan);
//!     let report = load.run(async |_client, _number| {
//!         sleep(Duration::from_millis(50)).await; // what the server needs
//!         Ok(Answer { status: 200, sent: 0, received: 1000 })
//!     });
//!     let report = report.await;
//!     assert_eq!(report.tally.answered(), 20);
//!     assert_eq!(report.tally.since_due.max(), Duration::from_millis(50));
//!     assert_eq!(report.per_second(), 80.0);
//! });
//! ```
#![forbid(unsafe_code)]

mod figures;
mod http;
mod latencies;
mod load;
mod plan;
mod report;
#[cfg(feature = "programs")]
mod story;
mod svg;
mod tally;
#[cfg(feature = "programs")]
mod tool;

pub use figures::{figures, short};
pub use http::{BadTarget, Http};
pub use latencies::{Bar, Latencies};
pub use load::Load;
pub use plan::Plan;
pub use report::Report;
#[cfg(feature = "programs")]
pub use story::on_clock;
pub use tally::{Answer, Failure, Tally};
#[cfg(feature = "programs")]
pub use tool::TOOL;
