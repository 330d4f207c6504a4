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
//! - whoever connects to a listener of ours holds it while the queue there is empty, so that there is room. If others
//!   stand in the queue it may be full, and only the listener's task can help;
//! - where the other end was ours and is gone, its end is on its way.
//!
//! Datagrams may be lost, so nobody keeps an account of them: a look at the operating system that follows one gives it a
//! moment to arrive.
//!
//! All this is about the virtual clock. On the wall clock nobody asks, and nothing is noted.

use std::cell::{Cell, OnceCell};
use std::net::{IpAddr, SocketAddr};
use std::rc::{Rc, Weak};

use crate::current::{Shared, Slots, Socket};

/// A host and a port, in the form that two ends of a connection write alike.
pub(crate) type Address = (IpAddr, u16);

// ANCHOR: endpoint
/// What a socket is an end of: what virtual time must know, to tell what is on its way
/// from somebody outside.
///
/// ```
/// use event_loop::{Clock, Time};
/// use readiness::{Endpoint, Io, Readiness};
/// use std::time::Duration;
///
/// readiness::run(Clock::virtual_time(), async {
///     let listener = Io::new(mio::net::TcpListener::bind("127.0.0.1:0".parse().unwrap())?)?;
///     let at = listener.get_ref().local_addr()?;
///     listener.note(Endpoint::listener(at));
///     // It does not hold the clock for those who may call some day,
///     let accept = listener.run(Readiness::Read, mio::net::TcpListener::accept);
///     assert!(timers::timeout(Duration::from_secs(60), accept).await.is_err());
///     // but for a call that is on its way.
///     let caller = Io::new(mio::net::TcpStream::connect(at)?)?;
///     let from = caller.get_ref().local_addr()?;
///     caller.note(Endpoint::connecting(from, at));
///     let accept = listener.run(Readiness::Read, mio::net::TcpListener::accept);
///     let (called, peer) = timers::timeout(Duration::from_secs(60), accept).await.unwrap()?;
///     assert_eq!((peer, timers::now()), (from, Time::from_secs(60)));
///     let called = Io::new(called)?;
///     called.note(Endpoint::stream(at, peer));
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub enum Endpoint {
    /// Not noted: whoever wakes it is outside.
    #[default]
    Unknown,
    /// It listens here.
    Listener(Address),
    /// It is about to be connected: its own address, and the other's.
    Connecting(Address, Address),
    /// It is connected: its own address, and the other's.
    Stream(Address, Address),
}
// ANCHOR_END: endpoint

impl Endpoint {
    /// It listens at `at`.
    pub fn listener(at: SocketAddr) -> Endpoint {
        Endpoint::Listener(address(at))
    }

    /// It comes from `own`, and is to be connected to `other`.
    pub fn connecting(own: SocketAddr, other: SocketAddr) -> Endpoint {
        let (own, mut other) = (address(own), address(other));
        if other.0.is_unspecified() {
            // Where that may be connected to, it is this machine.
            other.0 = own.0;
        }
        Endpoint::Connecting(own, other)
    }

    /// It is connected: its own address, and the other's.
    pub fn stream(own: SocketAddr, other: SocketAddr) -> Endpoint {
        Endpoint::Stream(address(own), address(other))
    }
}

// ANCHOR: traffic
/// What went through a stream so far.
#[derive(Default)]
pub(crate) struct Traffic {
    /// The other end, once it is known to be here.
    other: OnceCell<Weak<Socket>>,
    pub(crate) sent: Count,
    pub(crate) received: Count,
}

/// How many bytes went one way, or that this way has ended.
#[derive(Default, Clone, PartialEq, PartialOrd)]
pub(crate) struct Count(Cell<u64>);

impl Count {
    /// More than all bytes there can be.
    const END: u64 = u64::MAX;

    /// So many more; after the end it stays the end.
    pub(crate) fn add(&self, bytes: usize) {
        self.0.set(self.0.get().saturating_add(bytes as u64));
    }

    pub(crate) fn end(&self) {
        self.0.set(Count::END);
    }
}
// ANCHOR_END: traffic

fn address(address: SocketAddr) -> Address {
    (address.ip().to_canonical(), address.port())
}

impl Shared {
    /// Notes what `socket` is an end of, and introduces it to the other end, if that is here already; otherwise that
    /// will find it in the list.
    pub(crate) fn note(&self, socket: &Rc<Socket>, endpoint: Endpoint) {
        if !timers::is_virtual() {
            return;
        }
        self.forget_stream(socket);
        socket.endpoint.set(endpoint);
        let Some((own, other)) = socket.alone() else {
            return;
        };
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
        if let Some(connection) = socket.alone() {
            self.ends.borrow_mut().remove(&connection);
        }
    }

    /// Whether somebody waits for an event that will come, or that may come from outside.
    pub(crate) fn expects_wake(&self) -> bool {
        let slots = self.sockets.borrow();
        self.waiting.get() > 0 && slots.iter().any(|socket| slots.expects(socket))
    }
}

impl Slots {
    // ANCHOR: expects
    /// Whether somebody waits for `socket`, and what is awaited will come, or may come from
    /// outside.
    fn expects(&self, socket: &Socket) -> bool {
        let reading = !socket.read.waiters.is_empty();
        let writing = !socket.write.waiters.is_empty();
        if !reading && !writing {
            return false;
        }
        match socket.endpoint.get() {
            Endpoint::Unknown => true,
            Endpoint::Listener(at) => self.has_queue(at),
            Endpoint::Connecting(own, other) => {
                let is_accepted = socket.traffic.other.get().is_some();
                let listener = self.listener(own, other);
                is_accepted || listener.is_none_or(|at| !self.has_queue(at))
            }
            Endpoint::Stream(own, other) => match socket.traffic.other.get() {
                None => self.listener(own, other).is_none(),
                Some(other) => other.upgrade().is_none_or(|other| {
                    let (own, other) = (&socket.traffic, &other.traffic);
                    reading && other.sent > own.received
                        || writing && own.sent == other.received
                }),
            },
        }
    }
    // ANCHOR_END: expects

    fn iter(&self) -> impl Iterator<Item = &Rc<Socket>> {
        self.sockets.iter().flatten()
    }

    /// Whether one of ours has connected to the listener at `at`, and was not accepted yet.
    fn has_queue(&self, at: Address) -> bool {
        self.iter().any(|socket| socket.is_queued_at(at))
    }

    /// Where the listener of ours is that is reached from `here` by connecting to `there`.
    fn listener(&self, here: Address, there: Address) -> Option<Address> {
        self.iter().find_map(|socket| match socket.endpoint.get() {
            Endpoint::Listener(at) if reaches(here, there, at) => Some(at),
            _ => None,
        })
    }
}

impl Socket {
    /// The connection that it is an end of, if the other end is not known to be here.
    fn alone(&self) -> Option<(Address, Address)> {
        let (Endpoint::Connecting(own, other) | Endpoint::Stream(own, other)) =
            self.endpoint.get()
        else {
            return None;
        };
        self.traffic.other.get().is_none().then_some((own, other))
    }

    /// Whether it has connected to the listener at `at`, and was not accepted yet.
    fn is_queued_at(&self, at: Address) -> bool {
        let is_connecting = matches!(self.endpoint.get(), Endpoint::Connecting(..));
        // It was told so, and has not looked.
        let has_connected = !is_connecting || self.write.is_open();
        let reaches_it = |(own, other)| reaches(own, other, at);
        has_connected && self.alone().is_some_and(reaches_it)
    }
}

/// Whether one who is at `here`, and connects to `there`, reaches the listener at `at`. A listener may listen at all
/// addresses of this machine.
fn reaches(here: Address, there: Address, at: Address) -> bool {
    let is_here = there.0.is_loopback() || there.0 == here.0;
    there == at || (at.0.is_unspecified() && is_here && there.1 == at.1)
}
