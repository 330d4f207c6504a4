//! One of the replicas: what it does when something happens. It does no I/O, has no clock and waits for nothing.
//!
//! The rules are those of Raft (Diego Ongaro and John Ousterhout, *In Search of an Understandable Consensus Algorithm*,
//! USENIX ATC 2014): the numbers in the comments are the sections of its extended version.

mod append;
mod elect;
mod told;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::time::Duration;

use fastrand::Rng;

use super::desk::{Desk, Op, Request, Sessions};
use super::log::{Record, Saved};
use super::message::{Action, Answer, Event, Message};

/// When an entry is committed.
///
/// ```
/// use simulation::dispatch::{Commit, Settings};
///
/// assert_eq!(Settings::default().commit, Commit::OwnTerm);
/// ```
// ANCHOR: commit
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Commit {
    /// When a majority has it, and it is of the leader's own term; and with it, all before it (§5.4.2).
    #[default]
    OwnTerm,
    /// When a majority has it, of whatever term it is. This is wrong.
    Counted,
}
// ANCHOR_END: commit

/// Whose log is ahead: a replica votes for nobody whose log is behind its own.
///
/// ```
/// use simulation::dispatch::{Ahead, Settings};
///
/// assert_eq!(Settings::default().ahead, Ahead::LastTerm);
/// ```
// ANCHOR: ahead
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ahead {
    /// Whose last entry is of a later term; of the same term, whose log is longer
    /// (§5.4.1).
    #[default]
    LastTerm,
    /// Whose log is longer. This is the planted bug.
    Length,
}
// ANCHOR_END: ahead

/// How a leader answers who only asks.
///
/// ```
/// use simulation::dispatch::{Reads, Settings};
///
/// assert_eq!(Settings::default().reads, Reads::Log);
/// ```
// ANCHOR: reads
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reads {
    /// Through the log, like everything.
    #[default]
    Log,
    /// At once, while it holds a lease: a majority has heard from it, and votes for nobody for a while. That is true as long
    /// as all clocks run equally fast.
    Lease,
}
// ANCHOR_END: reads

/// What all replicas agree on.
///
/// ```
/// use simulation::dispatch::Settings;
///
/// let settings = Settings::default();
/// assert!(settings.heartbeat * 2 < settings.patience.start);
/// ```
// ANCHOR: settings
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How many replicas there are, named 1, 2, 3 …
    pub replicas: u32,
    /// How many taxis the company has, 30 at most.
    pub taxis: u32,
    /// How often a leader lets the others hear of it.
    pub heartbeat: Duration,
    /// How long a replica waits for that before it wants to lead; chance picks, so that two seldom want to at once.
    pub patience: Range<Duration>,
    /// How many entries a message has at most.
    pub batch: usize,
    /// Whose log is ahead.
    pub ahead: Ahead,
    /// When an entry is committed.
    pub commit: Commit,
    /// How questions are answered.
    pub reads: Reads,
}
// ANCHOR_END: settings

impl Default for Settings {
    /// Three replicas, five taxis, and the paper's times: a heartbeat every 50 ms, patience of 150 to 300 ms.
    fn default() -> Settings {
        Settings {
            replicas: 3,
            taxis: 5,
            heartbeat: Duration::from_millis(50),
            patience: Duration::from_millis(150)..Duration::from_millis(300),
            batch: 8,
            ahead: Ahead::LastTerm,
            commit: Commit::OwnTerm,
            reads: Reads::Log,
        }
    }
}

/// What a leader knows of another replica.
// ANCHOR: peer
#[derive(Debug, Clone)]
struct Peer {
    /// Up to here its log is the leader's.
    matched: u64,
    /// What it is sent next is behind this one.
    sent_from: u64,
    /// Whether it has been sent something that it has not answered: then new entries
    /// wait for that, or for the heartbeat.
    busy: bool,
    /// When the leader had sent the latest message that it has answered.
    heard: Option<Duration>,
}
// ANCHOR_END: peer

// ANCHOR: role
#[derive(Debug, Clone)]
enum Role {
    /// Does what the leader says, if it knows one.
    Follower { leader: Option<u32> },
    /// Wants to lead, and has these votes.
    Candidate { votes: BTreeSet<u32> },
    /// Leads. `waiting` has who is to be answered when the entry at that place is done.
    Leader {
        peers: BTreeMap<u32, Peer>,
        waiting: BTreeMap<u64, (u64, u64)>,
    },
}
// ANCHOR_END: role

/// A replica: what happens goes in, what is to be done comes out.
///
/// ```
/// use simulation::dispatch::{Action, Answer, Event, Op, Replica, Reply, Request, Saved, Settings};
/// use std::time::Duration;
///
/// // One that is alone agrees with itself.
/// let alone = Settings { replicas: 1, ..Settings::default() };
/// let mut replica = Replica::new(1, alone, Saved::default(), Duration::ZERO, 7);
/// let later = replica.due();
/// let actions = replica.on(later, Event::Tick);
/// assert!(matches!(actions[..], [Action::Save(_)]));
/// assert!(replica.leads());
///
/// let request = Request { client: 1, number: 1, op: Op::order("Ann") };
/// let actions = replica.on(later, Event::Asked(request));
/// let done = Action::Answer { client: 1, number: 1, answer: Answer::Done(Reply::Taxi(1)) };
/// assert!(matches!(&actions[..], [Action::Save(_), last] if *last == done));
/// assert_eq!((replica.term(), replica.committed()), (1, 1));
/// ```
// ANCHOR: replica
#[derive(Debug, Clone)]
pub struct Replica {
    id: u32,
    settings: Settings,
    /// As the disk has it, or will when the next actions are done.
    saved: Saved,
    role: Role,
    /// So many entries are committed, and done.
    commit: u64,
    sessions: Sessions,
    /// When it loses patience, or as a leader: when it lets the others hear of it.
    due: Duration,
    /// When a leader was last heard.
    heard: Option<Duration>,
    rng: Rng,
    records: Vec<Record>,
    actions: Vec<Action>,
}
// ANCHOR_END: replica

impl Replica {
    /// The replica `id`, with what its disk has. `now` is its own clock's; `seed` is where its chance starts.
    ///
    /// # Panics
    ///
    /// If the settings are none that work: replicas without this one, more taxis than a datagram has room for, a pause
    /// of no length.
    pub fn new(
        id: u32,
        settings: Settings,
        saved: Saved,
        now: Duration,
        seed: u64,
    ) -> Replica {
        assert!(
            (1..=settings.replicas).contains(&id),
            "there is no replica {id}"
        );
        assert!(
            settings.taxis <= 30,
            "30 taxis, not more: an answer must fit a datagram"
        );
        let pauses = [settings.heartbeat, settings.patience.start];
        assert!(
            !pauses.iter().any(Duration::is_zero),
            "a pause must have a length"
        );
        assert!(settings.batch > 0, "a message must have room for an entry");
        let mut replica = Replica {
            id,
            sessions: Sessions::new(Desk::new(settings.taxis)),
            settings,
            saved,
            role: Role::Follower { leader: None },
            commit: 0,
            due: now,
            // It may have promised something before a crash, just now.
            heard: Some(now),
            rng: Rng::with_seed(seed),
            records: Vec::new(),
            actions: Vec::new(),
        };
        replica.be_patient(now);
        replica
    }

    /// When it must be told that time has passed, by its clock.
    pub fn due(&self) -> Duration {
        self.due
    }

    /// Which one it is.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Whether it believes that it leads.
    pub fn leads(&self) -> bool {
        matches!(self.role, Role::Leader { .. })
    }

    /// The term in which it is.
    pub fn term(&self) -> u64 {
        self.saved.term()
    }

    /// How many entries of its log it knows to be committed.
    pub fn committed(&self) -> u64 {
        self.commit
    }

    /// What it must not forget.
    pub fn saved(&self) -> &Saved {
        &self.saved
    }

    // ANCHOR: on
    /// What is to be done, now that this has happened.
    pub fn on(&mut self, now: Duration, event: Event) -> Vec<Action> {
        match event {
            Event::Tick if now < self.due => {}
            Event::Tick if self.leads() => self.send_heartbeats(now),
            Event::Tick => self.stand(now),
            Event::Heard(from, message) => self.heard(now, from, message),
            Event::Asked(request) => self.asked(now, request),
        }
        let records = std::mem::take(&mut self.records);
        let said = std::mem::take(&mut self.actions);
        let save = (!records.is_empty()).then_some(Action::Save(records));
        save.into_iter().chain(said).collect()
    }
    // ANCHOR_END: on

    // ANCHOR: heard
    fn heard(&mut self, now: Duration, from: u32, message: Message) {
        if from == self.id || !(1..=self.settings.replicas).contains(&from) {
            return;
        }
        if let Message::Elect { .. } = message
            && self.has_promised_not_to_vote(now)
        {
            return;
        }
        // Whoever is behind learns it here, whatever it was (§5.1).
        if message.term() > self.saved.term() {
            self.follow(now, message.term(), None);
        }
        match message {
            Message::Elect { term, last } => self.elect(now, from, term, last),
            Message::Vote { term, granted } => self.count_vote(now, from, term, granted),
            Message::Append(append) => {
                let sent = append.sent;
                let matched = self.append(now, from, append);
                let term = self.saved.term();
                let appended = Message::Appended {
                    term,
                    matched,
                    sent,
                };
                self.send(from, appended);
            }
            Message::Appended {
                term,
                matched,
                sent,
            } => self.appended(now, from, term, matched, sent),
        }
    }
    // ANCHOR_END: heard

    // ANCHOR: asked
    /// A leader writes it into its log, and answers when it is done. The others know only who might lead.
    fn asked(&mut self, now: Duration, request: Request) {
        let (client, number) = (request.client, request.number);
        let answer = match &mut self.role {
            Role::Follower { leader } => Some(Answer::Elsewhere(*leader)),
            Role::Candidate { .. } => Some(Answer::Elsewhere(None)),
            Role::Leader { waiting, .. } => {
                if waiting.values().any(|it| *it == (client, number)) {
                    return;
                }
                self.sessions.answered(&request).cloned().map(Answer::Done)
            }
        };
        let by_lease = request.op == Op::Ask && self.has_lease(now);
        let answer =
            answer.or_else(|| by_lease.then(|| Answer::Done(self.sessions.peek())));
        match answer {
            Some(answer) => self.answer(client, number, answer),
            None => self.take(now, request),
        }
    }
    // ANCHOR_END: asked

    /// Changes what must not be forgotten: at once here, and on the disk before anything is said.
    fn keep(&mut self, record: Record) {
        self.records.push(record.clone());
        self.saved.keep(record);
    }

    fn send(&mut self, to: u32, message: Message) {
        self.actions.push(Action::Send(to, message));
    }

    fn answer(&mut self, client: u64, number: u64, answer: Answer) {
        self.actions.push(Action::Answer {
            client,
            number,
            answer,
        });
    }

    fn others(&self) -> impl Iterator<Item = u32> + use<> {
        let id = self.id;
        (1..=self.settings.replicas).filter(move |it| *it != id)
    }

    /// How many are more than half.
    fn majority(&self) -> usize {
        self.settings.replicas as usize / 2 + 1
    }
}
