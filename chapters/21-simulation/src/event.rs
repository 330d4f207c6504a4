//! What has happened on the network, in the order in which it happened.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use taxi::Time;

use crate::fault::Fault;

/// Something that has happened.
///
/// ```
/// use simulation::{Event, What};
/// use taxi::Time;
///
/// let event = Event { at: Time::from_secs(2), what: What::Started { host: "a".into() } };
/// assert_eq!(event.to_string(), "  2.000000 s  a starts");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Event {
    /// When, by the simulation's clock.
    pub at: Time,
    /// What.
    pub what: What,
}

/// What an [`Event`] tells. Packets are numbered as they are sent.
///
/// ```
/// let lost = simulation::What::Lost { packet: 7 };
/// assert_eq!(lost.to_string(), "#7 is lost");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum What {
    /// A packet leaves a host.
    Sent {
        /// Its number.
        packet: u64,
        /// Who sends it.
        from: Rc<str>,
        /// To whom.
        to: Rc<str>,
        /// What it carries.
        carries: Carries,
    },
    /// It arrives.
    Arrived {
        /// Which.
        packet: u64,
    },
    /// It never will.
    Lost {
        /// Which.
        packet: u64,
    },
    /// A host's program starts.
    Started {
        /// Whose.
        host: Rc<str>,
    },
    /// A host's program has ended.
    Ended {
        /// Whose.
        host: Rc<str>,
    },
    /// A fault begins.
    Began(Fault),
    /// It is over.
    Over(Fault),
}

/// What a packet carries.
///
/// ```
/// assert_eq!(simulation::Carries::Data(3).to_string(), "3 bytes");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Carries {
    /// A wish for a stream.
    Call,
    /// Its answer.
    Answer,
    /// So many bytes of a stream.
    Data(usize),
    /// The end of one direction of a stream.
    End,
    /// The end of a stream, at once.
    Reset,
    /// There is room again for so many bytes.
    Room(usize),
    /// A datagram of so many bytes.
    Datagram(usize),
}

impl fmt::Display for Carries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Carries::Call => f.write_str("a call"),
            Carries::Answer => f.write_str("an answer"),
            Carries::Data(1) => f.write_str("1 byte"),
            Carries::Data(bytes) => write!(f, "{bytes} bytes"),
            Carries::End => f.write_str("the end"),
            Carries::Reset => f.write_str("a reset"),
            Carries::Room(bytes) => write!(f, "room for {bytes} bytes"),
            Carries::Datagram(bytes) => write!(f, "a datagram, {bytes} bytes"),
        }
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            What::Sent {
                packet,
                from,
                to,
                carries,
            } => write!(f, "{from} -> {to}  #{packet}: {carries}"),
            What::Arrived { packet } => write!(f, "#{packet} arrives"),
            What::Lost { packet } => write!(f, "#{packet} is lost"),
            What::Started { host } => write!(f, "{host} starts"),
            What::Ended { host } => write!(f, "{host} has ended"),
            What::Began(fault) => write!(f, "{fault}"),
            What::Over(fault) => write!(f, "over: {fault}"),
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at.as_nanos() as f64 / 1e9;
        write!(f, "{at:10.6} s  {}", self.what)
    }
}

/// All that has happened: as a number, and, if somebody wants it, as a list.
#[derive(Debug, Default)]
pub(crate) struct Log {
    print: Fnv,
    pub(crate) kept: Option<Vec<Event>>,
}

impl Log {
    pub(crate) fn add(&mut self, at: Time, what: What) {
        let event = Event { at, what };
        event.hash(&mut self.print);
        if let Some(kept) = &mut self.kept {
            kept.push(event);
        }
    }

    pub(crate) fn fingerprint(&self) -> u64 {
        self.print.finish()
    }
}

/// A hash that is the same in every process, as std's need not be: Fowler, Noll and Vo's, of 64 bits.
#[derive(Debug)]
pub(crate) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The beginning of a sequence of random numbers of its own, for each purpose: what one draws changes nothing for others.
pub(crate) fn seed_for(seed: u64, purpose: &[&str]) -> u64 {
    let mut hash = Fnv::default();
    (seed, purpose).hash(&mut hash);
    hash.finish()
}
