//! Which reactor is current on this thread, and what it shares with its sockets.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io;
use std::rc::{Rc, Weak};

use mio::Token;
use wakers::Current;

use crate::direction::Direction;
use crate::ends::{Address, Endpoint, Traffic};
use crate::io::Readiness;

// ANCHOR: shared
/// What sockets share with their reactor.
pub(crate) struct Shared {
    pub(crate) registry: mio::Registry,
    pub(crate) sockets: RefCell<Slots>,
    /// How many operations wait for readiness: without any, no call of the operating
    /// system can tell us anything.
    pub(crate) waiting: Cell<usize>,
    /// A datagram of ours was sent to one of ours, since the last look.
    pub(crate) under_way: Cell<bool>,
    /// Connections of which one end is known, by its own address and the other's.
    pub(crate) ends: RefCell<HashMap<(Address, Address), Weak<Socket>>>,
}
// ANCHOR_END: shared

// ANCHOR: socket
/// What the reactor knows of a socket.
#[derive(Default)]
pub(crate) struct Socket {
    pub(crate) read: Direction,
    pub(crate) write: Direction,
    /// It has got urgent data, which ends a read before the socket is empty.
    pub(crate) urgent: Cell<bool>,
    pub(crate) endpoint: Cell<Endpoint>,
    pub(crate) traffic: Traffic,
    pub(crate) traced: trace::Socket,
}

/// The sockets by token, and the tokens that are free.
#[derive(Default)]
pub(crate) struct Slots {
    pub(crate) sockets: Vec<Option<Rc<Socket>>>,
    pub(crate) free: Vec<usize>,
}
// ANCHOR_END: socket

thread_local! {
    pub(crate) static CURRENT: Current<Shared> = const { Current::new() };
}

impl Socket {
    pub(crate) fn direction(&self, way: Readiness) -> &Direction {
        match way {
            Readiness::Read => &self.read,
            Readiness::Write => &self.write,
        }
    }
}

impl Shared {
    /// A slot for a socket, and its token.
    pub(crate) fn add(&self) -> (Token, Rc<Socket>) {
        let socket = Rc::new(Socket::default());
        // Both are worth a try: nobody knows yet.
        socket.read.set(false);
        socket.write.set(false);
        let slots = &mut *self.sockets.borrow_mut();
        let index = slots.free.pop().unwrap_or(slots.sockets.len());
        if index == slots.sockets.len() {
            slots.sockets.push(None);
        }
        slots.sockets[index] = Some(Rc::clone(&socket));
        (Token(index), socket)
    }

    // ANCHOR: remove
    /// The socket with this token is gone. The next one may get the token: an event that
    /// is older than a socket costs it one try that blocks, and no more.
    pub(crate) fn remove(&self, Token(index): Token, socket: &Rc<Socket>) {
        self.sockets.borrow_mut().sockets[index] = None;
        self.sockets.borrow_mut().free.push(index);
        self.forget_stream(socket);
        // Nobody waits, but for those whose futures were forgotten. To wake them does no harm.
        let left = socket.read.waiters.wake_all() + socket.write.waiters.wake_all();
        self.waiting.update(|count| count - left);
    }
    // ANCHOR_END: remove

    // ANCHOR: tell
    /// This direction of `socket` is worth a try, `for_good` or until that blocks. True
    /// if somebody has waited for it.
    pub(crate) fn tell(&self, socket: &Socket, way: Readiness, for_good: bool) -> bool {
        socket.traced.ready(way == Readiness::Read, for_good);
        let told = socket.direction(way).set(for_good);
        self.waiting.update(|count| count - told);
        told > 0
    }
    // ANCHOR_END: tell

    /// The socket with this token, if it is still there.
    pub(crate) fn find(&self, Token(index): Token) -> Option<Rc<Socket>> {
        self.sockets.borrow().sockets.get(index).cloned().flatten()
    }
}

/// The current reactor.
///
/// # Errors
///
/// If there is none.
pub(crate) fn current() -> io::Result<Rc<Shared>> {
    CURRENT.with(Current::get).ok_or_else(|| {
        io::Error::other(
            "a socket needs a loop with a reactor on this thread: use readiness::run or taxi::run",
        )
    })
}

/// # Errors
///
/// If `reactor` is not the current one: then nobody would look at its events.
#[inline]
pub(crate) fn must_be_current(reactor: &Shared) -> io::Result<()> {
    let is_here = CURRENT.with(|current| current.is(reactor));
    if is_here { Ok(()) } else { elsewhere() }
}

#[cold]
fn elsewhere() -> io::Result<()> {
    Err(io::Error::other(
        "a socket can be awaited only in the loop in which it was made",
    ))
}
