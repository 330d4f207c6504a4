//! The crates of *From Yield to Await*, and the catalogue of what is in them.
//!
//! # The chapters
//!
//! Each is a library that the later ones use as it stands, and a binary with its programs.
//!
//! | | crate | what it adds |
//! |---|---|---|
//! | 01 | [generators](../generators/index.html) | functions that stop half-way: a coroutine trait, state machines by hand, delegation |
//! | 02 | [event-loop](../event_loop/index.html) | a heap ordered by time, a clock, and the loop that resumes whoever is due |
//! | 03 | [polling](../polling/index.html) | futures: coroutines that are polled, by hand and by `async fn` |
//! | 04 | [wakers](../wakers/index.html) | sleeping until somebody calls: wakers, and the lost wake-up |
//! | 05 | [timers](../timers/index.html) | sleep, timeout and interval on chapter 2's heap; virtual time |
//! | 06 | [tasks](../tasks/index.html) | many futures at once: spawn, join, callbacks, one run queue |
//! | 07 | [readiness](../readiness/index.html) | waiting for sockets: a reactor on mio |
//! | 08 | [task-cell](../task_cell/index.html) | the task in one allocation: cancel, panics as values, who waits where |
//!
//! # The tools
//!
//! | crate | what it does |
//! |---|---|
//! | [trace](../trace/index.html) | `say!`, the hooks, and the recorder of what a run does |
//! | [timeline](../timeline/index.html) | what a trace means: its replay, and the pictures drawn from it |
//! | [chapter](../chapter/index.html) | what every chapter's `main` shares: its list of programs and their flags |
//! | catalogue | this crate |
//! | [ladder](../ladder/index.html) | what the checks of the ladders share: counting wakers, and failures with a name |
//! | [pages](../pages/index.html) | the book: its directives, and the rules of a page |
//! | [workbook](../workbook/index.html) | the reader's command line |
//!
//! # The catalogue
//!
//! What the workbook holds is read from its files: chapters, programs, holes, [ladders], snapshots ([`Workbook`]); what is planned,
//! from `book/plan.toml` ([`Plan`]). And [`build`](mod@build) has cargo build it.
//!
//! Nothing here compiles or links a chapter. The command line, the book and the tests all ask this catalogue, so
//! they agree, and they still work while a reader's chapter does not compile.
//!
//! ```no_run
//! let workbook = catalogue::Workbook::open(".")?;
//! for chapter in &workbook.chapters {
//!     println!("{:02} {}: {} programs", chapter.number, chapter.name, chapter.programs.len());
//! }
//! # Ok::<(), anyhow::Error>(())
//! ```
#![forbid(unsafe_code)]

pub mod build;
pub mod children;
pub mod holes;
pub mod ladders;
mod plan;
pub mod process;
pub mod python;
pub mod refused;
mod snapshot;
mod workbook;

pub use plan::{Article, Milestone, Plan, PlannedChapter, Row};
pub use snapshot::{Snapshot, snapshot_of};
pub use workbook::{Chapter, Kind, Program, Workbook};
