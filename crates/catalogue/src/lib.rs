//! The catalogue of what is in the workbook.
//!
//! What the workbook holds is read from its files: chapters, programs, holes, [ladders], snapshots ([`Workbook`]);
//! what is planned, from `book/plan.toml` ([`Plan`]); what the benchmarks found, from the files they write
//! ([`measured`]). And [`build`](mod@build) has cargo build it.
//!
//! Nothing here compiles or links a chapter. The command line, the book and the tests all ask this catalogue, so
//! they agree, and they still work while a reader's chapter does not compile.
//!
//! ```
//! // From this crate's folder.
//! let workbook = catalogue::Workbook::open("../..")?;
//! for chapter in &workbook.chapters {
//!     println!("{:02} {}: {} programs", chapter.number, chapter.name, chapter.programs.len());
//! }
//! assert_eq!(workbook.chapter(2).unwrap().name, "event-loop");
//! # Ok::<(), anyhow::Error>(())
//! ```
#![forbid(unsafe_code)]

pub mod build;
pub mod children;
pub mod holes;
pub mod ladders;
pub mod measured;
mod plan;
pub mod process;
pub mod python;
pub mod refused;
mod snapshot;
mod workbook;

pub use chapter::System;
pub use plan::{Article, Milestone, Plan, PlannedChapter, Row};
pub use snapshot::{Snapshot, snapshot_of};
pub use workbook::{Chapter, FIRST_USER, Kind, Program, TAXI, Workbook};
