//! Protocols for datagrams: each arrives whole, or is lost.

use std::any::Any;
use std::io;
use std::net::SocketAddr;

use crate::DatagramTransport;

/// What is to be done with the datagrams of one socket: asyncio's `DatagramProtocol`.
///
/// Its methods are called as those of a [`Protocol`](crate::Protocol) are: `connection_made` first, `connection_lost` last,
/// each once. Between them there is no order: datagrams overtake one another, and may be lost.
///
/// ```
/// use event_loop::Clock;
/// use protocols::{DatagramProtocol, DatagramTransport, create_datagram_endpoint};
/// use std::net::SocketAddr;
///
/// #[derive(Default)]
/// struct Echo(Option<DatagramTransport>);
///
/// impl DatagramProtocol for Echo {
///     fn connection_made(&mut self, transport: DatagramTransport) {
///         self.0 = Some(transport);
///     }
///     fn datagram_received(&mut self, data: &[u8], from: SocketAddr) {
///         self.0.as_ref().unwrap().send_to(data, from);
///     }
/// }
///
/// /// Hears one, and ends.
/// #[derive(Default)]
/// struct Ear(Option<DatagramTransport>, Vec<u8>);
///
/// impl DatagramProtocol for Ear {
///     fn connection_made(&mut self, transport: DatagramTransport) {
///         transport.send(b"a taxi, please");
///         self.0 = Some(transport);
///     }
///     fn datagram_received(&mut self, data: &[u8], _: SocketAddr) {
///         self.1.extend(data);
///         self.0.as_ref().unwrap().close();
///     }
/// }
///
/// net::run(Clock::virtual_time(), async {
///     let anywhere = "127.0.0.1:0".parse().unwrap();
///     let (echo, _) = create_datagram_endpoint(anywhere, None, Echo::default)?;
///     let there = echo.local_addr();
///     let (transport, ear) = create_datagram_endpoint(anywhere, there, Ear::default)?;
///     assert_eq!(transport.peer_addr(), there);
///     assert_eq!(ear.await.unwrap().1, b"a taxi, please");
///     assert!(transport.is_closing());
///     echo.abort();
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
// ANCHOR: protocol
pub trait DatagramProtocol: Any {
    /// The socket is there. `transport` is what it is sent by and closed by; clones are
    /// the same.
    fn connection_made(&mut self, transport: DatagramTransport) {
        let _ = transport;
    }

    /// A datagram, as a whole.
    fn datagram_received(&mut self, data: &[u8], from: SocketAddr);

    /// Sending or receiving has failed, and goes on: usually nobody listens where the
    /// socket is connected to.
    fn error_received(&mut self, error: io::Error) {
        let _ = error;
    }

    /// It is over. Nothing is called after it.
    fn connection_lost(&mut self, error: Option<io::Error>) {
        let _ = error;
    }

    /// More is waiting to be sent than the high-water mark: whoever sends should stop.
    fn pause_writing(&mut self) {}

    /// It is down to the low-water mark: go on.
    fn resume_writing(&mut self) {}
}
// ANCHOR_END: protocol
