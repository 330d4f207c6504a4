//! What is on its way
//!
//! Two tasks of yours talk over a socket. One writes, and sleeps; the other waits for the bytes. Nobody is ready. May
//! the clock jump? The bytes are in the operating system: it will hand them over in a moment, but the look may come too
//! early. So the clock has to wait while bytes are on their way to somebody who waits for them. The reactor can know,
//! since both ends are yours:
//!
//!     impl Reactor {
//!         /// Whether something is on its way to somebody who waits for it.
//!         pub fn expects(&self) -> bool
//!     }
//!
//! And its `park` waits for what it expects, even if it was only asked to look: that is a short wait, and the layers
//! above need not know of it.
//!
//! Bytes that nobody waits for do not count: the reader may be asleep, and then the clock has to jump. A connection that
//! nobody has accepted yet is on its way to the listener, like a byte. An end is not counted here; the chapter's
//! `ends.rs` does.
//!
//! hint: Count. Each write adds to what is on its way, from here to there; each read takes away. What names a way?
//!
//! hint: The two addresses do: the `local_addr` of one end is the `peer_addr` of the other. So a map in the reactor,
//! `HashMap<(Option<SocketAddr>, SocketAddr), isize>`; `None` is where a connection comes from that is not accepted.
//! Each `Socket` remembers the way on which its bytes come.
//!
//! hint: With `hears: Cell<Option<Way>>` in each `Socket`, set when a connection is made or accepted, and `(None,
//! address)` for a listener:
//!
//!     let on_its_way = self.0.on_its_way.borrow();
//!     let comes = |way| on_its_way.get(&way).is_some_and(|amount| *amount > 0);
//!     let sockets = self.0.sockets.borrow();
//!     sockets.values().filter_map(Weak::upgrade).any(|socket| {
//!         socket.reader.borrow().is_some() && socket.hears.get().is_some_and(comes)
//!     })
//!
//! and at the beginning of `park`:
//!
//!     let timeout = if self.expects() { None } else { timeout };
//!
//! done: That is what lets a program with sockets run on a virtual clock and print the same each time. The chapter's
//! reactor asks the same question, and some more: `ends.rs`. One rung is left.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use ladder::Bell;
use mine::readiness::{Reactor, TcpListener, TcpStream};
use mine::tasks::Executor;
use mine::wakers::Park;

fn well<T>(result: io::Result<T>) -> T {
    result.unwrap_or_else(|error| ladder::fail(format_args!("it fails: {error}")))
}

fn reactor() -> Reactor {
    Reactor::new().expect("a reactor")
}

/// Runs a future on the executor of chapter 6, which waits in the operating system.
fn run<F: Future + 'static>(reactor: &Reactor, future: F) -> F::Output {
    let executor = Executor::new(reactor.unparker());
    executor.block_on(&mut reactor.clone(), future)
}

fn listener(reactor: &Reactor) -> (TcpListener, SocketAddr) {
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = well(TcpListener::bind(reactor, anywhere));
    let address = well(listener.local_addr());
    (listener, address)
}

/// Both ends of a connection.
fn connection(reactor: &Reactor) -> (Rc<TcpStream>, Rc<TcpStream>) {
    let (listener, address) = listener(reactor);
    let of_it = reactor.clone();
    run(reactor, async move {
        let here = well(TcpStream::connect(&of_it, address).await);
        let there = well(listener.accept().await);
        (Rc::new(here), Rc::new(there))
    })
}

fn polled<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    ladder::poll(future, &Bell::new())
}

/// Polls a future that can go on at once.
fn at_once<F: Future>(future: F) -> F::Output {
    match polled(pin!(future)) {
        Poll::Ready(output) => output,
        Poll::Pending => ladder::fail("it waits, and it could go on at once"),
    }
}

fn bytes() {
    ladder::tries("a connection on which nothing is said");
    let reactor = reactor();
    let (here, there) = connection(&reactor);
    ladder::check!(
        !reactor.expects(),
        "something is expected, and nobody waits"
    );
    let mut buffer = [0; 4];
    let mut read = pin!(there.read(&mut buffer));
    ladder::check!(
        polled(read.as_mut()).is_pending(),
        "the read is over, and nothing was written"
    );
    ladder::check!(
        !reactor.expects(),
        "something is expected, since somebody waits: but nobody has written. The clock would stand still for ever"
    );

    ladder::tries("four bytes that were written, and somebody who waits for them");
    well(at_once(here.write_all(b"taxi")));
    ladder::check!(
        reactor.expects(),
        "nothing is expected: the clock would jump, with four bytes on their way to somebody who waits"
    );

    ladder::tries("four bytes that were written and read");
    while polled(read.as_mut()).is_pending() {
        reactor.clone().park(Some(Duration::ZERO));
    }
    let mut buffer = [0; 4];
    let mut read = pin!(there.read(&mut buffer));
    let _pending = polled(read.as_mut());
    ladder::check!(
        !reactor.expects(),
        "something is expected, and everything has been read: the clock would stand still for ever"
    );
}

fn nobody_waits() {
    ladder::tries("four bytes that were written, and nobody who waits for them");
    let reactor = reactor();
    let (here, there) = connection(&reactor);
    well(at_once(here.write_all(b"taxi")));
    ladder::check!(
        !reactor.expects(),
        "something is expected, and nobody waits: if the reader sleeps for a second, the clock has to jump"
    );

    ladder::tries("four bytes from here to there, while somebody here waits");
    let mut buffer = [0; 4];
    let mut read = pin!(here.read(&mut buffer));
    let _pending = polled(read.as_mut());
    ladder::check!(
        !reactor.expects(),
        "something is expected by the one who wrote: the two ways of a connection are to be counted apart"
    );
    drop(there);
}

fn connections() {
    ladder::tries("a listener that waits, and nobody who calls");
    let reactor = reactor();
    let (listener, address) = listener(&reactor);
    let mut accept = pin!(listener.accept());
    let _pending = polled(accept.as_mut());
    ladder::check!(
        !reactor.expects(),
        "something is expected, and nobody calls"
    );

    ladder::tries("a listener that waits, and somebody who connects");
    let mut connect = pin!(TcpStream::connect(&reactor, address));
    let mut stream = polled(connect.as_mut());
    ladder::check!(
        reactor.expects(),
        "nothing is expected: the clock would jump, with a connection on its way to somebody who accepts"
    );

    ladder::tries("a connection that was accepted");
    while stream.is_pending() {
        reactor.clone().park(Some(Duration::ZERO));
        stream = polled(connect.as_mut());
    }
    while polled(accept.as_mut()).is_pending() {
        reactor.clone().park(Some(Duration::ZERO));
    }
    let mut accept = pin!(listener.accept());
    let _pending = polled(accept.as_mut());
    ladder::check!(
        !reactor.expects(),
        "something is expected, and the connection has been accepted: the clock would stand still for ever"
    );
}

fn main() {
    bytes();
    nobody_waits();
    connections();
}
