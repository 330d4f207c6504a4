//! The task of a connection: it reads, sends what is buffered, and calls the protocol.

use std::any::Any;
use std::marker::PhantomData;
use std::net::SocketAddr;
use std::panic::Location;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_io::{AsyncRead, AsyncWrite};
use polling::suspended;
use wakers::WaiterKey;

use crate::Protocol;
use crate::transport::{Connection, Transport};

// ANCHOR: drive
/// The future of [`drive`].
#[must_use = "a future does nothing unless it is awaited"]
pub struct Drive<P> {
    connection: Rc<Connection>,
    key: WaiterKey,
    location: &'static Location<'static>,
    protocol: PhantomData<fn() -> P>,
}
// ANCHOR_END: drive

/// Has `protocol` called for what comes from `stream`, until the connection is lost, and gives it back then: for a stream
/// of any kind, where [`create_server`](crate::create_server) and
/// [`create_connection`](crate::create_connection) are for TCP. asyncio calls it `connect_accepted_socket`.
///
/// Dropped before its end, it ends the connection: `connection_lost` is called with an error, in the drop.
///
/// ```
/// use event_loop::Clock;
/// use protocols::{Protocol, Transport, drive};
///
/// struct Greeter;
///
/// impl Protocol for Greeter {
///     fn connection_made(&mut self, transport: Transport) {
///         transport.write(b"taxi");
///         transport.close();
///     }
///     fn data_received(&mut self, _: &[u8]) {}
/// }
///
/// net::run(Clock::virtual_time(), async {
///     let listener = net::TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
///     let caller = net::TcpStream::connect(listener.local_addr()?).await?;
///     let (called, _) = listener.accept().await?;
///     drive(called, Greeter).await;
///     let mut heard = [0; 4];
///     caller.read_exact(&mut heard).await?;
///     assert_eq!(&heard, b"taxi");
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
#[track_caller]
pub fn drive<S, P>(stream: S, protocol: P) -> Drive<P>
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
    P: Protocol,
{
    Drive::new(stream, [None; 2], protocol, Location::caller())
}

impl<P: Protocol> Drive<P> {
    pub(crate) fn new(
        stream: impl AsyncRead + AsyncWrite + Unpin + 'static,
        addresses: [Option<SocketAddr>; 2],
        protocol: P,
        location: &'static Location<'static>,
    ) -> Drive<P> {
        let connection = Connection::new(stream, addresses, Box::new(protocol));
        Drive {
            connection: Rc::new(connection),
            key: WaiterKey::default(),
            location,
            protocol: PhantomData,
        }
    }

    /// Calls `connection_made`, unless that was done.
    pub(crate) fn make(&self) -> Transport {
        let transport = Transport(Rc::clone(&self.connection));
        let own = transport.clone();
        let calls = &self.connection.calls;
        calls.make(|protocol| protocol.connection_made(own));
        transport
    }
}

// ANCHOR: poll
impl<P: Protocol> Future for Drive<P> {
    type Output = P;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<P> {
        let this = &mut *self;
        this.make();
        let (connection, calls) = (&*this.connection, &this.connection.calls);
        loop {
            calls.answer();
            if calls.ended.get() {
                break;
            }
            let received = connection.poll_receive(context);
            let sent = connection.poll_send(context);
            if received.is_ready() || sent.is_ready() {
                continue;
            }
            if calls.may_wait(&mut this.key, context) {
                suspended(this.location, connection.waits_for());
                return Poll::Pending;
            }
        }
        let protocol = calls.lose().expect("it is over once");
        connection.drop_stream();
        let protocol: Box<dyn Any> = protocol;
        Poll::Ready(*protocol.downcast().expect("it was made of this one"))
    }
}
// ANCHOR_END: poll

impl<P> Drop for Drive<P> {
    fn drop(&mut self) {
        let calls = &self.connection.calls;
        calls.forget(&mut self.key);
        calls.cut_off();
        self.connection.drop_stream();
    }
}
