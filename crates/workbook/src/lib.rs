//! What the workbook holds, read from its files: chapters, programs, holes, snapshots.
//!
//! Nothing here compiles or links a chapter. The command line, the book and the tests all ask this catalogue, so
//! they agree, and they still work while a reader's chapter does not compile.
#![forbid(unsafe_code)]

mod catalogue;
pub mod holes;
mod plan;
pub mod refused;
mod snapshot;

pub use catalogue::{Chapter, Kind, Program, Workbook};
pub use plan::{Article, Milestone, Plan, PlannedChapter, Row};
pub use snapshot::{Snapshot, snapshot_of};
