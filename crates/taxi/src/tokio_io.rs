//! Between the traits of `futures-io`, which our streams have, and those of tokio. With the feature `tokio-io`.
//!
//! tokio's traits are no part of its runtime: many libraries ask for them and run anywhere. What needs tokio's reactor
//! or its timer does not run here, and says so by a panic ("there is no reactor running").

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;
use tokio::io::ReadBuf;

pin_project! {
    /// A stream that has the one traits, with the others as well.
    ///
    /// (The name is that of tokio-util and async-compat.)
    ///
    /// ```
    /// use taxi::net::{TcpListener, TcpStream};
    /// use taxi::tokio_io::Compat;
    /// use tokio::io::{AsyncReadExt, AsyncWriteExt};
    ///
    /// taxi::run(async {
    ///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
    ///     let caller = TcpStream::connect(listener.local_addr()?).await?;
    ///     let (called, _) = listener.accept().await?;
    ///     // These are tokio's methods.
    ///     Compat::new(caller).write_u16(0x7461).await?;
    ///     assert_eq!(Compat::new(called).read_u16().await?, 0x7461);
    ///     std::io::Result::Ok(())
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[derive(Debug)]
    pub struct Compat<S> {
        #[pin]
        stream: S,
    }
}

impl<S> Compat<S> {
    /// Around `stream`.
    ///
    /// ```
    /// use taxi::tokio_io::Compat;
    /// use taxi::net::{TcpListener, TcpStream};
    ///
    /// taxi::run(async {
    ///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
    ///     let address = listener.local_addr()?;
    ///     let stream = Compat::new(TcpStream::connect(address).await?);
    ///     assert_eq!(stream.get_ref().peer_addr()?, address);
    ///     std::io::Result::Ok(())
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn new(stream: S) -> Compat<S> {
        Compat { stream }
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

/// As much as one read brings at most: what a caller gives it is not initialised, and need not be.
const MOST: usize = 64 * 1024;

impl<S: futures_io::AsyncRead> tokio::io::AsyncRead for Compat<S> {
    #[track_caller]
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let bytes = buffer.initialize_unfilled_to(buffer.remaining().min(MOST));
        let length = ready!(self.project().stream.poll_read(context, bytes))?;
        buffer.advance(length);
        Poll::Ready(Ok(()))
    }
}

impl<S: futures_io::AsyncWrite> tokio::io::AsyncWrite for Compat<S> {
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

impl<S: tokio::io::AsyncRead> futures_io::AsyncRead for Compat<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let mut buffer = ReadBuf::new(bytes);
        ready!(self.project().stream.poll_read(context, &mut buffer))?;
        Poll::Ready(Ok(buffer.filled().len()))
    }
}

impl<S: tokio::io::AsyncWrite> futures_io::AsyncWrite for Compat<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.project().stream.poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.project().stream.poll_write_vectored(context, bytes)
    }

    fn poll_flush(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        self.project().stream.poll_flush(context)
    }

    fn poll_close(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        self.project().stream.poll_shutdown(context)
    }
}
