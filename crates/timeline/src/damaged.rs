//! What is wrong with a trace that cannot be shown.

use std::fmt;

use crate::VERSION;

/// Why a text is no trace that can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damaged {
    /// It is no JSON, or not of the schema: what serde says.
    NotATrace(String),
    /// It was written by a newer program: its version.
    Newer(u32),
    /// An event cannot follow those before it: its step, and why.
    Impossible {
        /// The event's index.
        step: usize,
        /// What is wrong with it.
        why: String,
    },
}

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Damaged::NotATrace(why) => write!(f, "this is no trace: {why}"),
            Damaged::Newer(version) => write!(
                f,
                "this trace has version {version}, and this workbook reads versions up to \
                 {VERSION}: update the workbook, or record the run anew"
            ),
            Damaged::Impossible { step, why } => {
                write!(f, "this trace is damaged at step {step}: {why}")
            }
        }
    }
}

impl std::error::Error for Damaged {}
