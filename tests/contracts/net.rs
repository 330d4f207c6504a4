//! What chapter 12 promises, at its public interface.

use std::io;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use event_loop::Clock;
use net::{Connection, Socket, TcpListener, TcpStream};
use workbook_tests::limits::limited;

#[path = "net/clock.rs"]
mod clock;
#[path = "net/connection.rs"]
mod connection;
#[path = "net/contract.rs"]
mod contract;
#[path = "net/datagrams.rs"]
mod datagrams;
#[path = "net/faults.rs"]
mod faults;
#[cfg(unix)]
#[path = "net/fd.rs"]
mod fd;
#[path = "net/reader.rs"]
mod reader;
#[path = "net/server.rs"]
mod server;
#[path = "net/tcp.rs"]
mod tcp;
#[path = "net/traits.rs"]
mod traits;
#[path = "net/writer.rs"]
mod writer;

const HOUR: Duration = Duration::from_secs(3600);

/// An address of this machine whose port the operating system chooses.
fn anywhere() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

/// Runs `make`'s future on `clock`, on a thread of its own, and fails if that does not end.
fn on<F>(clock: Clock, make: impl FnOnce() -> F + Send + 'static) -> F::Output
where
    F: Future<Output: Send + 'static>,
{
    limited(move || net::run(clock, make()).unwrap())
}

/// Runs `make`'s future on the wall clock.
fn real<F>(make: impl FnOnce() -> F + Send + 'static) -> F::Output
where
    F: Future<Output: Send + 'static>,
{
    on(Clock::real(), make)
}

/// Runs `make`'s future on virtual time.
fn virtually<F>(make: impl FnOnce() -> F + Send + 'static) -> F::Output
where
    F: Future<Output: Send + 'static>,
{
    on(Clock::virtual_time(), make)
}

/// Two ends of a TCP connection.
async fn tcp() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind(anywhere()).unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).await;
    let (server, _) = listener.accept().await.unwrap();
    (client.unwrap(), server)
}

/// Two ends of a Unix connection.
#[cfg(unix)]
async fn unix() -> (net::UnixStream, net::UnixStream) {
    net::UnixStream::pair().unwrap()
}

/// A stream of the loop, and its other end outside.
async fn with_outside() -> (TcpStream, std::net::TcpStream) {
    let listener = TcpListener::bind(anywhere()).unwrap();
    let outside = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (stream, _) = listener.accept().await.unwrap();
    (stream, outside)
}

/// All that comes until the end, read in pieces of `most` bytes.
async fn read_to_end<S: Socket>(
    stream: &Connection<S>,
    most: usize,
) -> io::Result<Vec<u8>> {
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

/// What `work` panics with.
fn panic_of<T>(work: impl FnOnce() -> T) -> String {
    let panic = catch_unwind(AssertUnwindSafe(work)).err().unwrap();
    wakers::panic_message(&*panic).unwrap().to_string()
}

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
