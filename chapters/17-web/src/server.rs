//! A server: a task that accepts, and a task for each connection.

use std::cell::Cell;
use std::convert::Infallible;
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use futures_io::{AsyncRead, AsyncWrite};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use taxi::hyper::{Io, Timer};
use taxi::net::{TcpListener, TcpStream, located};
use taxi::sync::{CancellationToken, Notify, Semaphore};
use taxi::time::timeout;
use taxi::{JoinHandle, spawn_named};

use crate::app::Next;
use crate::patient::Patient;
use crate::tls::{self, TlsAcceptor};
use crate::{App, Body, Limits, Payload, Request};

// ANCHOR: server
/// A server that does not serve yet.
///
/// ```
/// use std::time::Duration;
/// use web::client::Client;
/// use web::{App, Limits, Request, Server};
///
/// taxi::test::run(async {
///     let app = App::new().get("/", async |_: Request| "a taxi");
///     let limits = Limits { connections: 100, ..Limits::default() };
///     let server = Server::bind("127.0.0.1:0".parse()?)?.limits(limits).serve(app)?;
///     let url = format!("http://{}/", server.local_addr());
///     assert_eq!(Client::new().get(&url).await?.text().await?, "a taxi");
///     // Nobody is being served: nobody is cut off.
///     assert_eq!(server.shutdown(Duration::from_secs(10)).await, 0);
///     Ok::<(), Box<dyn std::error::Error>>(())
/// })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Server {
    listener: TcpListener,
    limits: Limits,
    tls: Option<TlsAcceptor>,
}

/// A server that runs; made by [`Server::serve`]. Dropping this changes nothing: it runs
/// on.
pub struct Running {
    live: Rc<Live>,
    accepting: JoinHandle<()>,
    local: SocketAddr,
}

// ANCHOR_END: server

// ANCHOR: live
/// What its connections share.
struct Live {
    app: Rc<App>,
    limits: Limits,
    tls: Option<TlsAcceptor>,
    /// How many more may come.
    room: Semaphore,
    /// How many there are.
    open: Cell<usize>,
    accepts: Cell<bool>,
    changed: Notify,
    /// Asks connections to end after the answer under way.
    drain: CancellationToken,
    /// Ends them.
    cut: CancellationToken,
}
// ANCHOR_END: live

/// One connection more, as long as this lives.
struct Seat(Rc<Live>);

impl Seat {
    fn new(live: &Rc<Live>) -> Seat {
        live.open.update(|open| open + 1);
        Seat(Rc::clone(live))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.open.update(|open| open - 1);
        self.0.room.add(1);
        self.0.changed.notify_waiters();
    }
}

/// It accepts, as long as this lives.
struct Accepting(Rc<Live>);

impl Drop for Accepting {
    fn drop(&mut self) {
        self.0.accepts.set(false);
        self.0.changed.notify_waiters();
    }
}

impl Server {
    /// At `address`; port 0 lets the operating system choose.
    ///
    /// # Errors
    ///
    /// If it is taken, or not ours.
    pub fn bind(address: SocketAddr) -> io::Result<Server> {
        Ok(Server::new(TcpListener::bind(address)?))
    }

    /// With a listener that is there already.
    pub fn new(listener: TcpListener) -> Server {
        Server {
            listener,
            limits: Limits::default(),
            tls: None,
        }
    }

    /// Speaks TLS, and nothing else: `https`.
    ///
    /// ```
    /// use taxi::protocols::tls;
    /// use web::Server;
    ///
    /// let made = rcgen::generate_simple_self_signed(["localhost".to_string()]).unwrap();
    /// let key = tls::key(made.signing_key.serialize_der());
    /// let acceptor = tls::acceptor(vec![made.cert.der().clone()], key).unwrap();
    /// taxi::test::run(async {
    ///     let server = Server::bind("127.0.0.1:0".parse().unwrap())?.tls(acceptor);
    ///     # let _ = server;
    ///     std::io::Result::Ok(())
    /// })?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn tls(mut self, acceptor: TlsAcceptor) -> Server {
        self.tls = Some(acceptor);
        self
    }

    /// Within these limits.
    pub fn limits(mut self, limits: Limits) -> Server {
        self.limits = limits;
        self
    }

    /// Begins to serve, in tasks of its own.
    ///
    /// # Errors
    ///
    /// If the operating system cannot tell where the listener is.
    ///
    /// # Panics
    ///
    /// If no loop runs.
    #[track_caller]
    pub fn serve(self, app: App) -> io::Result<Running> {
        let local = self.listener.local_addr()?;
        let live = Rc::new(Live {
            app: Rc::new(app),
            room: Semaphore::new(self.limits.connections),
            limits: self.limits,
            tls: self.tls,
            open: Cell::new(0),
            accepts: Cell::new(true),
            changed: Notify::new(),
            drain: CancellationToken::new(),
            cut: CancellationToken::new(),
        });
        let accept = accept(Accepting(Rc::clone(&live)), self.listener);
        let accepting = spawn_named("server", located("accept", accept));
        Ok(Running {
            live,
            accepting,
            local,
        })
    }
}

// ANCHOR: accept
/// Accepts, while there is room.
async fn accept(accepting: Accepting, listener: TcpListener) {
    let live = &accepting.0;
    for number in 1_u64.. {
        // Room first: whom we do not serve is not to have a descriptor of ours.
        live.room.acquire().await.forget();
        let Ok((stream, peer)) = listener.accept().await else {
            return;
        };
        let seat = Seat::new(live);
        let name = format!("connection-{number}");
        drop(spawn_named(name, connection(seat, stream, peer)));
    }
}
// ANCHOR_END: accept

// ANCHOR: connection
async fn connection(seat: Seat, stream: TcpStream, peer: SocketAddr) {
    let live = &seat.0;
    // Small answers are not to wait for others. Where it cannot be set, they do.
    let _ = stream.set_nodelay(true);
    let served = pin!(async {
        match &live.tls {
            None => http(live, stream, peer).await,
            Some(acceptor) => {
                let limit = live.limits.header;
                // Who speaks no TLS is told so by that.
                let accepted = Box::pin(tls::accept(acceptor, stream, limit)).await;
                if let Ok(stream) = accepted {
                    // In a box: a connection without TLS need not have room for it.
                    Box::pin(http(live, stream, peer)).await;
                }
            }
        }
    });
    until(live.cut.cancelled(), served).await;
}
// ANCHOR_END: connection

// ANCHOR: http
/// One request after the other, until an end: the client's, a limit's, or the server's.
async fn http<S>(live: &Live, stream: S, peer: SocketAddr)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let limits = &live.limits;
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let (head, incoming) = request.into_parts();
        let body = Body::new(incoming, limits);
        let next = Next::first(&live.app);
        let answer = next.run(Request::new(head, body, peer));
        async { Ok::<hyper::Response<Payload>, Infallible>(answer.await.into_hyper()) }
    });
    let mut http = http1::Builder::new();
    http.timer(Timer)
        .header_read_timeout(limits.header)
        .max_header_size(limits.header_bytes)
        .max_headers(limits.header_lines);
    let stream = Io::new(Patient::new(stream, limits.write));
    let mut connection = pin!(http.serve_connection(stream, service));
    // How it ended is the client's affair: it has been answered, or has left.
    // hole: drain — serve until `live.drain` is cancelled; then ask hyper for a graceful shutdown, and go on to its end
    // tried by: drain
    // also: web
    let drained = until(live.drain.cancelled(), connection.as_mut()).await;
    if drained.is_none() {
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
    // end hole
}
// ANCHOR_END: http

// ANCHOR: until
/// `work`, or `None` if `stop` is ready before.
async fn until<T>(
    stop: impl Future<Output = ()>,
    mut work: Pin<&mut impl Future<Output = T>>,
) -> Option<T> {
    let mut stop = pin!(stop);
    poll_fn(|context| {
        if stop.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        // Last, so that the line where the task waits is the handler's. `select` would put
        // its own there.
        work.as_mut().poll(context).map(Some)
    })
    .await
}
// ANCHOR_END: until

impl Running {
    /// Where it listens, or has listened.
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// How many connections there are.
    pub fn connections(&self) -> usize {
        self.live.open.get()
    }

    // ANCHOR: shutdown
    /// Ends it with grace: accepts nobody any more, closes what is idle, lets each answer
    /// under way come to its end, until `limit`, and cuts off the rest. How many those were.
    ///
    /// ```
    /// use std::time::Duration;
    /// use web::{App, Server};
    ///
    /// taxi::test::run(async {
    ///     let server = Server::bind("127.0.0.1:0".parse().unwrap())?.serve(App::new())?;
    ///     assert_eq!(server.shutdown(Duration::from_secs(10)).await, 0);
    ///     server.wait_closed().await;
    ///     std::io::Result::Ok(())
    /// })?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[track_caller]
    pub fn shutdown(&self, limit: Duration) -> impl Future<Output = usize> {
        located("shutdown", async move {
            self.accepting.abort();
            self.live.drain.cancel();
            if timeout(limit, self.live.ended()).await.is_ok() {
                return 0;
            }
            let late = self.live.open.get();
            self.live.cut.cancel();
            self.live.ended().await;
            late
        })
    }
    // ANCHOR_END: shutdown

    /// Waits until it accepts nobody any more, and the last connection is over.
    #[track_caller]
    pub fn wait_closed(&self) -> impl Future<Output = ()> {
        located("wait_closed", self.live.ended())
    }
}

impl Live {
    async fn ended(&self) {
        while self.accepts.get() || self.open.get() > 0 {
            self.changed.notified().await;
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running")
            .field("local_addr", &self.local)
            .field("connections", &self.connections())
            .finish_non_exhaustive()
    }
}
