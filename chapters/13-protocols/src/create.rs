//! Connections and servers whose bytes go to protocols.

use std::io;
use std::net::SocketAddr;
use std::panic::Location;

use net::{TcpListener, TcpStream};
use task_cell::{JoinHandle, spawn_named};

use crate::{Drive, Protocol, Transport};

/// Connects to `address`, and has a task call the protocol that `factory` makes then. `connection_made` was called when
/// it is ready. The handle gives the protocol when the connection is lost; cancelling it ends the connection.
///
/// An example is at [`Protocol`].
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

/// A server whose connections go to protocols; made by [`create_server`].
// ANCHOR: server
pub struct Server {
    address: SocketAddr,
    accepts: JoinHandle<()>,
}

/// Listens at `address`, and has each connection's task call a protocol that `factory` makes.
///
/// An example is at [`Protocol`].
///
/// # Errors
///
/// If no loop with a reactor is running, or the address is taken or not ours.
#[track_caller]
pub fn create_server<P: Protocol>(
    address: SocketAddr,
    mut factory: impl FnMut() -> P + 'static,
) -> io::Result<Server> {
    let location = Location::caller();
    let listener = TcpListener::bind(address)?;
    let address = listener.local_addr()?;
    let accepts = spawn_named("server", async move {
        while let Ok((stream, _)) = listener.accept().await {
            let drive = over_tcp(stream, factory(), location);
            drop(spawn_named("connection", drive));
        }
    });
    Ok(Server { address, accepts })
}

impl Server {
    /// Where it listens.
    ///
    /// # Errors
    ///
    /// Never, as it is now.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }

    /// Stops listening. Its connections go on.
    pub fn close(&self) {
        self.accepts.cancel();
    }
}
// ANCHOR_END: server
