//! What replicas say to one another, and what a replica is told and does.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::desk::{Reply, Request};
use super::log::{Entry, Mark, Record};

/// What one replica says to another. Every message has the sender's term, so that whoever is behind learns of it.
///
/// ```
/// use simulation::dispatch::{Mark, Message};
///
/// let message = Message::Elect { term: 2, last: Mark::default() };
/// let line = serde_json::to_string(&message)?;
/// assert_eq!(serde_json::from_str::<Message>(&line)?, message);
/// # Ok::<(), serde_json::Error>(())
/// ```
// ANCHOR: message
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Message {
    /// "Vote for me": in which term, and what my last entry is.
    Elect {
        /// The candidate's.
        term: u64,
        /// Its last entry.
        last: Mark,
    },
    /// "You have my vote", or not.
    Vote {
        /// The voter's.
        term: u64,
        /// Whether it has.
        granted: bool,
    },
    /// "I lead."
    Append(Append),
    /// "My log is yours up to here", or "I do not have that place, try behind this
    /// one".
    Appended {
        /// The follower's.
        term: u64,
        /// Up to where, or behind which.
        matched: Result<u64, u64>,
        /// As in the message that this answers.
        sent: Duration,
    },
}
// ANCHOR_END: message

/// What a leader says; in a [`Message::Append`].
///
/// ```
/// use simulation::dispatch::{Append, Mark};
/// use std::time::Duration;
///
/// let (after, sent) = (Mark { term: 1, index: 4 }, Duration::ZERO);
/// let heartbeat = Append { term: 1, after, entries: Vec::new(), commit: 3, sent };
/// assert!(heartbeat.commit < heartbeat.after.index);
/// ```
// ANCHOR: lead
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Append {
    /// The leader's.
    pub term: u64,
    /// What stands before the entries.
    pub after: Mark,
    /// The entries, or none: then it only says that it leads.
    pub entries: Vec<Entry>,
    /// So many are committed.
    pub commit: u64,
    /// When it was sent, by the leader's clock.
    pub sent: Duration,
}
// ANCHOR_END: lead

impl Message {
    pub(super) fn term(&self) -> u64 {
        match self {
            Message::Elect { term, .. }
            | Message::Vote { term, .. }
            | Message::Append(Append { term, .. })
            | Message::Appended { term, .. } => *term,
        }
    }
}

/// What a client hears.
///
/// ```
/// use simulation::dispatch::{Answer, Reply};
///
/// let line = serde_json::to_string(&Answer::Done(Reply::Taxi(3)))?;
/// assert_eq!(line, r#"{"Done":{"Taxi":3}}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
// ANCHOR: answer
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// It is done, once and for good.
    Done(Reply),
    /// Ask another: that one, if it is known. Whether it is done, or will be, is not known.
    Elsewhere(Option<u32>),
}
// ANCHOR_END: answer

/// What happens to a replica. [`Replica`](super::Replica)'s example shows all three.
///
/// ```
/// use simulation::dispatch::Event;
///
/// assert_ne!(Event::Tick, Event::Heard(2, simulation::dispatch::Message::Vote { term: 1, granted: true }));
/// ```
// ANCHOR: event
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Time has passed.
    Tick,
    /// This replica has said that.
    Heard(u32, Message),
    /// A client wants something.
    Asked(Request),
}
// ANCHOR_END: event

/// What a replica wants to be done. The order counts: nothing is said before what stands before it is on the disk.
///
/// ```
/// use simulation::dispatch::{Action, Answer};
///
/// let action = Action::Answer { client: 7, number: 1, answer: Answer::Elsewhere(None) };
/// assert!(matches!(action, Action::Answer { client: 7, .. }));
/// ```
// ANCHOR: action
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Write this to the disk, and wait until it is there.
    Save(Vec<Record>),
    /// Say that to this replica. It may be lost.
    Send(u32, Message),
    /// Tell the client. It may be lost.
    Answer {
        /// Which client.
        client: u64,
        /// Which of its wishes this is about.
        number: u64,
        /// What it hears.
        answer: Answer,
    },
}
// ANCHOR_END: action
