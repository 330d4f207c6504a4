//! Chapter 7, by me.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::task::{Wake, Waker};
use std::time::Duration;

use mio::event::Source;
use mio::{Events, Interest, Token};

use crate::wakers::Park;

/// The token of the call that ends a look.
const UNPARK: Token = Token(0);

/// Asks the operating system. Clones are the same reactor.
#[derive(Clone)]
pub struct Reactor(Rc<Inner>);

struct Inner {
    poll: RefCell<mio::Poll>,
    sockets: RefCell<HashMap<Token, Weak<Socket>>>,
    next: Cell<usize>,
    unparker: Waker,
}

struct Unparker(mio::Waker);

impl Wake for Unparker {
    fn wake(self: Arc<Unparker>) {
        self.0.wake().expect("the reactor can be woken");
    }
}

#[derive(Clone, Copy)]
pub enum Direction {
    Read,
    Write,
}

/// Who waits for a socket, in each direction.
#[derive(Default)]
pub struct Socket {
    reader: RefCell<Option<Waker>>,
    writer: RefCell<Option<Waker>>,
}

impl Socket {
    fn waker(&self, direction: Direction) -> &RefCell<Option<Waker>> {
        match direction {
            Direction::Read => &self.reader,
            Direction::Write => &self.writer,
        }
    }

    pub fn wait(&self, direction: Direction, waker: &Waker) {
        *self.waker(direction).borrow_mut() = Some(waker.clone());
    }

    /// Wakes who waits, if anybody does.
    fn wake(&self, direction: Direction) -> bool {
        let waker = self.waker(direction).take();
        waker.map(Waker::wake).is_some()
    }
}

impl Reactor {
    pub fn new() -> io::Result<Reactor> {
        let poll = mio::Poll::new()?;
        let waker = mio::Waker::new(poll.registry(), UNPARK)?;
        Ok(Reactor(Rc::new(Inner {
            poll: RefCell::new(poll),
            sockets: RefCell::default(),
            next: Cell::new(1),
            unparker: Waker::from(Arc::new(Unparker(waker))),
        })))
    }

    pub fn watch(&self, source: &mut impl Source) -> io::Result<Rc<Socket>> {
        let token = Token(self.0.next.get());
        self.0.next.set(token.0 + 1);
        let both = Interest::READABLE | Interest::WRITABLE;
        self.0
            .poll
            .borrow()
            .registry()
            .register(source, token, both)?;
        let socket = Rc::<Socket>::default();
        let weak = Rc::downgrade(&socket);
        self.0.sockets.borrow_mut().insert(token, weak);
        Ok(socket)
    }
}

impl Park for Reactor {
    fn park(&mut self, timeout: Option<Duration>) -> bool {
        let mut events = Events::with_capacity(64);
        match self.0.poll.borrow_mut().poll(&mut events, timeout) {
            // A signal has ended the wait.
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            polled => polled.expect("the operating system lets us wait"),
        }
        let mut woken = false;
        for event in &events {
            woken |= event.token() == UNPARK;
            // The borrow ends here: who is woken may open a socket.
            let socket = self.0.sockets.borrow().get(&event.token()).cloned();
            let Some(socket) = socket.and_then(|it| it.upgrade()) else {
                continue;
            };
            if event.is_readable() || event.is_read_closed() || event.is_error() {
                woken |= socket.wake(Direction::Read);
            }
            if event.is_writable() || event.is_write_closed() || event.is_error() {
                woken |= socket.wake(Direction::Write);
            }
        }
        woken
    }

    fn unparker(&self) -> Waker {
        self.0.unparker.clone()
    }
}
