//! What a datagram protocol sends by, and the task that calls it.

use std::any::Any;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::future::{pending, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::panic::Location;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use net::UdpSocket;
use polling::suspended;
use task_cell::{JoinHandle, spawn_named};
use wakers::WaiterKey;

use crate::DatagramProtocol;
use crate::calls::Calls;

// ANCHOR: transport
/// A socket for datagrams, as its protocol has it; made by [`create_datagram_endpoint`]. A cheap handle: clones are the
/// same socket.
///
/// ```
/// use event_loop::Clock;
/// use protocols::{DatagramProtocol, create_datagram_endpoint};
/// use std::net::SocketAddr;
///
/// struct Counts(usize);
///
/// impl DatagramProtocol for Counts {
///     fn datagram_received(&mut self, data: &[u8], _: SocketAddr) {
///         self.0 += data.len();
///     }
/// }
///
/// net::run(Clock::virtual_time(), async {
///     let anywhere = "127.0.0.1:0".parse().unwrap();
///     let (counts, counted) = create_datagram_endpoint(anywhere, None, || Counts(0))?;
///     let (speaks, _) = create_datagram_endpoint(anywhere, None, || Counts(0))?;
///     let there = counts.local_addr().unwrap();
///     speaks.send_to(b"taxi", there);
///     speaks.close(); // It sends what waits, and ends.
///     speaks.send_to(b"too late", there);
///     timers::sleep(std::time::Duration::from_secs(1)).await;
///     counts.abort();
///     assert_eq!(counted.await.unwrap().0, 4);
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone)]
pub struct DatagramTransport(Rc<Endpoint>);

struct Endpoint {
    calls: Calls<dyn DatagramProtocol>,
    /// Gone when it is over, although handles are left.
    socket: RefCell<Option<Rc<UdpSocket>>>,
    /// What waits to be sent, and where to, if the socket is not connected.
    queue: RefCell<VecDeque<(Vec<u8>, Option<SocketAddr>)>>,
    /// What went wrong in a call of the transport, which the protocol may have made itself.
    errors: RefCell<VecDeque<io::Error>>,
    remote: Option<SocketAddr>,
}
// ANCHOR_END: transport

impl DatagramTransport {
    /// Sends `data` to `to`: at once if there is room, and later otherwise. After the close it is ignored.
    ///
    /// An error is told to [`error_received`](DatagramProtocol::error_received), soon.
    pub fn send_to(&self, data: &[u8], to: SocketAddr) {
        self.0.send(data, Some(to));
    }

    /// Sends `data` to where the socket is connected to.
    pub fn send(&self, data: &[u8]) {
        self.0.send(data, None);
    }

    /// Ends it when everything is sent. Nothing is received any more.
    pub fn close(&self) {
        self.0.calls.close();
    }

    /// Ends it now.
    pub fn abort(&self) {
        self.0.calls.end(None);
    }

    /// Whether it was closed, aborted, or lost.
    pub fn is_closing(&self) -> bool {
        self.0.calls.closing.get()
    }

    /// As [`Transport::set_write_buffer_limits`](crate::Transport::set_write_buffer_limits).
    ///
    /// ```should_panic
    /// # use protocols::{DatagramProtocol, create_datagram_endpoint};
    /// # struct Deaf;
    /// # impl DatagramProtocol for Deaf {
    /// #     fn datagram_received(&mut self, _: &[u8], _: std::net::SocketAddr) {}
    /// # }
    /// net::run(event_loop::Clock::real(), async {
    ///     let anywhere = "127.0.0.1:0".parse().unwrap();
    ///     let (transport, _) = create_datagram_endpoint(anywhere, None, || Deaf).unwrap();
    ///     assert_eq!(transport.write_buffer_size(), 0);
    ///     transport.set_write_buffer_limits(1, 2); // The wrong way round.
    /// });
    /// ```
    ///
    /// # Panics
    ///
    /// If `low` is above `high`.
    #[track_caller]
    pub fn set_write_buffer_limits(&self, high: usize, low: usize) {
        self.0.calls.set_limits(high, low);
    }

    /// How many bytes wait to be sent.
    pub fn write_buffer_size(&self) -> usize {
        self.0.calls.buffered.get()
    }

    /// Where it is connected to.
    pub fn peer_addr(&self) -> Option<SocketAddr> {
        self.0.remote
    }

    /// Where it is on this machine.
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.0.socket()?.local_addr().ok()
    }
}

impl fmt::Debug for DatagramTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DatagramTransport")
            .field("closing", &self.is_closing())
            .field("buffered", &self.write_buffer_size())
            .finish_non_exhaustive()
    }
}

impl Endpoint {
    fn socket(&self) -> Option<Rc<UdpSocket>> {
        self.socket.borrow().clone()
    }

    fn send(&self, data: &[u8], to: Option<SocketAddr>) {
        if self.calls.closing.get() {
            return;
        }
        let at_once = match self.queue.borrow().is_empty() {
            // Dropped if it would wait.
            true => {
                pin!(self.sent(data, to)).poll(&mut Context::from_waker(Waker::noop()))
            }
            false => Poll::Pending,
        };
        match at_once {
            Poll::Ready(Ok(())) => return,
            Poll::Ready(Err(error)) => self.errors.borrow_mut().push_back(error),
            Poll::Pending => {
                self.queue.borrow_mut().push_back((data.to_vec(), to));
                self.calls.buffered.update(|bytes| bytes + data.len());
            }
        }
        self.calls.wake();
        self.calls.tell_flow();
    }

    async fn sent(&self, data: &[u8], to: Option<SocketAddr>) -> io::Result<()> {
        let socket = self.socket().ok_or(io::ErrorKind::NotConnected)?;
        match to {
            Some(to) => socket.send_to(data, to).await.map(drop),
            None => socket.send(data).await.map(drop),
        }
    }

    // ANCHOR: loops
    /// Receives for ever, or until it is closed.
    async fn receive(&self) {
        let mut buffer = vec![0; 1 << 16];
        while let Some(socket) = self.socket()
            && !self.calls.closing.get()
        {
            match socket.recv_from(&mut buffer).await {
                _ if self.calls.closing.get() => break,
                Ok((length, from)) => self
                    .calls
                    .call(|protocol| protocol.datagram_received(&buffer[..length], from)),
                Err(error) => self.calls.call(|protocol| protocol.error_received(error)),
            };
        }
        pending().await
    }

    /// Sends what waits, and after it ends if it is closed.
    async fn send_queued(&self) {
        loop {
            let first = self.queue.borrow().front().cloned();
            if let Some((data, to)) = first {
                let sent = self.sent(&data, to).await;
                self.queue.borrow_mut().pop_front();
                self.errors.borrow_mut().extend(sent.err());
                self.calls
                    .buffered
                    .update(|bytes| bytes.saturating_sub(data.len()));
                self.calls.tell_flow();
            } else if self.calls.closing.get() {
                self.calls.end(None);
                return pending().await;
            } else {
                // Until somebody wakes the task.
                let mut waits = true;
                poll_fn(|_| match std::mem::take(&mut waits) {
                    true => Poll::Pending,
                    false => Poll::Ready(()),
                })
                .await;
            }
        }
    }
    // ANCHOR_END: loops

    fn next_error(&self) -> Option<io::Error> {
        self.errors.borrow_mut().pop_front()
    }
}

/// An endpoint, in the task that drives it.
struct Driven(Rc<Endpoint>, WaiterKey);

impl Driven {
    async fn run<P: DatagramProtocol>(
        mut self,
        location: &'static Location<'static>,
    ) -> P {
        let endpoint = Rc::clone(&self.0);
        let calls = &endpoint.calls;
        {
            let mut receive = pin!(endpoint.receive());
            let mut send = pin!(endpoint.send_queued());
            poll_fn(|context| {
                loop {
                    calls.answer();
                    while let Some(error) = endpoint.next_error() {
                        calls.call(|protocol| protocol.error_received(error));
                    }
                    if !calls.ended.get() {
                        let _pending = receive.as_mut().poll(context);
                        let _pending = send.as_mut().poll(context);
                    }
                    if calls.ended.get() {
                        return Poll::Ready(());
                    }
                    if calls.may_wait(&mut self.1, context) {
                        suspended(location, "datagram");
                        return Poll::Pending;
                    }
                }
            })
            .await;
        }
        let protocol: Box<dyn Any> = calls.lose().expect("it is over once");
        *protocol.downcast().expect("it was made of this one")
    }
}

impl Drop for Driven {
    fn drop(&mut self) {
        self.0.calls.forget(&mut self.1);
        self.0.calls.cut_off();
        self.0.socket.take();
        self.0.queue.take();
    }
}

/// Makes a socket at `local`, connected to `remote` if there is one, and a task that calls the protocol which `factory`
/// makes. `connection_made` is called before it returns. The handle gives the protocol when the socket is closed.
///
/// A socket that is connected hears of no others, and hears of errors:
///
/// ```
/// use event_loop::Clock;
/// use protocols::{DatagramProtocol, create_datagram_endpoint};
/// use std::io::ErrorKind;
/// use std::net::SocketAddr;
///
/// struct Errors(task_cell::Promise<ErrorKind>);
///
/// impl DatagramProtocol for Errors {
///     fn datagram_received(&mut self, _: &[u8], _: SocketAddr) {}
///     fn error_received(&mut self, error: std::io::Error) {
///         let _ = self.0.set(error.kind());
///     }
/// }
///
/// net::run(Clock::real(), async {
///     let anywhere = "127.0.0.1:0".parse().unwrap();
///     // A port that was somebody's, and is nobody's.
///     let nobody = std::net::UdpSocket::bind("127.0.0.1:0")?.local_addr()?;
///     let error = task_cell::promise();
///     let factory = || Errors(error.clone());
///     let (transport, _) = create_datagram_endpoint(anywhere, Some(nobody), factory)?;
///     transport.send(b"is anybody there?");
///     let refused = [ErrorKind::ConnectionRefused, ErrorKind::ConnectionReset]; // Windows says: reset.
///     assert!(refused.contains(&error.await));
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// If no loop with a reactor is running, or the address is taken or not ours.
#[track_caller]
pub fn create_datagram_endpoint<P: DatagramProtocol>(
    local: SocketAddr,
    remote: Option<SocketAddr>,
    factory: impl FnOnce() -> P,
) -> io::Result<(DatagramTransport, JoinHandle<P>)> {
    let socket = UdpSocket::bind(local)?;
    if let Some(remote) = remote {
        socket.connect(remote)?;
    }
    let endpoint = Rc::new(Endpoint {
        calls: Calls::new(Box::new(factory())),
        socket: RefCell::new(Some(Rc::new(socket))),
        queue: RefCell::default(),
        errors: RefCell::default(),
        remote,
    });
    let transport = DatagramTransport(Rc::clone(&endpoint));
    let own = transport.clone();
    let driven = Driven(endpoint, WaiterKey::default());
    driven
        .0
        .calls
        .make(|protocol| protocol.connection_made(own));
    let run = driven.run(Location::caller());
    Ok((transport, spawn_named("datagrams", run)))
}
