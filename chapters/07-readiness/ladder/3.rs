//! A connection
//!
//! System calls in their envelope: connect, read, write.
//!
//!     pub struct TcpStream { /* … */ }
//!
//!     impl TcpStream {
//!         pub async fn connect(reactor: &Reactor, address: SocketAddr) -> io::Result<TcpStream>
//!
//!         /// Waits for bytes, and says how many there are; 0 at the end.
//!         pub async fn read(&self, buffer: &mut [u8]) -> io::Result<usize>
//!
//!         pub async fn write_all(&self, bytes: &[u8]) -> io::Result<()>
//!     }
//!
//! `mio::net::TcpStream::connect` only begins to connect. Once it can be written, `take_error` says whether it failed,
//! and `peer_addr` says `NotConnected` while it is still on its way.
//!
//! needs: 6.4
//!
//! hint: `std::future::poll_fn` turns a function with a context into a future: `poll_fn(|context|
//! self.socket.attempt(…)).await`. And a `&mio::net::TcpStream` can be read and written: `(&self.stream).read(buffer)`.
//!
//! hint: A write may take some of the bytes only. Go on with the others until none are left. To connect is to try, in
//! the direction `Write`, whether it is connected: an operation like any other.
//!
//! hint: That operation:
//!
//!     let connected = || {
//!         if let Some(error) = this.stream.take_error()? {
//!             return Err(error);
//!         }
//!         match this.stream.peer_addr() {
//!             Err(error) if error.kind() == ErrorKind::NotConnected => {
//!                 Err(ErrorKind::WouldBlock.into())
//!             }
//!             result => result,
//!         }
//!     };
//!
//! done: Your tasks can talk to any server. To be a server, they have to accept. That is next.

use std::cell::RefCell;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::rc::Rc;
use std::sync::mpsc;
use std::task::Waker;
use std::thread;
use std::time::Duration;

use mine::readiness::{Reactor, TcpStream};
use mine::tasks::Executor;
use mine::wakers::Park;

fn listener() -> (TcpListener, SocketAddr) {
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = TcpListener::bind(anywhere).expect("a port");
    let address = listener.local_addr().expect("it has one");
    (listener, address)
}

/// Runs a future on the executor of chapter 6, which waits in the operating system.
fn run<F: Future + 'static>(reactor: &Reactor, future: F) -> F::Output {
    let executor = Executor::new(reactor.unparker());
    executor.block_on(&mut reactor.clone(), future)
}

/// A connection with one end for the reader, and the other for us.
fn connection(reactor: &Reactor) -> (TcpStream, std::net::TcpStream) {
    let (listener, address) = listener();
    let reactor = reactor.clone();
    let stream = run(&reactor.clone(), async move {
        TcpStream::connect(&reactor, address).await
    });
    match stream {
        Ok(stream) => (stream, listener.accept().expect("a connection").0),
        Err(error) => ladder::fail(format_args!("it fails: {error}")),
    }
}

fn connects(reactor: &Reactor) {
    ladder::tries("connect to an address where nobody listens");
    ladder::hangs("it never ends: the operating system has refused, and said so");
    let (closed, address) = listener();
    drop(closed);
    let of_it = reactor.clone();
    let refused = run(
        reactor,
        async move { TcpStream::connect(&of_it, address).await },
    );
    match refused {
        Ok(_) => ladder::fail(
            "it says that it is connected, and nobody is there: look at take_error",
        ),
        Err(error) => ladder::check!(
            error.kind() == ErrorKind::ConnectionRefused,
            "it should be refused, and fails with: {error}"
        ),
    }

    ladder::tries("connect to a listener");
    ladder::hangs(
        "it never ends: a socket that is connected can be written, and the reactor tells it",
    );
    drop(connection(reactor));
}

fn reads(reactor: &Reactor) {
    ladder::tries("a read while the other end writes, and closes");
    ladder::hangs("it never ends, and the other end has written and closed");
    let (stream, mut peer) = connection(reactor);
    let writer = thread::spawn(move || peer.write_all(b"good evening"));
    let heard = run(reactor, async move {
        let mut heard = Vec::new();
        let mut buffer = [0; 5];
        loop {
            match stream.read(&mut buffer).await {
                Ok(0) => return Ok(heard),
                Ok(length) => heard.extend_from_slice(&buffer[..length]),
                Err(error) => return Err(error),
            }
        }
    });
    writer
        .join()
        .expect("the writer ends")
        .expect("it can be written");
    match heard {
        Ok(heard) => ladder::check!(
            heard == b"good evening",
            "it should hear \"good evening\", and hears {:?}",
            String::from_utf8_lossy(&heard)
        ),
        Err(error) => ladder::fail(format_args!("it fails: {error}")),
    }
}

fn writes(reactor: &Reactor) {
    ladder::tries("write_all of 8 MB, more than the operating system takes at once");
    ladder::hangs(
        "it never ends, and the other end reads: who waits for the socket, in which direction?",
    );
    let (stream, mut peer) = connection(reactor);
    let bytes: Rc<[u8]> = (0..8_000_000_u32).map(|n| (n % 251) as u8).collect();
    let sent = bytes.clone();
    // Read only once the writer waits: on a machine that is quick at reading, it might never have to.
    let (waits, told) = mpsc::channel();
    let reader = thread::spawn(move || {
        let _ = told.recv();
        let mut heard = Vec::new();
        peer.read_to_end(&mut heard).map(|_| heard)
    });
    let before = move |timeout| {
        let _ = waits.send(());
        timeout
    };
    let executor = Executor::new(reactor.unparker());
    let writes = async move { stream.write_all(&bytes).await };
    let result = executor.block_on(&mut Before(before, reactor.clone()), writes);
    if let Err(error) = result {
        ladder::fail(format_args!("it fails: {error}"));
    }
    let heard = reader
        .join()
        .expect("the reader ends")
        .expect("it can be read");
    ladder::check!(
        heard.len() == sent.len(),
        "not all of the {} bytes arrive: a write may take some of them only",
        sent.len()
    );
    ladder::check!(
        *heard == *sent,
        "other bytes arrive than were sent: after a write, which ones are left?"
    );
}

/// Waits as the reactor does, for as long as a function says that is called first.
struct Before<F>(F, Reactor);

impl<F: FnMut(Option<Duration>) -> Option<Duration>> Park for Before<F> {
    fn park(&mut self, timeout: Option<Duration>) -> bool {
        let timeout = (self.0)(timeout);
        self.1.park(timeout)
    }

    fn unparker(&self) -> Waker {
        self.1.unparker()
    }
}

fn two_connections(reactor: &Reactor) {
    ladder::tries("two tasks that read, each from a connection of its own");
    ladder::hangs("one of them never ends: does each connection know who waits for it?");
    let (first, mut first_peer) = connection(reactor);
    let (second, mut second_peer) = connection(reactor);
    let order = Rc::new(RefCell::new(Vec::new()));
    let executor = Executor::new(reactor.unparker());
    let read = |name, stream: TcpStream| {
        let order = order.clone();
        executor.spawn(async move {
            let length = stream.read(&mut [0; 16]).await;
            order.borrow_mut().push((name, length.ok()));
        })
    };
    let handles = [read("first", first), read("second", second)];
    let mut rounds = 0;
    let before = |timeout: Option<Duration>| {
        rounds += 1;
        if rounds == 1 {
            second_peer.write_all(b"here").expect("it can be written");
        }
        if order.borrow().len() == 1 {
            first_peer.write_all(b"taxi!").expect("it can be written");
        }
        timeout
    };
    let mut park = Before(before, reactor.clone());
    executor.block_on(&mut park, async move {
        for handle in handles {
            handle.await;
        }
    });
    let order = order.take();
    ladder::check!(
        order == [("second", Some(4)), ("first", Some(5))],
        "the second should hear 4 bytes, and then the first 5; it was {order:?}"
    );
}

fn two_directions(reactor: &Reactor) {
    ladder::tries("a task that reads and one that writes, on one connection");
    ladder::hangs(
        "the reader never ends: it waits for the other direction, or in the other one's place",
    );
    let (stream, mut peer) = connection(reactor);
    let stream = Rc::new(stream);
    let executor = Executor::new(reactor.unparker());
    let reads = stream.clone();
    let reader = executor.spawn(async move { reads.read(&mut [0; 16]).await });
    // Nobody reads this, so it waits, and the socket cannot be written any more.
    let bytes = vec![0; 8_000_000];
    executor.spawn(async move { stream.write_all(&bytes).await });
    let mut rounds = 0;
    let before = |timeout: Option<Duration>| {
        rounds += 1;
        if rounds == 3 {
            peer.write_all(b"taxi").expect("it can be written");
        }
        // The first parks only let everybody begin to wait.
        if rounds < 3 {
            Some(Duration::ZERO)
        } else {
            timeout
        }
    };
    let length = executor.block_on(&mut Before(before, reactor.clone()), reader);
    ladder::check!(
        length.is_ok_and(|length| length == 4),
        "the reader should hear 4 bytes"
    );
}

fn main() {
    let reactor = Reactor::new().expect("a reactor");
    connects(&reactor);
    reads(&reactor);
    writes(&reactor);
    two_connections(&reactor);
    two_directions(&reactor);
}
