//! Whether an event is still to come: what virtual time must know before it jumps.
//!
//! Nothing can run. May the clock move to the next deadline? Not while an answer is on its way. Whoever waits for
//! somebody outside holds the clock, since nobody here can know when the answer comes. But where both ends of a
//! connection are ours, we know all that was ever sent on it:
//!
//! - a reader holds the clock while its peer has sent what was not read yet. That is on its way, and will be told;
//! - a writer that waits for room holds it while the peer has read everything: then there is room, and that will be
//!   told. If the peer is asleep over what it has, only time can help, and time must go on;
//! - a listener holds it while one of our own has connected and was not accepted yet. It never holds the clock for
//!   those who may connect some day, or a server would stop the clock for ever;
//! - where the other end was ours and is gone, its end is on its way.
//!
//! All this is about the virtual clock. On the wall clock nobody asks, and nothing is noted.

use std::cell::{Cell, OnceCell};
use std::net::{IpAddr, SocketAddr};
use std::rc::{Rc, Weak};

use crate::current::{Shared, Socket};

/// A host and a port, in the form that two ends of a connection write alike.
pub(crate) type Address = (IpAddr, u16);

/// Where a socket is.
#[derive(Clone, Copy, Default)]
pub(crate) enum Place {
    /// Not noted: whoever wakes it is outside.
    #[default]
    Unknown,
    /// It listens here.
    Listener(Address),
    /// It is connected: its own address, and the other's.
    Stream(Address, Address),
}

// ANCHOR: traffic
/// What went through a stream so far.
#[derive(Default)]
pub(crate) struct Traffic {
    /// The other end, once it is known to be here.
    other: OnceCell<Weak<Socket>>,
    sent: Cell<u64>,
    received: Cell<u64>,
}

/// More than all bytes there can be: the end of the stream.
const END: u64 = u64::MAX;

impl Traffic {
    pub(crate) fn add_sent(&self, bytes: usize) {
        self.sent.set(self.sent.get() + bytes as u64);
    }

    pub(crate) fn add_received(&self, bytes: usize) {
        self.received.set(self.received.get() + bytes as u64);
    }

    pub(crate) fn end_sent(&self) {
        self.sent.set(END);
    }

    pub(crate) fn end_received(&self) {
        self.received.set(END);
    }
}
// ANCHOR_END: traffic

fn address(address: SocketAddr) -> Address {
    (address.ip().to_canonical(), address.port())
}

impl Shared {
    /// Notes that `socket` listens at `at`.
    pub(crate) fn note_listener(&self, socket: &Socket, at: SocketAddr) {
        if timers::is_virtual() {
            socket.place.set(Place::Listener(address(at)));
        }
    }

    /// Notes that `socket` is connected, and introduces it to its other end if that is here.
    pub(crate) fn note_stream(
        &self,
        socket: &Rc<Socket>,
        own: SocketAddr,
        other: SocketAddr,
    ) {
        if !timers::is_virtual() {
            return;
        }
        let (own, other) = (address(own), address(other));
        socket.place.set(Place::Stream(own, other));
        let mut ends = self.ends.borrow_mut();
        match ends.remove(&(other, own)).and_then(|end| end.upgrade()) {
            Some(end) => {
                // Each pair is introduced once.
                let _ = end.traffic.other.set(Rc::downgrade(socket));
                let _ = socket.traffic.other.set(Rc::downgrade(&end));
            }
            None => {
                ends.insert((own, other), Rc::downgrade(socket));
            }
        }
    }

    /// `socket` is gone. Whoever was introduced is in the list no more.
    pub(crate) fn forget_stream(&self, socket: &Socket) {
        if let Place::Stream(own, other) = socket.place.get()
            && socket.traffic.other.get().is_none()
        {
            self.ends.borrow_mut().remove(&(own, other));
        }
    }

    // ANCHOR: expects
    /// Whether somebody waits for an event that will come, or that may come from outside.
    pub(crate) fn expects_wake(&self) -> bool {
        if self.waiting.get() == 0 {
            return false;
        }
        let slots = self.sockets.borrow();
        let sockets = || slots.sockets.iter().flatten();
        let queued_at = |at| sockets().any(|socket| socket.is_queued_at(at));
        let is_ours = |socket: &Socket| sockets().any(|it| it.accepts(socket));
        sockets().any(|socket| {
            let (reading, writing) =
                (socket.read.is_awaited(), socket.write.is_awaited());
            match socket.place.get() {
                _ if !reading && !writing => false,
                Place::Unknown => true,
                Place::Listener(at) => queued_at(at),
                Place::Stream(..) => match socket.traffic.other.get() {
                    None => !is_ours(socket),
                    Some(other) => other.upgrade().is_none_or(|other| {
                        let (own, other) = (&socket.traffic, &other.traffic);
                        reading && other.sent > own.received
                            || writing && own.sent == other.received
                    }),
                },
            }
        })
    }
    // ANCHOR_END: expects
}

impl Socket {
    /// Whether it has connected to the listener at `at`, and was not accepted yet.
    fn is_queued_at(&self, at: Address) -> bool {
        match self.place.get() {
            Place::Stream(own, other) => {
                self.traffic.other.get().is_none() && reaches(own, other, at)
            }
            _ => false,
        }
    }

    /// Whether it is the listener that `stream` has connected to.
    fn accepts(&self, stream: &Socket) -> bool {
        match self.place.get() {
            Place::Listener(at) => stream.is_queued_at(at),
            _ => false,
        }
    }
}

/// Whether one who is at `own`, and has connected to `other`, has reached the listener at `at`. A listener may listen
/// at all addresses of this machine.
fn reaches(own: Address, other: Address, at: Address) -> bool {
    let here = other.0.is_loopback() || other.0 == own.0;
    other == at || (at.0.is_unspecified() && here && other.1 == at.1)
}
