//! The network: who is there, what lies between them, and what is on its way.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use fastrand::Rng;
use taxi::Time;
use taxi::parts::TimeHeap;

use crate::clock::HostClock;
use crate::datagram::Mailbox;
use crate::disk::Disk;
use crate::event::{Carries, Log, What, seed_for};
use crate::fault::Fault;
use crate::links::{Links, copies};
use crate::listener::{Call, Port};
use crate::stream::{Connection, Side};

/// The number of a host.
pub(crate) type HostId = usize;

/// One life of a host: from one start to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Life {
    pub(crate) host: HostId,
    pub(crate) number: u32,
}

// ANCHOR: network
/// What all hosts share.
pub(crate) struct Network {
    pub(crate) seed: u64,
    pub(crate) now: Cell<Time>,
    /// What arrives, or is tried again, or goes wrong, and when: chapter 2's heap once
    /// more.
    pub(crate) due: RefCell<TimeHeap<Due>>,
    pub(crate) hosts: RefCell<Vec<Host>>,
    pub(crate) links: RefCell<Links>,
    pub(crate) log: RefCell<Log>,
    packets: Cell<u64>,
    /// What somebody has asked for, to be done when no host runs.
    pub(crate) orders: RefCell<VecDeque<Order>>,
    pub(crate) traced: trace::Network,
}

/// What the heap holds.
pub(crate) enum Due {
    /// A packet arrives at a host.
    Packet(Packet),
    /// A part of a stream is sent again, unless that was seen to have arrived.
    Again(Rc<Connection>, Side, u64),
    /// What a side has read is told again, the how manyeth time, unless it was told since.
    RoomAgain(Rc<Connection>, Side, u32),
    /// A fault begins, for so long.
    Begins(Fault, Duration),
    /// It is over.
    Over(Fault),
}
// ANCHOR_END: network

/// What is on its way.
pub(crate) struct Packet {
    number: u64,
    pub(crate) to: HostId,
    pub(crate) load: Load,
    traced: trace::Message,
}

/// What a packet is about.
#[derive(Clone)]
pub(crate) enum Load {
    Call(Rc<Call>),
    Answer(Rc<Call>, Option<Rc<Connection>>),
    /// This part of a stream, for this side of it.
    Part(Rc<Connection>, Side, u64),
    Reset(Rc<Connection>, Side),
    Room(Rc<Connection>, Side, usize),
    Datagram {
        from: (Rc<str>, u16),
        port: u16,
        bytes: Rc<[u8]>,
    },
}

/// What somebody asks for.
#[derive(Debug, Clone)]
pub(crate) enum Order {
    Begin(Fault),
    For(Fault, Duration),
    Heal,
    Restart(String),
}

/// A host, as the network knows it.
pub(crate) struct Host {
    pub(crate) name: Rc<str>,
    pub(crate) up: bool,
    /// Its program is being ended by the operating system, which resets all its streams.
    pub(crate) killed: bool,
    pub(crate) life: u32,
    pub(crate) clock: HostClock,
    pub(crate) disk: Disk,
    pub(crate) dice: Rng,
    pub(crate) disk_dice: Rng,
    pub(crate) ports: BTreeMap<u16, Rc<Port>>,
    pub(crate) mailboxes: BTreeMap<u16, Rc<Mailbox>>,
}

impl Network {
    pub(crate) fn new(seed: u64) -> Network {
        Network {
            seed,
            now: Cell::new(Time::ZERO),
            due: RefCell::new(TimeHeap::new()),
            hosts: RefCell::default(),
            links: RefCell::default(),
            log: RefCell::default(),
            packets: Cell::new(0),
            orders: RefCell::default(),
            traced: trace::Network::new(),
        }
    }

    pub(crate) fn add(&self, name: &str) -> HostId {
        let mut hosts = self.hosts.borrow_mut();
        assert!(
            hosts.iter().all(|it| &*it.name != name),
            "there are two hosts called {name}"
        );
        let dice = |purpose| Rng::with_seed(seed_for(self.seed, &[purpose, name]));
        hosts.push(Host {
            name: name.into(),
            up: false,
            killed: false,
            life: 0,
            clock: HostClock::default(),
            disk: Disk::default(),
            dice: dice("host"),
            disk_dice: dice("disk"),
            ports: BTreeMap::new(),
            mailboxes: BTreeMap::new(),
        });
        hosts.len() - 1
    }

    /// The host of that name, if there is one.
    pub(crate) fn find(&self, name: &str) -> Option<HostId> {
        let hosts = self.hosts.borrow();
        hosts.iter().position(|host| &*host.name == name)
    }

    pub(crate) fn look_up(&self, name: &str) -> io::Result<HostId> {
        let none = || {
            let why = format!("there is no host called {name}");
            io::Error::new(io::ErrorKind::NotFound, why)
        };
        self.find(name).ok_or_else(none)
    }

    /// Works on a host.
    pub(crate) fn with<R>(&self, host: HostId, work: impl FnOnce(&mut Host) -> R) -> R {
        work(&mut self.hosts.borrow_mut()[host])
    }

    pub(crate) fn name(&self, host: HostId) -> Rc<str> {
        Rc::clone(&self.hosts.borrow()[host].name)
    }

    /// Whether the host has not stopped since.
    pub(crate) fn lives(&self, life: Life) -> bool {
        self.with(life.host, |it| it.up && it.life == life.number)
    }

    pub(crate) fn tell(&self, what: What) {
        self.log.borrow_mut().add(self.now.get(), what);
    }

    /// What is due by now, one at a time.
    pub(crate) fn next_due(&self) -> Option<Due> {
        let due = self.due.borrow_mut().pop_due(self.now.get());
        due.map(|(_, due)| due)
    }

    pub(crate) fn schedule(&self, at: Time, due: Due) {
        self.due.borrow_mut().push(at.max(self.now.get()), due);
    }

    pub(crate) fn schedule_in(&self, wait: Duration, due: Due) {
        self.schedule(self.now.get().saturating_add(wait), due);
    }

    // ANCHOR: send
    /// Sends a packet. False: it is lost, which whoever sends it does not learn.
    pub(crate) fn send(&self, from: HostId, to: HostId, size: usize, load: Load) -> bool {
        let number = self.packets.replace(self.packets.get() + 1) + 1;
        self.tell(What::Sent {
            packet: number,
            from: self.name(from),
            to: self.name(to),
            carries: load.carries(size),
        });
        let now = self.now.get();
        let is_datagram = matches!(load, Load::Datagram { .. });
        let way = self.on_link(from, to, |it| it.way(now, size, is_datagram));
        let traced = &self.traced;
        let traced = traced.sent((from, to), copies(&way), || load.carries(size));
        let Some(way) = way else {
            self.tell(What::Lost { packet: number });
            traced.lost();
            return false;
        };
        for at in [Some(way.arrives), way.again].into_iter().flatten() {
            let packet = Packet {
                number,
                to,
                load: load.clone(),
                traced,
            };
            self.schedule(at, Due::Packet(packet));
        }
        true
    }
    // ANCHOR_END: send

    /// Delivers a packet to the host it is for, if that is there.
    pub(crate) fn arrive(self: &Rc<Network>, packet: Packet) {
        let to = packet.to;
        if !self.with(to, |host| host.up) {
            self.tell(What::Lost {
                packet: packet.number,
            });
            packet.traced.lost();
            if let Load::Part(connection, side, part) = packet.load {
                connection.try_again(self, side.other(), part);
            }
            return;
        }
        self.tell(What::Arrived {
            packet: packet.number,
        });
        packet.traced.arrived();
        match packet.load {
            Load::Call(call) => call.arrive(self, to),
            Load::Answer(call, connection) => call.answered(self, connection),
            Load::Part(connection, side, part) => connection.arrive(self, side, part),
            Load::Reset(connection, side) => connection.reset(self, side),
            Load::Room(connection, side, bytes) => connection.room(side, bytes),
            Load::Datagram { from, port, bytes } => {
                let mailbox = self.with(to, |it| it.mailboxes.get(&port).cloned());
                if let Some(mailbox) = mailbox {
                    mailbox.put(bytes, from);
                }
            }
        }
    }
}

impl Load {
    fn carries(&self, size: usize) -> Carries {
        match self {
            Load::Call(_) => Carries::Call,
            Load::Answer(_, Some(_)) => Carries::Answer,
            Load::Answer(_, None) | Load::Reset(..) => Carries::Reset,
            Load::Part(..) if size == 0 => Carries::End,
            Load::Part(..) => Carries::Data(size),
            Load::Room(_, _, bytes) => Carries::Room(*bytes),
            Load::Datagram { bytes, .. } => Carries::Datagram(bytes.len()),
        }
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network").finish_non_exhaustive()
    }
}
