//! Connections that call: asyncio's transports and protocols; and TLS.
//!
//! A stream is asked: `read` waits for bytes, and the task that awaits it is what the connection *is*. The other way
//! round, the connection has a task of its own and calls: *this has come*, *it is over*, *stop writing for now*. Whoever is
//! called is a [`Protocol`], a value with a method for each of these; what it writes to is its [`Transport`], which never
//! waits. asyncio's streams stand on them. Here it is the other way round: [`drive`] is a future over any stream.
//!
//! - [`create_server`] and [`create_connection`] are for TCP, [`drive`] for whatever else reads and writes;
//! - [`create_datagram_endpoint`] is for UDP, with a [`DatagramProtocol`];
//! - `tls`, behind the feature of that name, makes a stream one that nobody else can read.
//!
//! ```
//! use event_loop::Clock;
//! use protocols::{Protocol, Transport, create_connection, create_server};
//!
//! /// A line that is answered, and the end.
//! #[derive(Default)]
//! struct Dispatcher(Vec<u8>, Option<Transport>);
//!
//! impl Protocol for Dispatcher {
//!     fn connection_made(&mut self, transport: Transport) {
//!         self.1 = Some(transport);
//!     }
//!     fn data_received(&mut self, data: &[u8]) {
//!         self.0.extend(data); // A piece of a line, or more than one.
//!         if let (Some(transport), true) = (&self.1, self.0.contains(&b'\n')) {
//!             transport.write(b"it is on its way\n");
//!             transport.close();
//!         }
//!     }
//! }
//!
//! struct Passenger(String);
//!
//! impl Protocol for Passenger {
//!     fn connection_made(&mut self, transport: Transport) {
//!         transport.write(b"a taxi, please\n");
//!     }
//!     fn data_received(&mut self, data: &[u8]) {
//!         self.0.push_str(std::str::from_utf8(data).unwrap());
//!     }
//! }
//!
//! net::run(Clock::virtual_time(), async {
//!     let server = create_server("127.0.0.1:0".parse().unwrap(), Dispatcher::default)?;
//!     let factory = || Passenger(String::new());
//!     let (_, passenger) = create_connection(server.local_addr(), factory).await?;
//!     assert_eq!(passenger.await.unwrap().0, "it is on its way\n");
//!     std::io::Result::Ok(())
//! })??;
//! # Ok::<(), std::io::Error>(())
//! ```
#![forbid(unsafe_code)]

mod calls;
mod create;
mod datagram;
mod drive;
mod endpoint;
mod flow;
mod protocol;
mod scratch;
#[cfg(feature = "tls")]
pub mod tls;
mod transport;

pub use create::{create_connection, create_server};
pub use datagram::DatagramProtocol;
pub use drive::{Drive, drive};
pub use endpoint::{DatagramTransport, create_datagram_endpoint};
pub use protocol::Protocol;
pub use transport::Transport;
