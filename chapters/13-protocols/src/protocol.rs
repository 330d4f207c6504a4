//! What a connection calls: the methods of a protocol.

use std::any::Any;
use std::io;

use crate::Transport;

/// What is to be done with the bytes of one connection: asyncio's `Protocol`.
///
/// Its methods are called by the connection's task, one at a time, in this order: `connection_made` once; then
/// `data_received` as often as bytes come, and at their end `eof_received` once; at last, whatever happened,
/// `connection_lost` once. None of them can wait. What they need to say they [write](Transport::write), and what takes
/// time they give to a task.
///
/// `pause_writing` and `resume_writing` are called in turns, while the connection lasts. They are called within
/// [`Transport::write`], if that is called outside of this protocol's methods, and otherwise when the method ends.
///
/// A method that panics is reported to the executor's panic hook. It ends its connection, as an error does, and no other.
///
/// ```
/// use event_loop::Clock;
/// use protocols::{Protocol, Transport, create_connection, create_server};
///
/// /// Says all that it hears.
/// #[derive(Default)]
/// struct Echo(Option<Transport>);
///
/// impl Protocol for Echo {
///     fn connection_made(&mut self, transport: Transport) {
///         self.0 = Some(transport);
///     }
///
///     fn data_received(&mut self, data: &[u8]) {
///         self.0.as_ref().unwrap().write(data);
///     }
/// }
///
/// /// Keeps what it hears.
/// #[derive(Default)]
/// struct Ear(Vec<u8>);
///
/// impl Protocol for Ear {
///     fn data_received(&mut self, data: &[u8]) {
///         self.0.extend(data);
///     }
/// }
///
/// net::run(Clock::virtual_time(), async {
///     let server = create_server("127.0.0.1:0".parse().unwrap(), Echo::default)?;
///     let (transport, ear) = create_connection(server.local_addr(), Ear::default).await?;
///     transport.write(b"a taxi, please");
///     transport.write_eof();
///     // The server hears the end and closes; and so does this end then.
///     assert_eq!(ear.await.unwrap().0, b"a taxi, please");
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
// ANCHOR: protocol
pub trait Protocol: Any {
    /// The connection is there. `transport` is what it is written to and closed by;
    /// clones are the same.
    fn connection_made(&mut self, transport: Transport) {
        let _ = transport;
    }

    /// The next bytes, at least one, and as many as have come: the pieces in which they
    /// were written are not kept.
    fn data_received(&mut self, data: &[u8]);

    /// The other side writes no more. True keeps our half open, until we close it; false
    /// closes the connection when all is sent.
    fn eof_received(&mut self) -> bool {
        false
    }

    /// The connection is over. Nothing is called after it. Without an error it was closed
    /// or aborted from here, or its end was heard; a reset, a method's panic, and the end
    /// of the connection's task are errors.
    fn connection_lost(&mut self, error: Option<io::Error>) {
        let _ = error;
    }

    /// More is written and not sent than the high-water mark: whoever writes should stop.
    fn pause_writing(&mut self) {}

    /// It is down to the low-water mark: go on.
    fn resume_writing(&mut self) {}
}
// ANCHOR_END: protocol
