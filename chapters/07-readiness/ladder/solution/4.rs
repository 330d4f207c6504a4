//! Chapter 7, by me.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::poll_fn;
use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use mio::event::Source;
use mio::{Events, Interest, Token, net};

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

    pub fn attempt<T>(
        &self,
        direction: Direction,
        context: &mut Context<'_>,
        mut operation: impl FnMut() -> io::Result<T>,
    ) -> Poll<io::Result<T>> {
        loop {
            match operation() {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.wait(direction, context.waker());
                    return Poll::Pending;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                result => return Poll::Ready(result),
            }
        }
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

pub struct TcpStream {
    stream: net::TcpStream,
    socket: Rc<Socket>,
}

impl TcpStream {
    fn new(reactor: &Reactor, mut stream: net::TcpStream) -> io::Result<TcpStream> {
        let socket = reactor.watch(&mut stream)?;
        Ok(TcpStream { stream, socket })
    }

    pub async fn connect(
        reactor: &Reactor,
        address: SocketAddr,
    ) -> io::Result<TcpStream> {
        let this = TcpStream::new(reactor, net::TcpStream::connect(address)?)?;
        let connected = || {
            if let Some(error) = this.stream.take_error()? {
                return Err(error);
            }
            match this.stream.peer_addr() {
                Err(error) if error.kind() == ErrorKind::NotConnected => {
                    Err(ErrorKind::WouldBlock.into())
                }
                result => result,
            }
        };
        poll_fn(|context| this.socket.attempt(Direction::Write, context, connected))
            .await?;
        Ok(this)
    }

    pub async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut read = || (&self.stream).read(buffer);
        poll_fn(|context| self.socket.attempt(Direction::Read, context, &mut read)).await
    }

    pub async fn write_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let write = || (&self.stream).write(bytes);
            let length =
                poll_fn(|context| self.socket.attempt(Direction::Write, context, write))
                    .await?;
            bytes = &bytes[length..];
        }
        Ok(())
    }
}

pub struct TcpListener {
    reactor: Reactor,
    listener: net::TcpListener,
    socket: Rc<Socket>,
}

impl TcpListener {
    pub fn bind(reactor: &Reactor, address: SocketAddr) -> io::Result<TcpListener> {
        let mut listener = net::TcpListener::bind(address)?;
        let socket = reactor.watch(&mut listener)?;
        Ok(TcpListener {
            reactor: reactor.clone(),
            listener,
            socket,
        })
    }

    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    pub async fn accept(&self) -> io::Result<TcpStream> {
        let accept = || self.listener.accept();
        let (stream, _from) =
            poll_fn(|context| self.socket.attempt(Direction::Read, context, accept))
                .await?;
        TcpStream::new(&self.reactor, stream)
    }
}
