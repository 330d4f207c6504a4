//! Which sockets without a port of TCP are ends of one another: what virtual time must know (chapter 7, `ends.rs`).
//!
//! There a connection is known by the addresses of its two ends. Unix sockets have none that differ, and datagrams have
//! a port that says nothing about TCP's. So they get addresses of a block in which nobody is ever reached (RFC 6666).

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
#[cfg(unix)]
use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use mio::event::Source;
use readiness::{Endpoint, Io};

/// What a datagram can be sent to, and what can be connected to without a port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Place {
    Port(IpAddr, u16),
    #[cfg(unix)]
    Path(std::ffi::OsString),
}

/// The address of a listener in the block, and those who have connected and were not accepted yet.
#[cfg(unix)]
type Queue = (SocketAddr, VecDeque<SocketAddr>);

thread_local! {
    static LAST: Cell<u64> = const { Cell::new(0) };
    /// Where datagram sockets of this thread are, or were.
    static DATAGRAMS: RefCell<BTreeSet<Place>> = const { RefCell::new(BTreeSet::new()) };
    #[cfg(unix)]
    static LISTENERS: RefCell<HashMap<Place, Queue>> = RefCell::default();
}

impl Place {
    pub(crate) fn port(address: SocketAddr) -> Place {
        Place::Port(address.ip().to_canonical(), address.port())
    }

    /// The same for every way to write the path.
    #[cfg(unix)]
    pub(crate) fn path(path: &std::path::Path) -> Place {
        let real = std::fs::canonicalize(path);
        Place::Path(real.unwrap_or(path.to_path_buf()).into_os_string())
    }

    /// Whether a datagram socket of ours is here, or was. It may be at every address of this machine.
    fn is_ours(&self) -> bool {
        DATAGRAMS.with_borrow(|known| match self {
            Place::Port(ip, port) if ip.is_loopback() || ip.is_unspecified() => {
                let at_port = |it: &Place| matches!(it, Place::Port(_, it) if it == port);
                known.iter().any(at_port)
            }
            place => known.contains(place),
        })
    }
}

/// An address that no other socket has.
fn new_address() -> SocketAddr {
    LAST.set(LAST.get() + 1);
    let number = LAST.get().to_be_bytes();
    let mut bytes = [0; 16];
    bytes[0] = 1;
    bytes[8..].copy_from_slice(&number);
    SocketAddr::from((Ipv6Addr::from(bytes), 0))
}

/// The two sockets are ends of one another.
#[cfg(unix)]
pub(crate) fn note_pair<S: Source>(one: &Io<S>, other: &Io<S>) {
    let (here, there) = (new_address(), new_address());
    one.note(Endpoint::stream(here, there));
    other.note(Endpoint::stream(there, here));
}

/// The socket is woken by this loop alone; by whom, is not known.
pub(crate) fn note_internal<S: Source>(io: &Io<S>) {
    io.note(Endpoint::listener(new_address()));
}

/// A datagram socket is at `place`: those of ours may send to it.
pub(crate) fn note_datagrams<S: Source>(io: &Io<S>, place: Place) {
    if timers::is_virtual() {
        note_internal(io);
        DATAGRAMS.with_borrow_mut(|known| known.insert(place));
    }
}

/// A datagram socket speaks to whoever is at `place`. If nobody of ours is or was there, an answer comes from outside.
/// True on virtual time, and if it is one of ours.
pub(crate) fn note_peer<S: Source>(
    io: &Io<S>,
    place: impl FnOnce() -> Option<Place>,
) -> bool {
    if !timers::is_virtual() {
        return false;
    }
    let is_ours = place().is_some_and(|it| it.is_ours());
    if !is_ours {
        io.note(Endpoint::Unknown);
    }
    is_ours
}

/// A datagram is to be sent to `place`.
pub(crate) fn note_sent<S: Source>(io: &Io<S>, place: impl FnOnce() -> Option<Place>) {
    if note_peer(io, place) {
        io.sent_datagram();
    }
}

/// A listener is at `place`.
#[cfg(unix)]
pub(crate) fn note_listener<S: Source>(io: &Io<S>, place: Place) {
    if timers::is_virtual() {
        let address = new_address();
        io.note(Endpoint::listener(address));
        let queue = (address, VecDeque::new());
        LISTENERS.with_borrow_mut(|known| known.insert(place, queue));
    }
}

/// The socket was connected to `place`.
#[cfg(unix)]
pub(crate) fn note_connected<S: Source>(io: &Io<S>, place: &Place) {
    LISTENERS.with_borrow_mut(|known| {
        if let Some((listener, queue)) = known.get_mut(place) {
            let own = new_address();
            io.note(Endpoint::stream(own, *listener));
            queue.push_back(own);
        }
    });
}

/// The listener at `place` has accepted the socket: the other end is that of ours which has waited longest.
#[cfg(unix)]
pub(crate) fn note_accepted<S: Source>(io: &Io<S>, place: &Place) {
    LISTENERS.with_borrow_mut(|known| {
        if let Some((listener, queue)) = known.get_mut(place)
            && let Some(other) = queue.pop_front()
        {
            io.note(Endpoint::stream(*listener, other));
        }
    });
}
