//! What hyper 1 needs of a runtime: streams, a way to spawn, a clock. With the feature `hyper`.
//!
//! hyper knows no runtime. It asks for these three, and whoever writes a server or a client gives them:
//!
//! ```
//! use http_body_util::{BodyExt, Empty, Full};
//! use hyper::body::{Bytes, Incoming};
//! use hyper::{Request, Response, client, server, service::service_fn};
//! use std::convert::Infallible;
//! use taxi::hyper::{Io, Timer};
//! use taxi::net::{TcpListener, TcpStream};
//!
//! async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
//!     Ok(Response::new(format!("a taxi to {}", request.uri().path()).into()))
//! }
//!
//! taxi::run(async {
//!     let listener = TcpListener::bind("127.0.0.1:0".parse()?)?;
//!     let address = listener.local_addr()?;
//!     let served = taxi::spawn(async move {
//!         let (stream, _) = listener.accept().await.unwrap();
//!         let mut server = server::conn::http1::Builder::new();
//!         // Without the timer, no limit to how long a header may take.
//!         server.timer(Timer);
//!         server.serve_connection(Io::new(stream), service_fn(answer)).await
//!     });
//!     let stream = Io::new(TcpStream::connect(address).await?);
//!     let (mut client, connection) = client::conn::http1::handshake(stream).await?;
//!     taxi::spawn(connection);
//!     let request = Request::get("/station").body(Empty::<Bytes>::new())?;
//!     let body = client.send_request(request).await?.into_body();
//!     assert_eq!(body.collect().await?.to_bytes(), "a taxi to /station");
//!     drop(client);
//!     Ok::<(), Box<dyn std::error::Error>>(served.await??)
//! })?
//! # .map_err(|error| std::io::Error::other(error.to_string()))?;
//! # Ok::<(), std::io::Error>(())
//! ```

use std::cell::Cell;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::LazyLock;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use ::hyper::rt;
use event_loop::{Clock, Time};
use futures_io::{AsyncRead, AsyncWrite};
use pin_project_lite::pin_project;

pin_project! {
    /// A stream with the traits of `futures-io`, as hyper reads and writes it: a TCP or Unix stream, or TLS over one.
    #[derive(Debug)]
    pub struct Io<S> {
        #[pin]
        stream: S,
    }
}

impl<S> Io<S> {
    /// Around `stream`.
    ///
    /// ```
    /// use taxi::hyper::Io;
    /// use taxi::net::{TcpListener, TcpStream};
    ///
    /// taxi::run(async {
    ///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
    ///     let address = listener.local_addr()?;
    ///     let stream = Io::new(TcpStream::connect(address).await?);
    ///     assert_eq!(stream.get_ref().peer_addr()?, address);
    ///     std::io::Result::Ok(())
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn new(stream: S) -> Io<S> {
        Io { stream }
    }

    /// The stream.
    pub fn get_ref(&self) -> &S {
        &self.stream
    }

    /// The stream.
    pub fn into_inner(self) -> S {
        self.stream
    }
}

/// As much as one read brings at most.
const MOST: usize = 64 * 1024;

thread_local! {
    /// What all of a thread's streams read into: hyper's own memory is not initialised, and only `unsafe` could say
    /// how much of it a read has filled.
    static SCRATCH: Cell<Option<Box<[u8]>>> = const { Cell::new(None) };
}

impl<S: AsyncRead> rt::Read for Io<S> {
    #[track_caller]
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut buffer: rt::ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let room = buffer.remaining().min(MOST);
        // Taken out, since the stream is foreign code, which may read another.
        let bytes = SCRATCH.try_with(Cell::take).unwrap_or_default();
        let mut bytes = bytes.unwrap_or_else(|| vec![0; MOST].into());
        let read = self.project().stream.poll_read(context, &mut bytes[..room]);
        if let Poll::Ready(Ok(length)) = read {
            buffer.put_slice(&bytes[..length]);
        }
        // Where the thread is about to end, the next read makes a new one.
        let _ = SCRATCH.try_with(|scratch| scratch.set(Some(bytes)));
        read.map_ok(drop)
    }
}

impl<S: AsyncWrite> rt::Write for Io<S> {
    #[track_caller]
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.project().stream.poll_write(context, bytes)
    }

    #[track_caller]
    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.project().stream.poll_write_vectored(context, bytes)
    }

    /// So are our streams, and TLS; a stream that is not writes the first of what it is given.
    fn is_write_vectored(&self) -> bool {
        true
    }

    #[track_caller]
    fn poll_flush(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        self.project().stream.poll_flush(context)
    }

    #[track_caller]
    fn poll_shutdown(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        self.project().stream.poll_close(context)
    }
}

/// Spawns what hyper wants to run beside a connection, on the current loop: with HTTP/2, each request that comes in.
/// None of it needs to be `Send`.
///
/// ```
/// use hyper::rt::Executor;
///
/// taxi::run(async {
///     let (hail, hailed) = taxi::sync::oneshot::channel();
///     taxi::hyper::Executor.execute(async move { drop(hail.send("taxi!")) });
///     assert_eq!(hailed.await, Ok("taxi!"));
/// })?;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Panics
///
/// If hyper uses it where no loop runs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Executor;

impl<F: Future<Output: 'static> + 'static> rt::Executor<F> for Executor {
    #[track_caller]
    fn execute(&self, future: F) {
        drop(task_cell::spawn(future));
    }
}

/// hyper's timeouts on the clock of the current loop: where that is virtual, they are, too.
///
/// Its sleeps are `Send` and `Sync`, as hyper wants them. That helps nobody to wait on another thread: a sleep belongs to
/// the loop on which it is first awaited, and panics elsewhere.
///
/// ```
/// use hyper::rt::Timer as _;
/// use std::time::Duration;
/// use taxi::hyper::Timer;
///
/// taxi::test::run(async {
///     let start = Timer.now();
///     Timer.sleep_until(start + Duration::from_secs(3600)).await;
///     assert_eq!(taxi::time::now().as_secs(), 3600); // and it took no time
/// });
/// ```
///
/// # Panics
///
/// If hyper waits where no loop runs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Timer;

/// What virtual clocks count from.
static ZERO: LazyLock<Instant> = LazyLock::new(Instant::now);

impl rt::Timer for Timer {
    #[track_caller]
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn rt::Sleep>> {
        Box::pin(Sleep::Begun(timers::sleep(duration)))
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn rt::Sleep>> {
        Box::pin(Sleep::Until(deadline))
    }

    fn now(&self) -> Instant {
        match timers::is_virtual() {
            true => *ZERO + (timers::now() - Time::ZERO),
            false => Instant::now(),
        }
    }

    fn reset(&self, sleep: &mut Pin<Box<dyn rt::Sleep>>, deadline: Instant) {
        match sleep.as_mut().downcast_mut_pin::<Sleep>() {
            Some(mut ours) => ours.set(Sleep::Until(deadline)),
            None => *sleep = self.sleep_until(deadline),
        }
    }
}

/// A sleep that begins with its first poll, on the loop where that is.
enum Sleep {
    /// By hyper's clock.
    Until(Instant),
    /// By that of the loop.
    Begun(timers::Sleep),
}

impl Future for Sleep {
    type Output = ();

    #[track_caller]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if let Sleep::Until(deadline) = *self {
            // Without a look at the clock.
            let zero = match timers::clock() {
                Clock::Real(start) => start,
                Clock::Virtual(_) => *ZERO,
            };
            let deadline = deadline.saturating_duration_since(zero);
            let deadline = Time::ZERO.saturating_add(deadline);
            self.set(Sleep::Begun(timers::sleep_until(deadline)));
        }
        match &mut *self {
            Sleep::Begun(sleep) => Pin::new(sleep).poll(context),
            Sleep::Until(_) => unreachable!("it has begun"),
        }
    }
}

impl rt::Sleep for Sleep {}
