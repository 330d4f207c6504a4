//! Connecting by name: looking it up blocks, and what comes of it are several addresses, some of which may not answer.

use std::future::poll_fn;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::panic::Location;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use net::TcpStream;
use polling::suspended;
use timers::sleep;

use crate::layer::spawn_blocking;

/// How long an address is tried alone before the next one is tried beside it (RFC 8305, *Connection Attempt Delay*).
const HEAD_START: Duration = Duration::from_millis(250);

/// The addresses of `name`, which is a host and a port: `localhost:80`, `[::1]:80`. A thread asks the operating system,
/// in whose order they come.
///
/// ```
/// use event_loop::Clock;
///
/// let found = threads::run(Clock::real(), async { threads::lookup("127.0.0.1:80").await })??;
/// assert_eq!(found, ["127.0.0.1:80".parse().unwrap()]);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// If there is no such name, or no port in it.
///
/// # Panics
///
/// If no loop with threads is running on this thread.
#[track_caller]
pub fn lookup(name: &str) -> impl Future<Output = io::Result<Vec<SocketAddr>>> + use<> {
    let name = name.to_string();
    let job = spawn_blocking(move || name.to_socket_addrs().map(Iterator::collect));
    async { job.await.map_err(io::Error::other)? }
}

/// Connects to `name`, a host and a port, at whichever of its addresses answers first.
///
/// They are tried in turns of the two address families, beginning with that of the first one, as the operating system
/// lists them. Each is tried 250 ms after the one before, or as soon as one has failed (RFC 8305, "happy eyeballs").
/// Those that come too late are closed.
///
/// ```
/// use event_loop::Clock;
///
/// threads::run(Clock::real(), async {
///     let listener = net::TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
///     let port = listener.local_addr()?.port();
///     // It may have an address of the other family too, at which nobody answers.
///     let stream = threads::connect(&format!("localhost:{port}")).await?;
///     assert_eq!(stream.peer_addr()?, listener.local_addr()?);
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// If there is no such name; if nobody answers at any of its addresses: of the kind of the last one's error, in a text
/// that has them all.
///
/// # Panics
///
/// If no loop with threads is running on this thread.
#[track_caller]
pub fn connect(name: &str) -> impl Future<Output = io::Result<TcpStream>> + use<> {
    let (found, made) = (lookup(name), Location::caller());
    async move { race(in_turns(found.await?), made).await }
}

/// [`connect`], to one of `addresses`.
///
/// ```
/// use event_loop::Clock;
///
/// net::run(Clock::virtual_time(), async {
///     let listener = net::TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
///     // Bound, but not listening: it refuses.
///     let socket = net::TcpSocket::new_v4()?;
///     socket.bind("127.0.0.1:0".parse().unwrap())?;
///     let nobody = socket.options().local_addr()?.as_socket().unwrap();
///     let open = listener.local_addr()?;
///     let stream = threads::connect_first(&[nobody, open]).await?;
///     assert_eq!(stream.peer_addr()?, open);
///     let error = threads::connect_first(&[nobody]).await.unwrap_err();
///     assert!(error.to_string().contains(&format!("{nobody}: ")));
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// As there; of kind `InvalidInput` if there is no address.
#[track_caller]
pub fn connect_first(
    addresses: &[SocketAddr],
) -> impl Future<Output = io::Result<TcpStream>> + use<> {
    race(in_turns(addresses.to_vec()), Location::caller())
}

/// The families take turns, the first one's first; within each the order stays.
fn in_turns(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first = addresses.first().map(SocketAddr::is_ipv6);
    let (ours, others): (Vec<_>, Vec<_>) = addresses
        .into_iter()
        .partition(|it| Some(it.is_ipv6()) == first);
    let mut sorted = Vec::new();
    let (mut ours, mut others) = (ours.into_iter(), others.into_iter());
    loop {
        let before = sorted.len();
        sorted.extend(ours.next());
        sorted.extend(others.next());
        if sorted.len() == before {
            return sorted;
        }
    }
}

// ANCHOR: race
type Attempt = Pin<Box<dyn Future<Output = io::Result<TcpStream>>>>;

/// Those who connect, and those who have tried.
struct Race {
    running: Vec<(SocketAddr, Attempt)>,
    failed: Vec<(SocketAddr, io::Error)>,
}

impl Race {
    /// The winner, if there is one. Whoever fails drops out.
    fn poll(&mut self, context: &mut Context<'_>) -> Option<TcpStream> {
        let mut index = 0;
        while let Some((address, attempt)) = self.running.get_mut(index) {
            match attempt.as_mut().poll(context) {
                Poll::Pending => index += 1,
                Poll::Ready(Ok(stream)) => return Some(stream),
                Poll::Ready(Err(error)) => {
                    self.failed.push((*address, error));
                    drop(self.running.remove(index));
                }
            }
        }
        None
    }

    /// Why there is no winner.
    fn error(&self) -> io::Error {
        let kind = self.failed.last().map(|(_, error)| error.kind());
        let each = self.failed.iter();
        let each = each.map(|(address, error)| format!("; {address}: {error}"));
        let text = format!("nobody answers{}", each.collect::<String>());
        io::Error::new(kind.unwrap_or(io::ErrorKind::InvalidInput), text)
    }
}

/// Dropping it, and so its end, drops those who are still connecting: their sockets are
/// closed.
async fn race(
    addresses: Vec<SocketAddr>,
    made: &'static Location<'static>,
) -> io::Result<TcpStream> {
    let mut race = Race {
        running: Vec::new(),
        failed: Vec::new(),
    };
    let mut waiting = addresses.into_iter();
    let mut head_start = pin!(sleep(Duration::ZERO));
    poll_fn(|context| {
        loop {
            let failed = race.failed.len();
            if let Some(stream) = race.poll(context) {
                return Poll::Ready(Ok(stream));
            }
            let is_alone = race.running.is_empty() || race.failed.len() > failed;
            let may_start = is_alone || head_start.as_mut().poll(context).is_ready();
            if may_start && let Some(address) = waiting.next() {
                let attempt = Box::pin(TcpStream::connect(address));
                race.running.push((address, attempt));
                head_start.set(sleep(HEAD_START));
                continue;
            }
            if race.running.is_empty() {
                return Poll::Ready(Err(race.error()));
            }
            suspended(made, "connect");
            return Poll::Pending;
        }
    })
    .await
}
// ANCHOR_END: race
