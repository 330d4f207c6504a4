//! Letters and replicas in words, for a trace.

use std::fmt;

use super::message::{Answer, Append, Message};
use super::server::{Letter, host};

impl Letter {
    /// Tells the trace what is sent next.
    pub(super) fn tell(&self) {
        if self.is_heartbeat() {
            trace::heartbeat(format_args!("{self}"));
        } else {
            trace::about(format_args!("{self}"));
        }
    }

    /// Whether it is sent again and again, though nothing has changed.
    fn is_heartbeat(&self) -> bool {
        match self {
            Letter::Said { message, .. } => match message {
                Message::Append(_) | Message::Appended { .. } => true,
                Message::Elect { .. } | Message::Vote { .. } => false,
            },
            Letter::Asked(_) | Letter::Answered { .. } => false,
        }
    }
}

impl fmt::Display for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Letter::Said { message, .. } => write!(f, "{message}"),
            Letter::Asked(request) => write!(f, "{}", request.op),
            Letter::Answered { answer, .. } => match answer {
                Answer::Done(reply) => write!(f, "{reply}"),
                Answer::Elsewhere(Some(leader)) => write!(f, "ask {}", host(*leader)),
                Answer::Elsewhere(None) => write!(f, "ask another"),
            },
        }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Message::Elect { term, last } => {
                let (index, of) = (last.index, last.term);
                write!(f, "elect me in term {term}: I have {index}, of term {of}")
            }
            Message::Vote { term, granted } => {
                let vote = if *granted { "yes" } else { "no" };
                write!(f, "{vote}, term {term}")
            }
            Message::Append(append) => write!(f, "{append}"),
            Message::Appended { term, matched, .. } => match matched {
                Ok(index) => write!(f, "I have {index}, term {term}"),
                Err(index) => write!(f, "not that: try behind {index}, term {term}"),
            },
        }
    }
}

impl fmt::Display for Append {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (term, first) = (self.term, self.after.index + 1);
        match self.entries.len() {
            0 => write!(f, "I lead, term {term}"),
            1 => write!(f, "entry {first}, term {term}"),
            more => {
                let last = self.after.index + more as u64;
                write!(f, "entries {first} to {last}, term {term}")
            }
        }
    }
}
