//! What the workbook holds, read from its files: chapters, programs, holes, snapshots.
//!
//! Nothing here compiles or links a chapter. The command line, the book and the tests all ask this catalogue, so
//! they agree, and they still work while a reader's chapter does not compile.
#![forbid(unsafe_code)]

pub mod build;
pub mod holes;
mod plan;
pub mod refused;
mod snapshot;
mod workbook;

pub use plan::{Article, Milestone, Plan, PlannedChapter, Row};
pub use snapshot::{Snapshot, snapshot_of};
pub use workbook::{Chapter, Kind, Program, Workbook};
