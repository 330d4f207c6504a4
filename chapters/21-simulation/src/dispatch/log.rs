//! What a replica must not forget: its term, its vote, and its log.

use serde::{Deserialize, Serialize};

use super::desk::Request;

/// One line of the log: a request, and the term of the leader that took it.
///
/// ```
/// use simulation::dispatch::{Entry, Op, Request};
///
/// let entry = Entry { term: 3, request: Request { client: 1, number: 1, op: Op::Ask } };
/// assert_eq!(serde_json::to_string(&entry)?, r#"{"term":3,"request":{"client":1,"number":1,"op":"Ask"}}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// In which term it was taken.
    pub term: u64,
    /// What is wanted.
    pub request: Request,
}

/// Where an entry stands, and of which term it is. Two logs that have the same mark are the same up to there.
///
/// ```
/// use simulation::dispatch::Mark;
///
/// // Whose last entry is of a later term is ahead, however long the other is.
/// assert!(Mark { term: 3, index: 4 } > Mark { term: 2, index: 9 });
/// assert!(Mark { term: 3, index: 5 } > Mark { term: 3, index: 4 });
/// ```
// ANCHOR: mark
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
pub struct Mark {
    /// The entry's term; 0 before the first.
    pub term: u64,
    /// Its place, from 1; 0 is before the first.
    pub index: u64,
}
// ANCHOR_END: mark

/// What is written to the disk: a change of what a replica must not forget.
///
/// ```
/// use simulation::dispatch::{Entry, Op, Record, Request, Saved};
///
/// let entry = |term| Entry { term, request: Request { client: 1, number: term, op: Op::Ask } };
/// let mut saved = Saved::default();
/// saved.keep(Record::Term { term: 2, vote: Some(1) });
/// saved.keep(Record::Entry { index: 1, entry: entry(1) });
/// saved.keep(Record::Entry { index: 2, entry: entry(1) });
/// // Another leader had something else there.
/// saved.keep(Record::Entry { index: 1, entry: entry(2) });
/// assert_eq!((saved.term(), saved.last().index, saved.last().term), (2, 1, 2));
/// ```
// ANCHOR: record
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Record {
    /// It is in this term, and has voted for that replica.
    Term {
        /// The term.
        term: u64,
        /// For whom, if it has voted in it.
        vote: Option<u32>,
    },
    /// This entry stands there, and nothing stands behind it.
    Entry {
        /// Where.
        index: u64,
        /// What.
        entry: Entry,
    },
}
// ANCHOR_END: record

/// All that a replica must not forget, as its disk has it. [`Record`]'s example shows how it comes to be.
///
/// ```
/// use simulation::dispatch::Saved;
///
/// assert_eq!((Saved::default().term(), Saved::default().last().index), (0, 0));
/// ```
// ANCHOR: saved
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Saved {
    term: u64,
    vote: Option<u32>,
    log: Vec<Entry>,
}
// ANCHOR_END: saved

impl Saved {
    // ANCHOR: keep
    /// Takes one record over. One that would leave a gap in the log is none of ours, and is left out.
    pub fn keep(&mut self, record: Record) {
        match record {
            Record::Term { term, vote } => (self.term, self.vote) = (term, vote),
            Record::Entry { index, entry } => {
                let before = usize::try_from(index).unwrap_or(0).wrapping_sub(1);
                if before <= self.log.len() {
                    self.log.truncate(before);
                    self.log.push(entry);
                }
            }
        }
    }
    // ANCHOR_END: keep

    /// The term in which it is.
    pub fn term(&self) -> u64 {
        self.term
    }

    /// For whom it has voted in this term.
    pub(super) fn vote(&self) -> Option<u32> {
        self.vote
    }

    /// The whole log.
    pub fn entries(&self) -> &[Entry] {
        &self.log
    }

    /// The mark of its last entry.
    pub fn last(&self) -> Mark {
        self.mark(self.log.len() as u64).unwrap_or_default()
    }

    /// The entry that stands there.
    pub(super) fn entry(&self, index: u64) -> Option<&Entry> {
        let index = usize::try_from(index).ok()?.checked_sub(1)?;
        self.log.get(index)
    }

    /// The mark of that place; there is one before the first entry, but none behind the last.
    pub(super) fn mark(&self, index: u64) -> Option<Mark> {
        if index == 0 {
            return Some(Mark::default());
        }
        let term = self.entry(index)?.term;
        Some(Mark { term, index })
    }

    /// The entries behind `index`, but not more than `most`.
    pub(super) fn behind(&self, index: u64, most: usize) -> Vec<Entry> {
        let from = usize::try_from(index).unwrap_or(usize::MAX);
        self.log.iter().skip(from).take(most).cloned().collect()
    }
}
