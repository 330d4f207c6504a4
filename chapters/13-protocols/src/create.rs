//! Connections and servers whose bytes go to protocols.

use std::io;
use std::net::SocketAddr;
use std::panic::Location;

use net::{Server, TcpListener, TcpStream};
use task_cell::{JoinHandle, spawn_named};

use crate::{Drive, Protocol, Transport};

/// Connects to `address`, and has a task call the protocol that `factory` makes then. `connection_made` was called when
/// it is ready. The handle gives the protocol when the connection is lost; cancelling it ends the connection.
///
/// ```
/// use event_loop::Clock;
/// use protocols::{Protocol, Transport, create_connection, create_server};
///
/// /// Says its word, and hears the other's.
/// struct Says(&'static str, String);
///
/// impl Protocol for Says {
///     fn connection_made(&mut self, transport: Transport) {
///         transport.write(self.0.as_bytes());
///         transport.write_eof();
///     }
///     fn data_received(&mut self, data: &[u8]) {
///         self.1.push_str(std::str::from_utf8(data).unwrap());
///     }
/// }
///
/// net::run(Clock::virtual_time(), async {
///     let anywhere = "127.0.0.1:0".parse().unwrap();
///     let server = create_server(anywhere, || Says("good evening", String::new()))?;
///     let factory = || Says("a taxi, please", String::new());
///     let (_transport, says) = create_connection(server.local_addr(), factory).await?;
///     assert_eq!(says.await.unwrap().1, "good evening");
///     server.close();
///     server.wait_closed().await
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// If no loop with a reactor is running, or nobody listens there.
// ANCHOR: connection
#[track_caller]
pub fn create_connection<P: Protocol>(
    address: SocketAddr,
    factory: impl FnOnce() -> P,
) -> impl Future<Output = io::Result<(Transport, JoinHandle<P>)>> {
    let location = Location::caller();
    let connecting = TcpStream::connect(address);
    async move {
        let drive = over_tcp(connecting.await?, factory(), location);
        let transport = drive.make();
        Ok((transport, spawn_named("connection", drive)))
    }
}

fn over_tcp<P: Protocol>(
    stream: TcpStream,
    protocol: P,
    location: &'static Location<'static>,
) -> Drive<P> {
    let addresses = [stream.local_addr().ok(), stream.peer_addr().ok()];
    Drive::new(stream, addresses, protocol, location)
}
// ANCHOR_END: connection

/// Listens at `address`, and has each connection's task call a protocol that `factory` makes. The server is that of
/// chapter 12: it can be closed, waited for, and [shut down](Server::shutdown).
///
/// ```
/// use event_loop::Clock;
/// use protocols::{Protocol, Transport, create_connection, create_server};
///
/// /// Says its word, and hears the other's.
/// struct Says(&'static str, String);
///
/// impl Protocol for Says {
///     fn connection_made(&mut self, transport: Transport) {
///         transport.write(self.0.as_bytes());
///         transport.write_eof();
///     }
///     fn data_received(&mut self, data: &[u8]) {
///         self.1.push_str(std::str::from_utf8(data).unwrap());
///     }
/// }
///
/// net::run(Clock::virtual_time(), async {
///     let anywhere = "127.0.0.1:0".parse().unwrap();
///     let server = create_server(anywhere, || Says("good evening", String::new()))?;
///     let factory = || Says("a taxi, please", String::new());
///     let (_transport, says) = create_connection(server.local_addr(), factory).await?;
///     assert_eq!(says.await.unwrap().1, "good evening");
///     server.close();
///     server.wait_closed().await
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// If no loop with a reactor is running, or the address is taken or not ours.
// ANCHOR: server
#[track_caller]
pub fn create_server<P: Protocol>(
    address: SocketAddr,
    mut factory: impl FnMut() -> P + 'static,
) -> io::Result<Server> {
    let location = Location::caller();
    net::serve(TcpListener::bind(address)?, move |stream| {
        over_tcp(stream, factory(), location)
    })
}
// ANCHOR_END: server
