//! A file, as a stream: what blocks at each call goes to a thread for the call, and comes back.
//!
//! There is one buffer a direction, and one call under way. The idea is that of tokio's `fs::File` and of `Unblock` in
//! the crate `blocking`.

use std::fmt;
use std::future::poll_fn;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::mem;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_io::{AsyncRead, AsyncSeek, AsyncWrite};
use net::again;
use polling::{spend, suspended};

use crate::answer::answer;
use crate::job::Job;
use crate::layer::current_pool;
use crate::pool::Pool;

/// How many bytes one call reads or writes at most.
const MOST: usize = 1 << 20;

/// How many bytes a call asks for at least: more than are wanted stay in the buffer.
const LEAST: usize = 8 << 10;

// ANCHOR: unblock
/// Something that blocks, made asynchronous: a file, standard input, a pipe.
///
/// It *reads ahead*, into a buffer of its own: what is dropped while it reads loses nothing. And it *writes behind*:
/// `poll_write` takes up to 1 MiB and is ready at once, while a thread writes them. So a write that is dropped has taken
/// all of its bytes or none, and what was taken is written, also if the whole thing is dropped. But that it *could* not
/// be written is said only by the next call that is not a read: flush before you drop it. What is lost stays lost, so
/// `flush` and `close` say it as often as they are called, until a later write has gone well. (That the bytes are on
/// the disk is another question, which [`sync_all`](std::fs::File::sync_all) answers; see [`with`](Unblock::with).)
///
/// A seek that is dropped may have been done or not.
///
/// ```
/// use event_loop::Clock;
/// use futures::{AsyncReadExt, AsyncWriteExt};
/// use threads::Unblock;
///
/// threads::run(Clock::real(), async {
///     let (from, to) = std::io::pipe()?;
///     let (mut from, mut to) = (Unblock::new(from), Unblock::new(to));
///     to.write_all(b"a taxi, please").await?;
///     to.close().await?;
///     let mut heard = String::new();
///     from.read_to_string(&mut heard).await?;
///     assert_eq!(heard, "a taxi, please");
///     std::io::Result::Ok(())
/// })??;
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Unblock<T: 'static> {
    state: State<T>,
    /// Whose threads; `None`: those of the loop that it is used on.
    pool: Option<Pool>,
    made: &'static Location<'static>,
    /// A call has read nothing: the end, or why.
    read_end: Option<io::Result<()>>,
    /// Why the last write has failed, and whether somebody has heard of it.
    write_error: Option<io::Error>,
    is_told: bool,
    sought: Option<(SeekFrom, io::Result<u64>)>,
}

// ANCHOR: state
enum State<T: 'static> {
    Here(Box<Inner<T>>),
    /// A thread has it.
    Away(Job<(Box<Inner<T>>, Outcome)>),
    Closed,
}

struct Inner<T> {
    io: T,
    /// What was read ahead, from `start` on.
    ahead: Vec<u8>,
    start: usize,
    /// What is to be written.
    behind: Vec<u8>,
    /// Moves a file's position back, by what was read ahead. A stream has none.
    back: Option<Back<T>>,
}

pub(crate) type Back<T> = fn(&mut T, i64) -> io::Result<()>;

// ANCHOR_END: state

/// What a call came to.
enum Outcome {
    Read(io::Result<usize>),
    Wrote(io::Result<()>),
    Sought(SeekFrom, io::Result<u64>),
    Ran,
}
// ANCHOR_END: unblock

impl<T: Send + 'static> Unblock<T> {
    /// Whatever blocks, as a stream: what is read and what is written have nothing to do with each other. For a file
    /// there is [`File`](crate::fs::File).
    #[track_caller]
    pub fn new(io: T) -> Unblock<T> {
        Unblock::made(io, None, None, Location::caller())
    }

    /// One that uses the threads of `pool`, and was `made` there; `back` as in [`Inner`].
    pub(crate) fn made(
        io: T,
        pool: Option<Pool>,
        back: Option<Back<T>>,
        made: &'static Location<'static>,
    ) -> Unblock<T> {
        let inner = Inner {
            io,
            ahead: Vec::new(),
            start: 0,
            behind: Vec::new(),
            back,
        };
        Unblock {
            state: State::Here(Box::new(inner)),
            pool,
            made,
            read_end: None,
            write_error: None,
            is_told: false,
            sought: None,
        }
    }

    // ANCHOR: here
    /// Waits until no call is under way, and keeps what the last one came to.
    fn poll_here(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<&mut Inner<T>>> {
        if let State::Away(job) = &mut self.state {
            let Poll::Ready(end) = Pin::new(job).poll(context) else {
                suspended(self.made, "a thread");
                return Poll::Pending;
            };
            // Whatever panics while it has it, keeps it.
            self.state = State::Closed;
            let (inner, outcome) = end.map_err(io::Error::other)?;
            self.state = State::Here(inner);
            match outcome {
                Outcome::Read(Ok(0)) => self.read_end = Some(Ok(())),
                Outcome::Read(Err(error)) => self.read_end = Some(Err(error)),
                Outcome::Wrote(end) => {
                    self.write_error = end.err();
                    self.is_told = false;
                }
                Outcome::Sought(to, end) => self.sought = Some((to, end)),
                Outcome::Read(Ok(_)) | Outcome::Ran => {}
            }
        }
        match &mut self.state {
            State::Here(inner) => Poll::Ready(Ok(inner)),
            _ => Poll::Ready(Err(io::Error::other("it is closed"))),
        }
    }

    /// As [`poll_here`](Unblock::poll_here); an error of a write that was taken before comes out here, once.
    fn poll_written(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_here(context))?;
        match &self.write_error {
            Some(error) if !self.is_told => {
                self.is_told = true;
                Poll::Ready(Err(again(error)))
            }
            _ => Poll::Ready(Ok(())),
        }
    }

    /// As [`poll_written`](Unblock::poll_written), but each time: as long as there is the error, something is lost.
    fn poll_all_written(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_here(context))?;
        self.is_told = false;
        self.poll_written(context)
    }
    // ANCHOR_END: here

    // ANCHOR: start
    /// Has a thread make the call.
    fn start<F>(&mut self, call: F) -> io::Result<()>
    where
        F: FnOnce(&mut Inner<T>) -> Outcome + Send + 'static,
    {
        let pool = self.pool.clone().or_else(current_pool).ok_or_else(|| {
            io::Error::other(
                "a file needs a loop with threads on this thread: use threads::run or taxi::run",
            )
        })?;
        if let State::Here(mut inner) = mem::replace(&mut self.state, State::Closed) {
            // What an earlier call came to, and nobody has asked for, is over with this one.
            self.sought = None;
            if inner.back.is_some() {
                self.read_end = None;
            }
            let work = move || {
                let outcome = call(&mut inner);
                (inner, outcome)
            };
            let job = pool.submit(work, self.made);
            self.state = State::Away(job.unwrap_or_else(|(_, job)| job));
        }
        Ok(())
    }
    // ANCHOR_END: start

    /// Calls `work` with what is in here, on a thread, when what was written before is written. What was read ahead is
    /// forgotten: a file stands where its reader has come to.
    ///
    /// ```
    /// use event_loop::Clock;
    /// use threads::fs::File;
    ///
    /// threads::run(Clock::real(), async {
    ///     let mut file = File::open("Cargo.toml").await?;
    ///     let length = file.with(|file| Ok(file.metadata()?.len())).await?;
    ///     assert!(length > 0);
    ///     std::io::Result::Ok(())
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `work`, and of an earlier write.
    pub async fn with<R: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut T) -> io::Result<R> + Send + 'static,
    ) -> io::Result<R> {
        poll_fn(|context| self.poll_written(context)).await?;
        let (reply, answer) = answer("a thread", self.made);
        self.start(move |inner| {
            let end = inner.forget_ahead().and_then(|()| work(&mut inner.io));
            reply.send(Ok(end));
            Outcome::Ran
        })?;
        poll_fn(|context| self.poll_written(context)).await?;
        answer.await.map_err(io::Error::other)?
    }
}

impl<T> Inner<T> {
    /// Nothing is read ahead any more: a file's position is where its reader believes it to be.
    fn forget_ahead(&mut self) -> io::Result<()> {
        let Some(back) = self.back else {
            return Ok(());
        };
        let ahead = self.ahead.len() - self.start;
        if ahead > 0 {
            // It is no longer than the buffer.
            back(&mut self.io, ahead as i64)?;
        }
        self.ahead.clear();
        self.start = 0;
        Ok(())
    }
}

impl<T: Read> Inner<T> {
    fn read(&mut self, wanted: usize) -> io::Result<usize> {
        self.ahead.resize(wanted, 0);
        self.start = 0;
        let read = loop {
            match self.io.read(&mut self.ahead) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result,
            }
        };
        self.ahead.truncate(*read.as_ref().unwrap_or(&0));
        read
    }
}

impl<T: Write> Inner<T> {
    fn write(&mut self) -> io::Result<()> {
        self.forget_ahead()?;
        self.io.write_all(&self.behind)?;
        self.io.flush()
    }
}

// ANCHOR: read
impl<T: Read + Send + 'static> AsyncRead for Unblock<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        while !buffer.is_empty() {
            let inner = ready!(self.poll_here(context))?;
            let ahead = &inner.ahead[inner.start..];
            if !ahead.is_empty() {
                ready!(spend(context));
                let length = ahead.len().min(buffer.len());
                buffer[..length].copy_from_slice(&ahead[..length]);
                inner.start += length;
                return Poll::Ready(Ok(length));
            }
            if let Some(end) = self.read_end.take() {
                return Poll::Ready(end.map(|()| 0));
            }
            let wanted = buffer.len().clamp(LEAST, MOST);
            self.start(move |inner| Outcome::Read(inner.read(wanted)))?;
        }
        Poll::Ready(Ok(0))
    }
}
// ANCHOR_END: read

// ANCHOR: write
impl<T: Write + Send + 'static> AsyncWrite for Unblock<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        // ANCHOR: write-behind
        // hole: write-behind — when all before it is written: take up to MOST bytes into `behind`, and have a thread write them
        // tried by: files, long-ledger
        // also: threads
        ready!(self.poll_written(context))?;
        let bytes = &bytes[..bytes.len().min(MOST)];
        if let State::Here(inner) = &mut self.state {
            inner.behind.clear();
            inner.behind.extend_from_slice(bytes);
        }
        self.start(|inner| Outcome::Wrote(inner.write()))?;
        Poll::Ready(Ok(bytes.len()))
        // end hole
        // ANCHOR_END: write-behind
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        self.poll_all_written(context)
    }

    fn poll_close(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        if let State::Closed = self.state {
            return Poll::Ready(Ok(()));
        }
        let written = ready!(self.poll_all_written(context));
        self.state = State::Closed;
        Poll::Ready(written)
    }
}
// ANCHOR_END: write

impl<T: Seek + Send + 'static> AsyncSeek for Unblock<T> {
    fn poll_seek(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        to: SeekFrom,
    ) -> Poll<io::Result<u64>> {
        loop {
            ready!(self.poll_written(context))?;
            // That of a seek that was dropped is not ours, unless it went the same way.
            match self.sought.take() {
                Some((before, end)) if before == to => return Poll::Ready(end),
                _ => {}
            }
            self.start(move |inner| {
                let sought = inner.forget_ahead();
                Outcome::Sought(to, sought.and_then(|()| inner.io.seek(to)))
            })?;
        }
    }
}

impl<T> fmt::Debug for Unblock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.state {
            State::Here(_) => "Unblock",
            State::Away(_) => "Unblock, a call is under way",
            State::Closed => "Unblock, closed",
        })
    }
}
