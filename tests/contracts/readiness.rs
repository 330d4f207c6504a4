//! What chapter 7 promises, at its public interface.

use std::cell::{Cell, RefCell};
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr};
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use event_loop::Clock;
use readiness::{Reactor, TcpListener, TcpStream};
use tasks::spawn;
use timers::timeout;
use wakers::{Park, block_on_with};
use workbook_tests::harness::Contract;
use workbook_tests::limits::limited;
use workbook_tests::process::alone;

#[path = "wakers/at_clone.rs"]
mod at_clone;
#[path = "readiness/budget.rs"]
mod budget;
#[path = "readiness/calls.rs"]
mod calls;
#[path = "readiness/clock.rs"]
mod clock;
#[path = "readiness/eight.rs"]
mod eight;
#[path = "readiness/faults.rs"]
mod faults;
#[cfg(target_os = "linux")]
#[path = "readiness/linux.rs"]
mod linux;
#[path = "readiness/many.rs"]
mod many;
#[path = "readiness/nested.rs"]
mod nested;
#[path = "readiness/nothing.rs"]
mod nothing;
#[cfg(unix)]
#[path = "readiness/urgent.rs"]
mod urgent;

/// How long anything may take. No right code comes near it; a wrong one must not hang the tests.
const LIMIT: Duration = Duration::from_secs(60);

/// An address of this machine whose port the operating system chooses.
fn anywhere() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

/// Runs `make`'s future on the wall clock, for a limited time.
fn real<F>(make: impl FnOnce() -> F + Send + 'static) -> F::Output
where
    F: Future<Output: Send + 'static>,
{
    limited(move || readiness::run(Clock::real(), make()).unwrap())
}

/// A stream of the loop, and its other end outside.
async fn with_outside() -> (TcpStream, std::net::TcpStream) {
    let listener = TcpListener::bind(anywhere()).unwrap();
    let outside = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (stream, _) = listener.accept().await.unwrap();
    (stream, outside)
}

/// Both ends in the loop.
async fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind(anywhere()).unwrap();
    let address = listener.local_addr().unwrap();
    let client = TcpStream::connect(address).await.unwrap();
    let (server, _) = listener.accept().await.unwrap();
    (client, server)
}

/// All that comes until the end, read in pieces of `most` bytes.
async fn read_to_end(stream: &TcpStream, most: usize) -> io::Result<Vec<u8>> {
    let (mut all, mut buffer) = (Vec::new(), vec![0; most]);
    loop {
        match stream.read(&mut buffer).await? {
            0 => return Ok(all),
            length => all.extend(&buffer[..length]),
        }
    }
}

/// Bytes in which each place can be told from its neighbours.
fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|i| (i * 7 + i / 251) as u8).collect()
}

#[test]
fn no_byte_is_lost_whatever_the_pieces() {
    for pieces in [1, 2, 7, 1000, 70_000] {
        real(move || async move {
            let (stream, mut outside) = with_outside().await;
            let sent = pattern(200 * pieces.min(1000));
            let to_send = sent.clone();
            let sender = thread::spawn(move || {
                outside.set_nodelay(true).unwrap();
                for piece in to_send.chunks(pieces) {
                    outside.write_all(piece).unwrap();
                }
            });
            let read = read_to_end(&stream, 5 * pieces / 2 + 1).await.unwrap();
            assert!(read == sent, "in pieces of {pieces}");
            sender.join().unwrap();
        });
    }
}

/// The end may come with the last bytes, in one event, or after them.
#[test]
fn the_end_is_never_lost() {
    real(|| async {
        for round in 0..500 {
            let (stream, mut outside) = with_outside().await;
            if round % 2 == 0 {
                // It waits, and is told of both at once.
                let reader = spawn(async move {
                    let read = read_to_end(&stream, 100).await.unwrap();
                    (read, stream)
                });
                polling::yield_now().await;
                outside.write_all(b"taxi").unwrap();
                drop(outside);
                let (read, stream) = reader.await;
                assert_eq!(read, b"taxi");
                // It stays the end.
                assert_eq!(stream.read(&mut [0]).await.unwrap(), 0);
            } else {
                outside.write_all(b"taxi").unwrap();
                let mut buffer = [0; 100];
                assert_eq!(stream.read(&mut buffer).await.unwrap(), 4);
                drop(outside);
                assert_eq!(stream.read(&mut buffer).await.unwrap(), 0);
            }
        }
    });
}

#[test]
fn half_a_close_leaves_the_other_half() {
    real(|| async {
        let (stream, mut outside) = with_outside().await;
        outside.write_all(b"question").unwrap();
        outside.shutdown(Shutdown::Write).unwrap();
        assert_eq!(read_to_end(&stream, 3).await.unwrap(), b"question");
        stream.write_all(b"answer").await.unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut heard = String::new();
        outside.read_to_string(&mut heard).unwrap();
        assert_eq!(heard, "answer");
    });
}

#[test]
fn two_tasks_read_and_write_one_socket_at_once() {
    const LENGTH: usize = 3_000_000;
    real(|| async {
        let (one, other) = pair().await;
        let ends = [Rc::new(one), Rc::new(other)];
        let mut tasks = Vec::new();
        for end in &ends {
            let (writer, reader) = (Rc::clone(end), Rc::clone(end));
            tasks.push(spawn(async move {
                writer.write_all(&pattern(LENGTH)).await.unwrap();
                writer.shutdown(Shutdown::Write).unwrap();
            }));
            tasks.push(spawn(async move {
                let read = read_to_end(&reader, 10_000).await.unwrap();
                assert!(read == pattern(LENGTH));
            }));
        }
        for task in tasks {
            task.await;
        }
    });
}

#[test]
fn two_tasks_read_from_one_socket() {
    real(|| async {
        let (stream, mut outside) = with_outside().await;
        let stream = Rc::new(stream);
        let readers = [1, 2].map(|_| {
            let stream = Rc::clone(&stream);
            spawn(async move {
                let mut byte = [0];
                assert_eq!(stream.read(&mut byte).await.unwrap(), 1);
                byte[0]
            })
        });
        polling::yield_now().await;
        // One event for two bytes: each reader is told of it, and whoever waits longer is first.
        outside.write_all(b"ab").unwrap();
        for (reader, byte) in readers.into_iter().zip(*b"ab") {
            assert_eq!(reader.await, byte);
        }
    });
}

#[test]
fn a_dropped_read_or_write_leaves_the_socket_usable() {
    real(|| async {
        let (stream, mut outside) = with_outside().await;
        let short = Duration::from_millis(1);
        for _ in 0..3 {
            assert!(timeout(short, stream.read(&mut [0])).await.is_err());
        }
        let big = vec![b'x'; 1 << 16];
        let mut sent = 0;
        while let Ok(more) = timeout(short, stream.write(&big)).await {
            sent += more.unwrap();
        }
        let reader = thread::spawn(move || {
            outside.write_all(b"now").unwrap();
            let mut heard = Vec::new();
            outside.read_to_end(&mut heard).unwrap();
            heard
        });
        let mut buffer = [0; 3];
        assert_eq!(stream.read(&mut buffer).await.unwrap(), 3);
        stream.write_all(b"!").await.unwrap();
        drop(stream);
        let heard = reader.join().unwrap();
        assert_eq!((heard.len(), heard.last()), (sent + 1, Some(&b'!')));
    });
}

/// A socket of the loop with an end outside, and a reactor that can be told to look.
fn contract(fill: bool, complete: fn(&mut std::net::TcpStream)) {
    let reactor = Rc::new(RefCell::new(Reactor::new().unwrap()));
    let entered = reactor.borrow().enter();
    Contract::new(move || {
        let _current = &entered;
        let made = block_on_with(&mut *reactor.borrow_mut(), with_outside());
        let (stream, mut outside) = made;
        if fill {
            let full = stream_is_full(&stream);
            block_on_with(&mut *reactor.borrow_mut(), full);
        }
        let alive = Rc::new(Cell::new(true));
        let (watched, reactor) = (Rc::downgrade(&alive), Rc::clone(&reactor));
        let future = async move {
            let _alive = alive;
            if fill {
                stream.write(b"!").await.is_ok()
            } else {
                stream.read(&mut [0; 8]).await.is_ok()
            }
        };
        let look = move || {
            complete(&mut outside);
            // Until it is told; nobody is, if it is gone, or was not polled yet.
            for _ in 0..100 {
                let wait = Some(Duration::from_millis(5));
                if watched.upgrade().is_none() || reactor.borrow_mut().park(wait).unwrap()
                {
                    break;
                }
            }
        };
        (future, look)
    })
    .gives(true)
    .check();
}

/// Writes until there is no more room.
async fn stream_is_full(stream: &TcpStream) {
    loop {
        let mut write = std::pin::pin!(stream.write(&[b'x'; 1 << 16]));
        let poll = std::future::poll_fn(|context| {
            std::task::Poll::Ready(write.as_mut().poll(context))
        });
        if poll.await.is_pending() {
            return;
        }
    }
}

#[test]
fn a_read_keeps_the_contract() {
    contract(false, |outside| outside.write_all(b"!").unwrap());
}

#[test]
fn a_read_that_hears_the_end_keeps_the_contract() {
    contract(false, |outside| outside.shutdown(Shutdown::Both).unwrap());
}

#[test]
fn a_write_keeps_the_contract() {
    contract(true, |outside| {
        outside.set_nonblocking(true).unwrap();
        while outside
            .read(&mut [0; 1 << 16])
            .is_ok_and(|length| length > 0)
        {}
    });
}

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
