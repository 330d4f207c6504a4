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

use crate::tasks::Executor;
use crate::timers::{TimerPark, Timers};
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
    /// What was sent and not yet read: from where, to where, and how much.
    on_its_way: RefCell<HashMap<Way, isize>>,
}

/// From where, to where. A connection that nobody has accepted is from `None`.
type Way = (Option<SocketAddr>, SocketAddr);

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
    /// On which way comes what can be read here.
    hears: Cell<Option<Way>>,
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
            on_its_way: RefCell::default(),
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

    /// `amount` more is on its way; what has arrived is less than nothing.
    fn moves(&self, way: Way, amount: isize) {
        *self.0.on_its_way.borrow_mut().entry(way).or_default() += amount;
    }

    pub fn expects(&self) -> bool {
        let on_its_way = self.0.on_its_way.borrow();
        let comes = |way| on_its_way.get(&way).is_some_and(|amount| *amount > 0);
        let sockets = self.0.sockets.borrow();
        sockets.values().filter_map(Weak::upgrade).any(|socket| {
            socket.reader.borrow().is_some() && socket.hears.get().is_some_and(comes)
        })
    }
}

impl Park for Reactor {
    fn park(&mut self, timeout: Option<Duration>) -> bool {
        // What is on its way will be here in a moment: wait for it.
        let timeout = if self.expects() { None } else { timeout };
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
    reactor: Reactor,
    stream: net::TcpStream,
    socket: Rc<Socket>,
}

impl TcpStream {
    fn new(reactor: &Reactor, mut stream: net::TcpStream) -> io::Result<TcpStream> {
        let socket = reactor.watch(&mut stream)?;
        Ok(TcpStream {
            reactor: reactor.clone(),
            stream,
            socket,
        })
    }

    pub async fn connect(
        reactor: &Reactor,
        address: SocketAddr,
    ) -> io::Result<TcpStream> {
        let this = TcpStream::new(reactor, net::TcpStream::connect(address)?)?;
        reactor.moves((None, address), 1);
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
        this.hears()?;
        Ok(this)
    }

    /// From now on both ends are known.
    fn hears(&self) -> io::Result<()> {
        let (peer, local) = (self.stream.peer_addr()?, self.stream.local_addr()?);
        self.socket.hears.set(Some((Some(peer), local)));
        Ok(())
    }

    pub async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut read = || (&self.stream).read(buffer);
        let length =
            poll_fn(|context| self.socket.attempt(Direction::Read, context, &mut read))
                .await?;
        if let Some(way) = self.socket.hears.get() {
            self.reactor.moves(way, -(length as isize));
        }
        Ok(length)
    }

    pub async fn write_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let write = || (&self.stream).write(bytes);
            let length =
                poll_fn(|context| self.socket.attempt(Direction::Write, context, write))
                    .await?;
            if let Some((Some(peer), local)) = self.socket.hears.get() {
                self.reactor.moves((Some(local), peer), length as isize);
            }
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
        socket.hears.set(Some((None, listener.local_addr()?)));
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
        self.reactor.moves((None, self.local_addr()?), -1);
        let stream = TcpStream::new(&self.reactor, stream)?;
        stream.hears()?;
        Ok(stream)
    }
}

/// What a program runs on: tasks, a clock and sockets.
#[derive(Clone)]
pub struct Runtime {
    pub executor: Executor,
    pub timers: Timers,
    pub reactor: Reactor,
}

pub fn run<F: Future + 'static>(
    program: impl FnOnce(Runtime) -> F,
) -> io::Result<F::Output> {
    let (timers, reactor) = (Timers::new(), Reactor::new()?);
    let mut park = TimerPark::new(&timers, reactor.clone());
    let executor = Executor::new(park.unparker());
    let future = program(Runtime {
        executor: executor.clone(),
        timers,
        reactor,
    });
    Ok(executor.block_on(&mut park, future))
}
