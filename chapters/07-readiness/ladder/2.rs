//! Try first
//!
//! mio is edge-triggered: it tells of each change once. Bytes that came before you began to wait are no news any more.
//! So try an operation first, and wait only if it would block.
//!
//!     impl Socket {
//!         /// Tries `operation`. Where it would block, `context` is woken when the next try is worth it.
//!         pub fn attempt<T>(
//!             &self,
//!             direction: Direction,
//!             context: &mut Context<'_>,
//!             operation: impl FnMut() -> io::Result<T>,
//!         ) -> Poll<io::Result<T>>
//!     }
//!
//! A system call may also be interrupted by a signal: then it is to be tried again, at once.
//!
//! hint: `ErrorKind::WouldBlock` is no failure: it is how a socket says `Pending`.
//!
//! hint: `match operation()`, with three arms. Between the try and `wait` nothing can be missed: events are told by
//! `park` alone, and that runs on this thread.
//!
//! hint: In a `loop`, for the sake of `Interrupted`:
//!
//!     match operation() {
//!         Err(error) if error.kind() == ErrorKind::WouldBlock => {
//!             self.wait(direction, context.waker());
//!             return Poll::Pending;
//!         }
//!         Err(error) if error.kind() == ErrorKind::Interrupted => {}
//!         result => return Poll::Ready(result),
//!     }
//!
//! done: This is the joint between two worlds: on its one side are system calls that would block, on the other futures
//! that are pending. All that follows are system calls in this envelope.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use ladder::Bell;
use mine::readiness::{Direction, Reactor, Socket};
use mine::wakers::Park;
use mio::net::TcpStream;

fn look(reactor: &Reactor, timeout: Option<Duration>) -> bool {
    reactor.clone().park(timeout)
}

/// A connection with one end for mio, and the other for us.
fn connection() -> (TcpStream, std::net::TcpStream) {
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = std::net::TcpListener::bind(anywhere).expect("a port");
    let ours = std::net::TcpStream::connect(listener.local_addr().expect("it has one"));
    let (theirs, _) = listener.accept().expect("a connection");
    theirs.set_nonblocking(true).expect("it can be");
    (TcpStream::from_std(theirs), ours.expect("a connection"))
}

/// Tries to read a few bytes.
fn read(
    socket: &Socket,
    stream: &TcpStream,
    bell: &Arc<Bell>,
) -> Poll<io::Result<String>> {
    let waker = bell.waker();
    let mut context = Context::from_waker(&waker);
    let mut buffer = [0; 16];
    let mut stream = stream;
    let length =
        socket.attempt(Direction::Read, &mut context, || stream.read(&mut buffer));
    length.map_ok(|length| String::from_utf8_lossy(&buffer[..length]).into_owned())
}

fn before_it_waits() {
    ladder::tries("a read of bytes that came before, and whose event is over");
    ladder::hangs("the loop sleeps, and the bytes are there");
    let reactor = Reactor::new().expect("a reactor");
    let (mut stream, mut peer) = connection();
    let socket = reactor.watch(&mut stream).expect("it can be watched");
    peer.write_all(b"taxi").expect("it can be written");
    // The event that tells of the bytes, while nobody waits.
    while !stream.peek(&mut [0]).is_ok_and(|length| length > 0) {}
    look(&reactor, Some(Duration::ZERO));
    let bell = Bell::new();
    let first = read(&socket, &stream, &bell);
    ladder::check!(
        !first.is_pending(),
        "it waits, and the bytes are there: their event was told before, and is not told again. Try first"
    );
    let heard = matches!(&first, Poll::Ready(Ok(word)) if word == "taxi");
    ladder::check!(heard, "it should read \"taxi\", and says {first:?}");

    ladder::tries("a read when nothing has come");
    let bell = Bell::new();
    let second = read(&socket, &stream, &bell);
    let blocked = matches!(&second, Poll::Ready(Err(error)) if error.kind() == ErrorKind::WouldBlock);
    ladder::check!(
        !blocked,
        "it fails with WouldBlock: that is no failure, it is Pending"
    );
    ladder::check!(
        second.is_pending(),
        "it should be pending, and says {second:?}"
    );
    ladder::check!(
        bell.rings() == 0,
        "it wakes its task at once: that is a busy loop, and the reactor would have told"
    );
    ladder::check!(
        bell.wakers() == 1,
        "it says Pending, and no waker waits: whom shall the reactor wake?"
    );

    ladder::tries("a read that waits, polled by another task, and bytes that come");
    let newest = Bell::new();
    let _pending = read(&socket, &stream, &newest);
    peer.write_all(b"here").expect("it can be written");
    while !look(&reactor, None) {}
    ladder::check!(
        newest.rings() == 1,
        "the task that polled last is not woken: the newest waker counts"
    );
    let third = read(&socket, &stream, &newest);
    let heard = matches!(&third, Poll::Ready(Ok(word)) if word == "here");
    ladder::check!(heard, "it should read \"here\", and says {third:?}");
}

fn other_answers() {
    let reactor = Reactor::new().expect("a reactor");
    let (mut stream, _peer) = connection();
    let socket = reactor.watch(&mut stream).expect("it can be watched");
    let bell = Bell::new();
    let waker = bell.waker();
    let mut context = Context::from_waker(&waker);

    ladder::tries("an operation that fails");
    let broken = socket.attempt(Direction::Write, &mut context, || {
        io::Result::<()>::Err(ErrorKind::BrokenPipe.into())
    });
    let told = matches!(&broken, Poll::Ready(Err(error)) if error.kind() == ErrorKind::BrokenPipe);
    ladder::check!(told, "its error should come back, and it says {broken:?}");

    ladder::tries("an operation that is interrupted by a signal, and then succeeds");
    let mut tries = 0;
    let result = socket.attempt(Direction::Write, &mut context, || {
        tries += 1;
        if tries == 1 {
            return Err(ErrorKind::Interrupted.into());
        }
        Ok(tries)
    });
    ladder::check!(
        matches!(result, Poll::Ready(Ok(2))),
        "it should be tried again at once, and it says {result:?}"
    );
}

fn main() {
    before_it_waits();
    other_answers();
}
