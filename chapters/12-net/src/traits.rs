//! The traits of `futures-io`: by them libraries that know nothing of this loop read and write.

use std::io::{self, IoSlice, IoSliceMut};
use std::net::Shutdown;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_io::{AsyncRead, AsyncWrite};
use readiness::Readiness;

use crate::connection::{Connection, Socket, room};
use crate::halves::{OwnedReadHalf, OwnedWriteHalf, ReadHalf, WriteHalf};

impl<S: Socket> AsyncRead for &Connection<S> {
    #[track_caller]
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        if buffer.is_empty() {
            return Poll::Ready(Ok(0));
        }
        let mut read = |_: &S| self.try_read(buffer);
        let readers = &self.readers;
        readers.poll(&self.io, Readiness::Read, context, &mut read)
    }

    #[track_caller]
    fn poll_read_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &mut [IoSliceMut<'_>],
    ) -> Poll<io::Result<usize>> {
        let room = room(buffers.iter().map(|it| it.len()));
        if room == 0 {
            return Poll::Ready(Ok(0));
        }
        let mut read = |_: &S| self.try_read_vectored(room, buffers);
        let readers = &self.readers;
        readers.poll(&self.io, Readiness::Read, context, &mut read)
    }
}

impl<S: Socket> AsyncWrite for &Connection<S> {
    #[track_caller]
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(bytes)])
    }

    #[track_caller]
    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if bytes.iter().all(|it| it.is_empty()) {
            return Poll::Ready(Ok(0));
        }
        let mut write = |_: &S| self.try_write(bytes);
        let writers = &self.writers;
        writers.poll(&self.io, Readiness::Write, context, &mut write)
    }

    /// Ready: what was written is the operating system's.
    fn poll_flush(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    /// Ends writing; reading goes on.
    fn poll_close(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Ready(match self.shutdown(Shutdown::Write) {
            // It is over already.
            Err(error) if error.kind() == io::ErrorKind::NotConnected => Ok(()),
            result => result,
        })
    }
}

/// Passes the calls of a trait on to the connection that `$type` is a part of.
macro_rules! passes_on {
    ($trait:ident of $type:ty: $($method:ident($($name:ident: $argument:ty)?) -> $result:ty;)*) => {
        impl<S: Socket> $trait for $type {
            $(
                #[track_caller]
                fn $method(
                    self: Pin<&mut Self>,
                    context: &mut Context<'_>,
                    $($name: $argument)?
                ) -> Poll<io::Result<$result>> {
                    Pin::new(&mut (*self).get_ref()).$method(context, $($name)?)
                }
            )*
        }
    };
}

macro_rules! reads {
    ($type:ty) => {
        passes_on! { AsyncRead of $type:
            poll_read(buffer: &mut [u8]) -> usize;
            poll_read_vectored(buffers: &mut [IoSliceMut<'_>]) -> usize;
        }
    };
}

macro_rules! writes {
    ($type:ty) => {
        passes_on! { AsyncWrite of $type:
            poll_write(bytes: &[u8]) -> usize;
            poll_write_vectored(bytes: &[IoSlice<'_>]) -> usize;
            poll_flush() -> ();
            poll_close() -> ();
        }
    };
}

impl<S: Socket> Connection<S> {
    fn get_ref(&self) -> &Connection<S> {
        self
    }
}

reads!(Connection<S>);
writes!(Connection<S>);
reads!(ReadHalf<'_, S>);
writes!(WriteHalf<'_, S>);
reads!(OwnedReadHalf<S>);
writes!(OwnedWriteHalf<S>);
