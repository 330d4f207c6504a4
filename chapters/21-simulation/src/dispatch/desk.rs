//! What the company promises, for one who does one thing after another: the taxis, and who has which.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::check::Model;

/// What is asked of the desk.
///
/// ```
/// use simulation::dispatch::{Desk, Model, Op, Reply};
///
/// let mut desk = Desk::new(1);
/// assert_eq!(desk.apply(&Op::order("Ann")), Reply::Taxi(1));
/// assert_eq!(desk.apply(&Op::order("Ben")), Reply::NoneFree);
/// assert_eq!(desk.apply(&Op::Release { taxi: 1, customer: "Ben".into() }), Reply::NotTheirs);
/// assert_eq!(desk.apply(&Op::Ask), Reply::Taken(vec![(1, "Ann".into())]));
/// ```
// ANCHOR: op
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Op {
    /// A taxi for this customer: the free one with the lowest number.
    Order {
        /// Who is to have it.
        customer: String,
    },
    /// The customer is there, and this taxi is free again.
    Release {
        /// Which taxi.
        taxi: u32,
        /// Who has it.
        customer: String,
    },
    /// Who has which?
    Ask,
}
// ANCHOR_END: op

impl Op {
    /// [`Op::Order`] for `customer`.
    pub fn order(customer: &str) -> Op {
        Op::Order {
            customer: customer.to_string(),
        }
    }
}

/// What the desk answers to an [`Op`], whose example shows four of the five.
///
/// ```
/// use simulation::dispatch::{Desk, Model, Op, Reply};
///
/// let mut desk = Desk::new(2);
/// desk.apply(&Op::order("Ann"));
/// assert_eq!(desk.apply(&Op::Release { taxi: 1, customer: "Ann".into() }), Reply::Released);
/// ```
// ANCHOR: reply
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Reply {
    /// This taxi is theirs.
    Taxi(u32),
    /// There is none.
    NoneFree,
    /// The taxi is free.
    Released,
    /// They do not have it, so nothing has changed.
    NotTheirs,
    /// The taxis that are taken, in the order of their numbers, and by whom.
    Taken(Vec<(u32, String)>),
}
// ANCHOR_END: reply

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Order { customer } => write!(f, "a taxi for {customer}"),
            Op::Release { taxi, customer } => write!(f, "{customer} leaves taxi {taxi}"),
            Op::Ask => write!(f, "who has which?"),
        }
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reply::Taxi(taxi) => write!(f, "taxi {taxi}"),
            Reply::NoneFree => write!(f, "none is free"),
            Reply::Released => write!(f, "it is free"),
            Reply::NotTheirs => write!(f, "it is not theirs"),
            Reply::Taken(taken) if taken.is_empty() => write!(f, "all are free"),
            Reply::Taken(taken) => {
                let taken = taken.iter().map(|(taxi, who)| format!("{taxi} {who}"));
                write!(f, "{}", taken.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// All taxis of the company. Their numbers begin with 1.
///
/// ```
/// use simulation::dispatch::{Desk, Model, Op, Reply};
///
/// assert_eq!(Desk::new(5).apply(&Op::order("Ann")), Reply::Taxi(1));
/// assert_eq!(Desk::new(0).apply(&Op::order("Ann")), Reply::NoneFree);
/// ```
// ANCHOR: desk
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Desk {
    taxis: u32,
    taken: BTreeMap<u32, String>,
}

impl Model for Desk {
    type Op = Op;
    type Reply = Reply;

    fn apply(&mut self, op: &Op) -> Reply {
        match op {
            Op::Order { customer } => {
                let free = (1..=self.taxis).find(|it| !self.taken.contains_key(it));
                let Some(taxi) = free else {
                    return Reply::NoneFree;
                };
                self.taken.insert(taxi, customer.clone());
                Reply::Taxi(taxi)
            }
            Op::Release { taxi, customer } if self.taken.get(taxi) == Some(customer) => {
                self.taken.remove(taxi);
                Reply::Released
            }
            Op::Release { .. } => Reply::NotTheirs,
            Op::Ask => Reply::Taken(self.taken.clone().into_iter().collect()),
        }
    }
}
// ANCHOR_END: desk

impl Desk {
    /// A company with so many taxis, all of them free.
    pub fn new(taxis: u32) -> Desk {
        Desk {
            taxis,
            taken: BTreeMap::new(),
        }
    }
}

/// What a client sends: what it wants, who it is, and the how manieth of its wishes this is. The number stays the same when
/// it is sent again, which is how the desk knows that it is no second wish.
///
/// ```
/// use simulation::dispatch::{Op, Request};
///
/// let first = Request { client: 7, number: 1, op: Op::Ask };
/// let again = first.clone();
/// assert_eq!((again.client, again.number), (first.client, first.number));
/// ```
// ANCHOR: request
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Who asks. No two clients have the same number.
    pub client: u64,
    /// Of this client's wishes, which one: 1, 2, 3 …
    pub number: u64,
    /// What it wants.
    pub op: Op,
}
// ANCHOR_END: request

/// The desk, and what each client was answered last.
// ANCHOR: sessions
#[derive(Debug, Clone)]
pub(super) struct Sessions {
    desk: Desk,
    last: BTreeMap<u64, (u64, Reply)>,
}
// ANCHOR_END: sessions

impl Sessions {
    pub(super) fn new(desk: Desk) -> Sessions {
        Sessions {
            desk,
            last: BTreeMap::new(),
        }
    }

    /// What this request was answered, if that has been decided.
    pub(super) fn answered(&self, request: &Request) -> Option<&Reply> {
        let (number, reply) = self.last.get(&request.client)?;
        (*number == request.number).then_some(reply)
    }

    // ANCHOR: once
    /// Does what is wanted, once: a request that has been here is answered as it was
    /// then.
    ///
    /// A client has one wish at a time. So one that is older than its last was given
    /// up, and nobody waits for the answer.
    pub(super) fn apply(&mut self, request: &Request) -> Option<Reply> {
        // hole: once — a request that was answered is answered the same again; one before that, not at all
        // tried by: lost-answer
        // also: dispatch
        if let Some((number, reply)) = self.last.get(&request.client)
            && *number >= request.number
        {
            return (*number == request.number).then(|| reply.clone());
        }
        let reply = self.desk.apply(&request.op);
        let answered = (request.number, reply.clone());
        self.last.insert(request.client, answered);
        Some(reply)
        // end hole
    }
    // ANCHOR_END: once

    /// What the desk says without being asked through the log: see [`Reads::Lease`](super::Reads::Lease).
    pub(super) fn peek(&self) -> Reply {
        self.desk.clone().apply(&Op::Ask)
    }
}
