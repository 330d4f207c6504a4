//! The layer that waits in the operating system.

use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

use mio::event::Event;
use mio::{Events, Poll, Token};
use wakers::{Park, enter};

use crate::current::{CURRENT, Shared};
use crate::io::Readiness;
use crate::unparker::Unparker;

/// The token of the eventfd or its like, by which other threads end the wait.
const UNPARK: Token = Token(usize::MAX);

/// How many events one look at the operating system brings at most; the others come with the next.
const EVENTS: usize = 1024;

/// How long a datagram among our own may be under way: it may be lost, so nobody can wait for it until it comes.
const ARRIVES: Duration = Duration::from_millis(20);

/// Waits until a socket is ready, and tells those who wait for it.
///
/// ```
/// use readiness::Reactor;
/// use std::time::Duration;
/// use wakers::Park;
///
/// let mut reactor = Reactor::new()?;
/// reactor.unparker().wake();
/// assert!(reactor.park(None)?, "the call has ended the wait");
/// assert!(!reactor.park(Some(Duration::ZERO))?);
/// # Ok::<(), std::io::Error>(())
/// ```
// ANCHOR: struct
pub struct Reactor {
    poll: Poll,
    events: Events,
    shared: Rc<Shared>,
    unparker: Arc<Unparker>,
}
// ANCHOR_END: struct

impl Reactor {
    /// A reactor with no sockets.
    ///
    /// # Errors
    ///
    /// If the operating system has no descriptor left for it.
    pub fn new() -> io::Result<Reactor> {
        let poll = Poll::new()?;
        let waker = mio::Waker::new(poll.registry(), UNPARK)?;
        let shared = Shared {
            registry: poll.registry().try_clone()?,
            sockets: RefCell::default(),
            waiting: Cell::new(0),
            under_way: Cell::new(false),
            ends: RefCell::default(),
        };
        Ok(Reactor {
            poll,
            events: Events::with_capacity(EVENTS),
            shared: Rc::new(shared),
            unparker: Arc::new(Unparker::new(waker)),
        })
    }

    /// How many sockets, or other descriptors, it watches.
    ///
    /// ```
    /// let reactor = readiness::Reactor::new()?;
    /// assert_eq!(reactor.watched(), 0);
    /// let _entered = wakers::Park::enter(&reactor);
    /// let _listener = readiness::TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
    /// assert_eq!(reactor.watched(), 1);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn watched(&self) -> usize {
        let slots = self.shared.sockets.borrow();
        slots.sockets.len() - slots.free.len()
    }

    // ANCHOR: look
    /// Asks the operating system, waits for at most `timeout`, and passes on what is new.
    fn look(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        let traced = trace::parked(timeout);
        let looked = self.poll.poll(&mut self.events, timeout);
        drop(traced);
        // Awake from here on: what wakes this loop now makes no system call.
        let called = self.unparker.answer();
        match looked {
            // A signal came. Nothing is lost: the next look will see what there is.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                return Ok(called);
            }
            result => result?,
        }
        let told = self.events.iter().filter(|event| self.tell(event)).count();
        // Calls that came meanwhile are answered by returning.
        Ok(self.unparker.answer() | called | (told > 0))
    }
    // ANCHOR_END: look

    // ANCHOR: tell
    /// Passes an event on. True if somebody had waited for it.
    fn tell(&self, event: &Event) -> bool {
        // The event may be a call, or older than the end of its socket.
        let Some(socket) = self.shared.find(event.token()) else {
            return false;
        };
        if event.is_priority() {
            socket.urgent.set(true);
        }
        // hole: tell — which direction is worth a try, which is so for good, and has anybody waited?
        // tried by: echo, half-close
        // also: readiness
        let read_ends = event.is_read_closed() || event.is_error();
        let reads = (event.is_readable() || read_ends)
            && self.shared.tell(&socket, Readiness::Read, read_ends);
        let write_ends = event.is_write_closed() || event.is_error();
        let writes = (event.is_writable() || write_ends)
            && self.shared.tell(&socket, Readiness::Write, write_ends);
        reads || writes
        // end hole
    }
    // ANCHOR_END: tell
}

// ANCHOR: park
impl Park for Reactor {
    fn park(&mut self, timeout: Option<Duration>) -> io::Result<bool> {
        let only_look = Some(Duration::ZERO);
        // Going to sleep and checking for a call are one step. A call that comes after it
        // is an event in the operating system, which ends the look.
        if timeout != only_look && self.unparker.sleep() {
            return self.look(timeout);
        }
        // Nobody waits for a socket: no event could wake anybody.
        if self.shared.waiting.get() == 0 {
            return Ok(self.unparker.answer());
        }
        let arrives = self.shared.under_way.take().then_some(ARRIVES);
        self.look(arrives.or(only_look))
    }

    fn unparker(&self) -> Waker {
        Waker::from(Arc::clone(&self.unparker))
    }

    fn enter(&self) -> impl Sized + 'static {
        enter(&CURRENT, Rc::clone(&self.shared))
    }

    fn expects_wake(&self) -> bool {
        self.shared.expects_wake()
    }
}
// ANCHOR_END: park
