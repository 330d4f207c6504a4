//! One address, and a listener a core.
//!
//! With SO_REUSEPORT several sockets may listen at one address, and the operating system gives each connection to one of
//! them, chosen by a hash of both addresses. Nobody hands a connection from one core to another, and nobody takes a lock.
//! (On Linux. On macOS and the BSDs the option only lets them share the address: one of them may get all connections.)

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use net::TcpStream;
use socket2::{Domain, Socket, Type};
use task_cell::{JoinError, catch_cancel};
use threads::RemoteTask;

use crate::Cores;

/// How many connections may wait to be accepted, a core.
const BACKLOG: i32 = 1024;

// ANCHOR: struct
/// A server that accepts on all cores; made by [`Cores::serve`]. Dropping it lets the
/// server go on, until the cores end.
#[derive(Debug)]
#[must_use = "dropped, nobody can end the server but by ending the cores"]
pub struct Service {
    address: SocketAddr,
    /// One a core.
    servers: Vec<RemoteTask<io::Result<usize>>>,
    /// How long connections have at the end; they learn it when they are cancelled.
    limit: Arc<OnceLock<Duration>>,
}
// ANCHOR_END: struct

impl Cores {
    // ANCHOR: serve
    /// Listens at `address` on every core, and calls `handler` there for each connection, as
    /// [`net::serve`] does. Port 0 lets the operating system choose one, which all then have.
    ///
    /// ```
    /// use cores::Cores;
    /// use std::io::{Read, Write};
    /// use std::time::Duration;
    ///
    /// let cores = Cores::new(2)?;
    /// let address = "127.0.0.1:0".parse().unwrap();
    /// let service = cores.serve(address, |stream| async move {
    ///     let mut buffer = [0; 64];
    ///     let length = stream.read(&mut buffer).await.unwrap_or(0);
    ///     stream.write_all(&buffer[..length]).await
    /// })?;
    /// let mut line = std::net::TcpStream::connect(service.local_addr())?;
    /// line.write_all(b"taxi")?;
    /// let mut heard = [0; 4];
    /// line.read_exact(&mut heard)?;
    /// assert_eq!(&heard, b"taxi");
    /// wakers::block_on(service.shutdown(Duration::from_secs(1)))?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the address is taken or not ours. It is not taken by a listener of the same user that
    /// allows others beside it, too, such as one of [`Cores::serve`]: those share its callers.
    pub fn serve<H, F>(&self, address: SocketAddr, handler: H) -> io::Result<Service>
    where
        H: FnMut(TcpStream) -> F + Clone + Send + 'static,
        F: Future<Output: 'static> + 'static,
    {
        let first = listener(address)?;
        let address = first.local_addr()?;
        let others = (1..self.len()).map(|_| listener(address));
        // All of them before anybody accepts: whatever is refused is refused here.
        let listeners: Vec<TcpListener> = std::iter::once(Ok(first))
            .chain(others)
            .collect::<io::Result<_>>()?;
        let limit = Arc::<OnceLock<Duration>>::default();
        let start = |(core, listener)| {
            let (handler, limit) = (handler.clone(), Arc::clone(&limit));
            self.spawn_on(core, move || serve(listener, handler, limit))
        };
        Ok(Service {
            address,
            servers: listeners.into_iter().enumerate().map(start).collect(),
            limit,
        })
    }
    // ANCHOR_END: serve
}

// ANCHOR: listener
/// A socket that listens at `address` beside others of its kind.
fn listener(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    // As std does: also where connections of an earlier server fade away.
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}
// ANCHOR_END: listener

// ANCHOR: one
/// What one core does: it serves until it is cancelled, and then ends with grace. How many
/// were cut off.
async fn serve<F: Future<Output: 'static> + 'static>(
    listener: TcpListener,
    handler: impl FnMut(TcpStream) -> F + 'static,
    limit: Arc<OnceLock<Duration>>,
) -> io::Result<usize> {
    let server = net::serve(net::TcpListener::from_std(listener)?, handler)?;
    match catch_cancel(server.wait_closed()).await {
        Ok(closed) => closed.map(|()| 0),
        Err(_cancelled) => {
            let limit = limit.get().copied().unwrap_or_default();
            Ok(server.shutdown(limit).await)
        }
    }
}
// ANCHOR_END: one

impl Service {
    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    // ANCHOR: shutdown
    /// Ends it with grace, on all cores at once: nobody is accepted any more, those under way
    /// have until `limit` to come to their end, and the rest is cut off. How many those were.
    ///
    /// A thread without a loop calls it by [`wakers::block_on`].
    ///
    /// # Errors
    ///
    /// If one of the listeners had failed before: with the first such error, when all have
    /// ended.
    pub async fn shutdown(self, limit: Duration) -> io::Result<usize> {
        // Set once: this is called once.
        self.limit.get_or_init(|| limit);
        for server in &self.servers {
            server.cancel();
        }
        let mut cut_off = Ok(0);
        for server in self.servers {
            let ended = match server.await {
                Ok(ended) => ended,
                // It was asked before it had begun, or its core has ended.
                Err(JoinError::Cancelled) => Ok(0),
                Err(why) => {
                    Err(io::Error::other(format!("a core serves no more: {why}")))
                }
            };
            cut_off = cut_off.and_then(|sum| ended.map(|more| sum + more));
        }
        cut_off
    }
    // ANCHOR_END: shutdown
}
