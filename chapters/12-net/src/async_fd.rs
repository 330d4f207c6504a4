//! Any descriptor that can be waited for: asyncio's `add_reader` and `add_writer`.

use std::fmt;
use std::io;
use std::os::fd::{AsFd, AsRawFd};
use std::rc::Rc;

use mio::event::Source;
use mio::unix::SourceFd;
use mio::{Interest, Registry, Token};
use readiness::{Io, Readiness};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::ends::note_internal;

// ANCHOR: async-fd
/// A pipe, a terminal, a device: whatever has a descriptor that becomes ready. A file on a
/// disk has none: it always is.
///
/// ```
/// use event_loop::Clock;
/// use net::{AsyncFd, Readiness};
/// use std::io::{Read, Write};
/// use std::os::unix::net::UnixStream;
///
/// net::run(Clock::real(), async {
///     let (one, mut other) = UnixStream::pair()?;
///     one.set_nonblocking(true)?;
///     let fd = AsyncFd::new(one)?;
///     other.write_all(b"taxi")?;
///     let mut buffer = [0; 64];
///     let got = fd.run(Readiness::Read, |mut it| it.read(&mut buffer)).await?;
///     assert_eq!(&buffer[..got], b"taxi");
///     fd.writable().await?;
///     other.write_all(b"taxi")?;
///     fd.readable().await?;
///     assert!(fd.get_ref().local_addr()?.is_unnamed());
///     let one: UnixStream = fd.into_inner();
///     drop(one);
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct AsyncFd<T: AsFd + 'static> {
    io: Io<Registered<T>>,
    inner: Rc<T>,
}

/// What mio registers.
struct Registered<T>(Rc<T>);
// ANCHOR_END: async-fd

impl<T: AsFd + 'static> AsyncFd<T> {
    /// Registers `inner`. It is not made non-blocking, since it may be shared with others: a terminal is the shell's
    /// too. Whoever [runs](AsyncFd::run) operations on it does that; for [`readable`](AsyncFd::readable) it does not
    /// matter.
    ///
    /// To virtual time, whoever makes it ready is outside.
    ///
    /// # Errors
    ///
    /// If no reactor is current, or it cannot be waited for: an ordinary file, or a descriptor that is watched already.
    pub fn new(inner: T) -> io::Result<AsyncFd<T>> {
        let inner = Rc::new(inner);
        let io = Io::new(Registered(Rc::clone(&inner))).map_err(in_words)?;
        Ok(AsyncFd { io, inner })
    }

    /// [`new`](AsyncFd::new) for one that this loop alone makes ready, as both ends of a pipe may be: virtual time need
    /// not wait for anybody outside.
    ///
    /// ```
    /// use event_loop::{Clock, Time};
    /// use net::AsyncFd;
    /// use std::io::Write;
    /// use std::time::Duration;
    ///
    /// net::run(Clock::virtual_time(), async {
    ///     let (reads, mut writes) = std::io::pipe()?;
    ///     let reads = AsyncFd::internal(reads)?;
    ///     task_cell::spawn(async move {
    ///         timers::sleep(Duration::from_secs(60)).await;
    ///         writes.write_all(b"!")
    ///     });
    ///     reads.readable().await?;
    ///     assert_eq!(timers::now(), Time::from_secs(60));
    ///     std::io::Result::Ok(())
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`new`](AsyncFd::new).
    pub fn internal(inner: T) -> io::Result<AsyncFd<T>> {
        let fd = AsyncFd::new(inner)?;
        note_internal(&fd.io);
        Ok(fd)
    }

    /// Tries `operation`, which must not block, until it does anything but block, and waits for readiness in between.
    ///
    /// # Errors
    ///
    /// Whatever `operation` fails with, but for `WouldBlock` and `Interrupted`.
    #[track_caller]
    pub fn run<R>(
        &self,
        way: Readiness,
        mut operation: impl FnMut(&T) -> io::Result<R>,
    ) -> impl Future<Output = io::Result<R>> {
        self.io.run(way, move |it| operation(&it.0))
    }

    // ANCHOR: readable
    /// Waits until there is something to read, or the end. It stays so until that is read:
    /// each call asks the operating system.
    ///
    /// # Errors
    ///
    /// If the operating system refuses.
    #[track_caller]
    pub fn readable(&self) -> impl Future<Output = io::Result<()>> {
        self.run(Readiness::Read, |fd| is_ready(fd, PollFlags::IN))
    }

    /// Waits until there is room to write, or nobody reads any more.
    ///
    /// # Errors
    ///
    /// If the operating system refuses.
    #[track_caller]
    pub fn writable(&self) -> impl Future<Output = io::Result<()>> {
        self.run(Readiness::Write, |fd| is_ready(fd, PollFlags::OUT))
    }
    // ANCHOR_END: readable

    /// What is waited for.
    pub fn get_ref(&self) -> &T {
        &self.inner
    }

    /// What was waited for.
    pub fn into_inner(self) -> T {
        drop(self.io);
        Rc::into_inner(self.inner).expect("the reactor has forgotten it")
    }
}

/// What Linux says with `EPERM` and `EEXIST`, in words.
fn in_words(error: io::Error) -> io::Error {
    let words = match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "an ordinary file cannot be waited for: read and write it on other threads"
        }
        io::ErrorKind::AlreadyExists => "this descriptor is watched already",
        _ => return error,
    };
    io::Error::new(error.kind(), words)
}

/// Ok if `fd` is ready now, for what `flags` say, or broken; and `WouldBlock` if not.
fn is_ready(fd: &impl AsFd, flags: PollFlags) -> io::Result<()> {
    let mut fds = [PollFd::new(fd, flags)];
    match poll(&mut fds, Some(&Timespec::default()))? {
        0 => Err(io::ErrorKind::WouldBlock.into()),
        _ => Ok(()),
    }
}

impl<T: AsFd> Source for Registered<T> {
    fn register(
        &mut self,
        registry: &Registry,
        token: Token,
        interests: Interest,
    ) -> io::Result<()> {
        SourceFd(&self.0.as_fd().as_raw_fd()).register(registry, token, interests)
    }

    fn reregister(
        &mut self,
        registry: &Registry,
        token: Token,
        interests: Interest,
    ) -> io::Result<()> {
        SourceFd(&self.0.as_fd().as_raw_fd()).reregister(registry, token, interests)
    }

    fn deregister(&mut self, registry: &Registry) -> io::Result<()> {
        SourceFd(&self.0.as_fd().as_raw_fd()).deregister(registry)
    }
}

impl<T: AsFd + fmt::Debug> fmt::Debug for AsyncFd<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}
