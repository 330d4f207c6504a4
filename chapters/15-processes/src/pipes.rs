//! The ends of the pipes to a child.

use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::mem::take;
use std::panic::Location;
use std::pin::Pin;
use std::process;
use std::task::{Context, Poll};

use futures_io::{AsyncRead, AsyncWrite};
use mio::event::Source;
use mio::unix::pipe::{Receiver, Sender};
use net::located;
use readiness::{Io, Readiness};
use wakers::WaiterKey;

// ANCHOR: struct
/// What a child reads as its standard input, from our side. Dropping it ends the input.
///
/// ```
/// use processes::{ChildStderr, ChildStdin, ChildStdout, Command};
/// use std::process::Stdio;
///
/// net::run(event_loop::Clock::real(), async {
///     let mut cat = Command::new("cat");
///     let mut cat = cat.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
///     let input: ChildStdin = cat.stdin.take().unwrap();
///     let output: ChildStdout = cat.stdout.take().unwrap();
///     let complaints: ChildStderr = cat.stderr.take().unwrap();
///     assert_eq!(input.write(b"a ").await?, 2);
///     input.write_all(b"taxi").await?;
///     drop(input);
///     let mut heard = Vec::new();
///     output.read_to_end(&mut heard).await?;
///     assert_eq!(heard, b"a taxi");
///     assert_eq!(complaints.read(&mut [0; 8]).await?, 0);
///     assert!(cat.wait().await?.success());
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct ChildStdin(End<Sender>);

/// What a child says, from our side; made by [`spawn`](crate::Command::spawn).
pub struct ChildStdout(End<Receiver>);

/// What it complains of, from our side; made by [`spawn`](crate::Command::spawn).
pub struct ChildStderr(End<Receiver>);

/// One end of a pipe.
struct End<S: Source> {
    io: Io<S>,
    /// Who waits, when it is polled by the traits of `futures::io`.
    key: WaiterKey,
}
// ANCHOR_END: struct

impl<S: Source> End<S> {
    fn new(source: S) -> io::Result<End<S>> {
        let (io, key) = (Io::new(source)?, WaiterKey::default());
        Ok(End { io, key })
    }

    #[track_caller]
    fn poll<T>(
        &mut self,
        context: &Context<'_>,
        way: Readiness,
        mut operation: impl FnMut(&S) -> io::Result<T>,
    ) -> Poll<io::Result<T>> {
        let mut attempt = self.io.attempt(Location::caller(), way);
        attempt.key = take(&mut self.key);
        let polled = attempt.poll_try(context, &mut operation);
        self.key = take(&mut attempt.key);
        polled
    }
}

impl ChildStdin {
    /// # Errors
    ///
    /// If no reactor is current, or the operating system refuses.
    pub(crate) fn new(pipe: process::ChildStdin) -> io::Result<ChildStdin> {
        let sender = Sender::from(pipe);
        // This end only: the child's blocks, as it is used to.
        sender.set_nonblocking(true)?;
        End::new(sender).map(ChildStdin)
    }

    /// Writes some of `bytes`, and says how many, as soon as there is room in the pipe.
    ///
    /// # Errors
    ///
    /// `BrokenPipe` if the child reads no more.
    #[track_caller]
    pub fn write(&self, bytes: &[u8]) -> impl Future<Output = io::Result<usize>> {
        let io = &self.0.io;
        io.run(Readiness::Write, |mut pipe| pipe.write(bytes))
    }

    /// Writes all of `bytes`. Dropped half-way, some of them are written.
    ///
    /// # Errors
    ///
    /// As [`write`](ChildStdin::write).
    #[track_caller]
    pub fn write_all(&self, bytes: &[u8]) -> impl Future<Output = io::Result<()>> {
        located("write_all", async move {
            let mut left = bytes;
            while !left.is_empty() {
                left = &left[self.write(left).await?..];
            }
            Ok(())
        })
    }

    /// Writes all of `bytes`, as far as the child reads them, and ends its input.
    pub(crate) async fn give(self, bytes: &[u8]) -> io::Result<()> {
        match self.write_all(bytes).await {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => written,
        }
    }
}

impl AsyncWrite for ChildStdin {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let end = &mut self.get_mut().0;
        end.poll(context, Readiness::Write, |mut pipe| pipe.write(bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let write = |mut pipe: &Sender| pipe.write_vectored(slices);
        self.get_mut().0.poll(context, Readiness::Write, write)
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    /// Does nothing: a pipe has one direction, so only dropping it ends it.
    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// What both outputs can do.
macro_rules! output {
    ($name:ident, $pipe:ty) => {
        impl $name {
            /// # Errors
            ///
            /// If no reactor is current, or the operating system refuses.
            pub(crate) fn new(pipe: $pipe) -> io::Result<$name> {
                let receiver = Receiver::from(pipe);
                receiver.set_nonblocking(true)?;
                End::new(receiver).map($name)
            }

            /// Reads what is there into `buffer`, as soon as there is any, and says how many bytes; 0 is the end.
            ///
            /// # Errors
            ///
            /// If the operating system cannot read.
            #[track_caller]
            pub fn read(
                &self,
                buffer: &mut [u8],
            ) -> impl Future<Output = io::Result<usize>> {
                let io = &self.0.io;
                io.run(Readiness::Read, |mut pipe| pipe.read(buffer))
            }

            /// Appends to `bytes` what comes, until the end, and says how many bytes. Dropped before that, what has
            /// come is in `bytes`.
            ///
            /// # Errors
            ///
            /// As [`read`](Self::read).
            #[track_caller]
            pub fn read_to_end(
                &self,
                bytes: &mut Vec<u8>,
            ) -> impl Future<Output = io::Result<usize>> {
                located("read_to_end", read_to_end(&self.0.io, bytes))
            }
        }

        impl AsyncRead for $name {
            fn poll_read(
                self: Pin<&mut Self>,
                context: &mut Context<'_>,
                buffer: &mut [u8],
            ) -> Poll<io::Result<usize>> {
                let end = &mut self.get_mut().0;
                end.poll(context, Readiness::Read, |mut pipe| pipe.read(buffer))
            }

            fn poll_read_vectored(
                self: Pin<&mut Self>,
                context: &mut Context<'_>,
                slices: &mut [IoSliceMut<'_>],
            ) -> Poll<io::Result<usize>> {
                let read = |mut pipe: &Receiver| pipe.read_vectored(slices);
                self.get_mut().0.poll(context, Readiness::Read, read)
            }
        }
    };
}

output!(ChildStdout, process::ChildStdout);
output!(ChildStderr, process::ChildStderr);

/// A buffer's worth at a time, so that a child that writes without end starves nobody: each read is paid for.
async fn read_to_end(pipe: &Io<Receiver>, bytes: &mut Vec<u8>) -> io::Result<usize> {
    let before = bytes.len();
    loop {
        let got = pipe.run(Readiness::Read, |mut pipe| {
            // It does not live across a wait, so it is on the stack, and not in the future.
            let mut part = [0; 8192];
            let got = pipe.read(&mut part)?;
            bytes.extend_from_slice(&part[..got]);
            Ok(got)
        });
        if got.await? == 0 {
            return Ok(bytes.len() - before);
        }
    }
}
