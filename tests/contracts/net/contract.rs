//! The contract of every future, kept by those of the sockets.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::io::{Read, Write};
use std::net::Shutdown;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use event_loop::Clock;
use futures::AsyncReadExt;
use net::{StreamReader, TcpListener, TcpStream, UdpSocket};
use readiness::Reactor;
use socket2::SockRef;
use timers::Timers;
use wakers::{Park, block_on_with};
use workbook_tests::harness::Contract;

use super::{anywhere, with_outside};

type Outside = std::net::TcpStream;
type Waits = Pin<Box<dyn Future<Output = bool>>>;
type Layers = Rc<RefCell<Timers<Reactor>>>;

/// Runs the contract of what `wait` makes, which `complete` completes.
fn keeps<O: 'static>(
    make: impl Fn(&Layers) -> (Waits, O) + 'static,
    complete: fn(&mut O),
) {
    let timers = Timers::new(Reactor::new().unwrap(), Clock::real());
    let layers = Rc::new(RefCell::new(timers));
    let entered = layers.borrow().enter();
    Contract::new(move || {
        let _current = &entered;
        let (waits, mut other) = make(&layers);
        let alive = Rc::new(Cell::new(true));
        let watched = Rc::downgrade(&alive);
        let future = async move {
            let _alive = alive;
            waits.await
        };
        let layers = Rc::clone(&layers);
        let look = move || {
            complete(&mut other);
            // Until it is told; nobody is, if it is gone, or was not polled yet.
            for _ in 0..20 {
                let wait = Some(Duration::from_millis(5));
                let gone = watched.upgrade().is_none();
                if gone || layers.borrow_mut().park(wait).unwrap() {
                    break;
                }
            }
        };
        (future, look)
    })
    .gives(true)
    .check();
}

/// A stream of the loop, for `wait`, and its other end outside.
fn on_a_stream(
    wait: impl AsyncFn(TcpStream) -> bool + Clone + 'static,
    fill: bool,
    complete: fn(&mut Outside),
) {
    let make = move |layers: &Layers| {
        let mut layers = layers.borrow_mut();
        let (stream, outside) = block_on_with(&mut *layers, with_outside());
        if fill {
            block_on_with(&mut *layers, until_full(&stream));
        }
        let wait = wait.clone();
        (
            Box::pin(async move { wait(stream).await }) as Waits,
            outside,
        )
    };
    keeps(make, complete);
}

/// Writes until there is no more room.
async fn until_full(stream: &TcpStream) {
    loop {
        let mut write = pin!(stream.write(&[b'x'; 1 << 16]));
        let poll = poll_fn(|context| Poll::Ready(write.as_mut().poll(context)));
        if poll.await.is_pending() {
            return;
        }
    }
}

fn say(outside: &mut Outside) {
    outside.write_all(b"!\n").unwrap();
}

fn drain(outside: &mut Outside) {
    outside.set_nonblocking(true).unwrap();
    while outside
        .read(&mut [0; 1 << 16])
        .is_ok_and(|length| length > 0)
    {}
}

#[test]
fn reads_keep_the_contract() {
    on_a_stream(async |it| it.read(&mut [0; 8]).await.is_ok(), false, say);
    on_a_stream(async |it| it.peek(&mut [0; 8]).await.is_ok(), false, say);
    on_a_stream(
        async |it| it.read_exact(&mut [0; 2]).await.is_ok(),
        false,
        say,
    );
    let end = |outside: &mut Outside| outside.shutdown(Shutdown::Both).unwrap();
    on_a_stream(async |it| it.read(&mut [0; 8]).await.is_ok(), false, end);
    let reset = |outside: &mut Outside| {
        SockRef::from(&*outside)
            .set_linger(Some(Duration::ZERO))
            .unwrap();
        let other = TcpStreams::other();
        drop(std::mem::replace(outside, other));
    };
    on_a_stream(async |it| it.read(&mut [0; 8]).await.is_err(), false, reset);
}

/// Streams to put in the place of others.
struct TcpStreams;

impl TcpStreams {
    fn other() -> Outside {
        let listener = std::net::TcpListener::bind(anywhere()).unwrap();
        Outside::connect(listener.local_addr().unwrap()).unwrap()
    }
}

#[test]
fn reads_by_the_trait_keep_the_contract() {
    let wait =
        async |mut it: TcpStream| AsyncReadExt::read(&mut it, &mut [0; 8]).await.is_ok();
    on_a_stream(wait, false, say);
    let half = async |it: TcpStream| {
        let (mut reads, _writes) = it.into_split();
        AsyncReadExt::read(&mut reads, &mut [0; 8]).await.is_ok()
    };
    on_a_stream(half, false, say);
}

#[test]
fn reads_of_lines_keep_the_contract() {
    let wait = async |it: TcpStream| {
        let mut reader = StreamReader::new(it);
        reader.read_line().await.unwrap().as_deref() == Some("!")
    };
    on_a_stream(wait, false, say);
    let wait = async |it: TcpStream| {
        let mut reader = StreamReader::new(it);
        reader.read_exactly(2).await.unwrap() == b"!\n"
    };
    on_a_stream(wait, false, say);
}

#[test]
fn writes_keep_the_contract() {
    on_a_stream(async |it| it.write(b"!").await.is_ok(), true, drain);
    on_a_stream(async |it| it.write_all(b"!").await.is_ok(), true, drain);
}

#[test]
fn an_accept_keeps_the_contract() {
    let make = |_: &Layers| {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let address = listener.local_addr().unwrap();
        let wait = Box::pin(async move { listener.accept().await.is_ok() });
        (wait as Waits, (address, None))
    };
    keeps(make, |(address, caller)| {
        // Nobody listens any more where the future is gone.
        *caller = Outside::connect(*address).ok();
    });
}

#[test]
fn a_receive_keeps_the_contract() {
    let make = |_: &Layers| {
        let socket = UdpSocket::bind(anywhere()).unwrap();
        let address = socket.local_addr().unwrap();
        let wait = Box::pin(async move { socket.recv(&mut [0; 8]).await.is_ok() });
        (wait as Waits, address)
    };
    keeps(make, |address| {
        let sender = std::net::UdpSocket::bind(anywhere()).unwrap();
        sender.send_to(b"!", *address).unwrap();
    });
}

#[cfg(unix)]
#[test]
fn a_wait_for_a_descriptor_keeps_the_contract() {
    let make = |_: &Layers| {
        let (reads, writes) = std::io::pipe().unwrap();
        let fd = net::AsyncFd::new(reads).unwrap();
        let wait = Box::pin(async move { fd.readable().await.is_ok() });
        (wait as Waits, writes)
    };
    keeps(make, |writes| drop(writes.write_all(b"!")));
}
