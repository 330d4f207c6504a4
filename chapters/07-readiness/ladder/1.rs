//! Asking the operating system
//!
//! A socket is ready when the operating system says so. mio asks about many sockets at once, and sleeps until there is
//! news of one (with epoll on Linux, kqueue on macOS). Add it to the end of `mine/Cargo.toml`, below `[dependencies]`:
//!
//!     mio = { version = "1.2", features = ["net", "os-poll"] }
//!
//! Then write what keeps the wakers of those who wait:
//!
//!     #[derive(Clone, Copy)]
//!     pub enum Direction { Read, Write }
//!
//!     /// Who waits for a socket, in each direction.
//!     pub struct Socket { /* … */ }
//!
//!     impl Socket {
//!         /// Has `waker` woken once when the socket may be ready. The newest one counts.
//!         pub fn wait(&self, direction: Direction, waker: &Waker)
//!     }
//!
//!     /// Clones are the same reactor.
//!     #[derive(Clone)]
//!     pub struct Reactor { /* … */ }
//!
//!     impl Reactor {
//!         pub fn new() -> io::Result<Reactor>
//!
//!         /// Registers `source` for both directions.
//!         pub fn watch(
//!             &self,
//!             source: &mut impl mio::event::Source,
//!         ) -> io::Result<Rc<Socket>>
//!     }
//!
//!     impl Park for Reactor { /* … */ }
//!
//! A park waits in the operating system, wakes those whose sockets are ready, and says whether anybody was woken or the
//! unparker was called.
//!
//! needs: 4.4
//!
//! hint: mio knows a socket by a number, its `Token`. So the reactor has a map from tokens to sockets; and one token is
//! that of a `mio::Waker`, by which another thread ends a wait.
//!
//! hint: Keep in the map `Weak<Socket>`, so that a socket that is dropped is not kept. In `park`, take the waker out
//! before you wake it (`RefCell::take`), and hold no borrow of the map meanwhile: whoever is woken may open a socket.
//! An end or an error is worth a try, too.
//!
//! hint: The park, with `poll: RefCell<mio::Poll>` in the reactor:
//!
//!     let mut events = Events::with_capacity(64);
//!     match self.0.poll.borrow_mut().poll(&mut events, timeout) {
//!         // A signal has ended the wait.
//!         Err(error) if error.kind() == ErrorKind::Interrupted => {}
//!         polled => polled.expect("the operating system lets us wait"),
//!     }
//!     let mut woken = false;
//!     for event in &events {
//!         woken |= event.token() == UNPARK;
//!         let socket = self.0.sockets.borrow().get(&event.token()).cloned();
//!         let Some(socket) = socket.and_then(|it| it.upgrade()) else { continue };
//!         if event.is_readable() || event.is_read_closed() || event.is_error() {
//!             woken |= socket.wake(Direction::Read);
//!         }
//!         if event.is_writable() || event.is_write_closed() || event.is_error() {
//!             woken |= socket.wake(Direction::Write);
//!         }
//!     }
//!     woken
//!
//! where `wake` is `self.waker(direction).take().map(Waker::wake).is_some()`.
//!
//! done: That is a reactor: a map from the operating system's tokens to wakers. It says that something is worth a try,
//! no more. Next: the try.

use std::cell::RefCell;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::task::{Wake, Waker};
use std::thread;
use std::time::Duration;

use ladder::Bell;
use mine::readiness::{Direction, Reactor};
use mine::wakers::Park;
use mio::net::{TcpListener, TcpStream};

const NOW: Option<Duration> = Some(Duration::ZERO);

fn anywhere() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
}

fn reactor() -> Reactor {
    Reactor::new().expect("a reactor")
}

fn look(reactor: &Reactor, timeout: Option<Duration>) -> bool {
    reactor.clone().park(timeout)
}

/// A connection with one end for mio, and the other for us.
fn connection() -> (TcpStream, std::net::TcpStream) {
    let listener = std::net::TcpListener::bind(anywhere()).expect("a port");
    let ours = std::net::TcpStream::connect(listener.local_addr().expect("it has one"));
    let (theirs, _) = listener.accept().expect("a connection");
    theirs.set_nonblocking(true).expect("it can be");
    (TcpStream::from_std(theirs), ours.expect("a connection"))
}

fn unparked() {
    ladder::tries("a park for zero, when nothing is there");
    ladder::hangs("it waits: a timeout of zero is a look");
    let reactor = reactor();
    ladder::check!(!look(&reactor, NOW), "it says that somebody was woken");

    ladder::tries("a park without limit, after the unparker was called");
    ladder::hangs(
        "it sleeps on: the unparker's call is not heard. Is its token known to the poll?",
    );
    reactor.unparker().wake();
    ladder::check!(
        look(&reactor, None),
        "it ends, and says that nobody has called"
    );

    ladder::tries("a park without limit, and a call from another thread");
    ladder::hangs("it sleeps on: the unparker's call is not heard");
    let unparker = reactor.unparker();
    let caller = thread::spawn(move || unparker.wake());
    while !look(&reactor, None) {}
    caller.join().expect("the caller ends");
}

fn each_direction() {
    ladder::tries("a connection that can be written, and a park");
    ladder::hangs("it sleeps on: is the source registered, for both directions?");
    let reactor = reactor();
    let (mut stream, mut peer) = connection();
    let socket = reactor.watch(&mut stream).expect("it can be watched");
    let (reader, writer) = (Bell::new(), Bell::new());
    socket.wait(Direction::Read, &reader.waker());
    socket.wait(Direction::Write, &writer.waker());
    let woken = look(&reactor, None);
    ladder::check!(
        writer.rings() > 0,
        "the writer is not woken: has the reader taken its place?"
    );
    ladder::check!(
        reader.rings() == 0,
        "the reader is woken, and there is nothing to read"
    );
    ladder::check!(woken, "the writer was woken, and park says that nobody was");

    ladder::tries("a connection with something to read, and a park");
    ladder::hangs("it sleeps on, and there is something to read");
    peer.write_all(b"taxi").expect("it can be written");
    while !look(&reactor, None) {}
    ladder::check!(
        reader.rings() == 1,
        "the reader should be woken once, and was {} times",
        reader.rings()
    );
    ladder::check!(
        writer.rings() == 1,
        "the writer is woken again, and it does not wait any more: who is woken is to be taken out"
    );

    ladder::tries("a connection that nobody waits for any more, and a park");
    peer.write_all(b"taxi").expect("it can be written");
    let woken = look(&reactor, Some(Duration::from_millis(50)));
    ladder::check!(
        !woken,
        "it says that somebody was woken: a loop that believes it would go round and round"
    );
}

fn newest_and_ends() {
    ladder::tries("two wakers that wait for one socket, one after the other");
    ladder::hangs("it sleeps on, and there is something to read");
    let reactor = reactor();
    let (mut stream, mut peer) = connection();
    let socket = reactor.watch(&mut stream).expect("it can be watched");
    look(&reactor, NOW);
    let (first, second) = (Bell::new(), Bell::new());
    socket.wait(Direction::Read, &first.waker());
    socket.wait(Direction::Read, &second.waker());
    peer.write_all(b"taxi").expect("it can be written");
    while !look(&reactor, None) {}
    ladder::check!(
        second.rings() == 1,
        "the newest waker counts, and it is not woken"
    );
    ladder::check!(first.rings() == 0, "the older waker is woken, too");

    ladder::tries("a connection whose other end is closed");
    ladder::hangs("it sleeps on: an end can be read, too");
    socket.wait(Direction::Read, &second.waker());
    drop(peer);
    while !look(&reactor, None) {}
    ladder::check!(
        second.rings() == 2,
        "the reader is not woken: an end can be read, too"
    );
}

thread_local! {
    static REACTOR: RefCell<Option<Reactor>> = const { RefCell::new(None) };
}

/// Opens a socket when it is woken.
struct Opens;

impl Wake for Opens {
    fn wake(self: Arc<Opens>) {
        let reactor = REACTOR.with_borrow(Clone::clone).expect("a reactor");
        let mut listener = TcpListener::bind(anywhere()).expect("a port");
        drop(reactor.watch(&mut listener).expect("it can be watched"));
    }
}

fn opens() {
    ladder::tries("somebody who is woken and opens a socket");
    let reactor = reactor();
    let (mut stream, mut peer) = connection();
    let socket = reactor.watch(&mut stream).expect("it can be watched");
    REACTOR.set(Some(reactor.clone()));
    socket.wait(Direction::Read, &Waker::from(Arc::new(Opens)));
    peer.write_all(b"taxi").expect("it can be written");
    let panicked = ladder::panics(|| while !look(&reactor, None) {});
    if let Some(message) = panicked {
        ladder::check!(
            !message.contains("borrow"),
            "the reactor is still borrowed while somebody is woken, and they open a socket"
        );
        ladder::fail(format_args!("it panics: {message}"));
    }
}

fn main() {
    unparked();
    each_direction();
    newest_and_ends();
    opens();
}
