//! Reads the trace of a run: the document, its replay, and the pictures drawn from it.
//!
//! A chapter's program, built with the feature `record` of the crate `trace`, writes down what its loop does: one
//! [`Trace`], a JSON document of [`Event`]s. Everything that is shown of the run is made from that document and from
//! nothing else, so that no picture can differ from what the code did.
//!
//! ```
//! use timeline::{Replay, Trace};
//!
//! let json = r#"{"format": "from-yield-to-await trace", "version": 1, "chapter": "ch06-tasks",
//!     "program": "taxi", "args": [], "places": [], "sources": [], "left_out": 0, "events": [
//!     {"at": 0, "kind": "spawned", "task": 1, "name": "taxi A", "place": null, "says": ""}]}"#;
//! let trace = Trace::parse(json)?;
//! let mut replay = Replay::new(&trace);
//! for event in &trace.events {
//!     replay.apply(event)?;
//! }
//! assert_eq!(replay.state().tasks()[0].name, "taxi A");
//! # Ok::<(), timeline::Damaged>(())
//! ```
#![forbid(unsafe_code)]

mod alt;
mod apply;
mod builder;
mod chart;
mod chrome;
mod chrome_entry;
mod damaged;
mod doc;
mod hook;
mod json;
mod layout;
mod mail;
mod marks;
mod missing;
mod network;
mod network_svg;
mod network_text;
mod play;
mod replay;
mod says;
mod sources;
mod state;
mod svg;
mod svg_band;
mod svg_legend;
mod table;
mod text;

pub use damaged::Damaged;
pub use doc::{
    By, ClockKind, Event, FORMAT, Mail, Outcome, Place, Source, Trace, VERSION, Way, What,
};
pub use hook::is_hook;
pub use network::{Host, Message, Network};
pub use replay::Replay;
pub use says::Teller;
pub use state::{End, Letter, Phase, Runnable, Socket, State, Task, Timer, TimerState};
pub use svg::SvgOptions;
pub use table::Row;
pub use text::TextOptions;
