//! Reading by lines, by separators and by counts: asyncio's `StreamReader`.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::str;
use std::task::{Context, Poll, ready};

use futures_io::{AsyncBufRead, AsyncRead};
use streams::{Stream, try_stream};

use crate::error::ReadError;
use crate::halves::OwnedReadHalf;
use crate::located::located;

/// How many bytes there may be before a separator, unless somebody says otherwise. asyncio's limit.
const LIMIT: usize = 64 * 1024;

/// How much room a reader makes at first.
const ROOM: usize = 8 * 1024;

// ANCHOR: reader
/// Reads from `R` through a buffer. Without a parameter, from half of a TCP stream.
///
/// What has come and was not asked for yet stays in the buffer. So has what a read has
/// gathered that is dropped half-way: no byte is lost, and the next one begins with it.
///
/// ```
/// use event_loop::Clock;
/// use net::{ReadError, StreamReader};
///
/// net::run(Clock::virtual_time(), async {
///     let mut reader = StreamReader::new(&b"GET /taxi\r\n\nHost: here; 4 bytes"[..]);
///     assert_eq!(reader.read_line().await?.as_deref(), Some("GET /taxi"));
///     assert_eq!(reader.read_line().await?.as_deref(), Some(""));
///     assert_eq!(reader.read_until(b"; ").await?, b"Host: here; ");
///     assert_eq!(reader.read_exactly(4).await?, b"4 by");
///     assert_eq!(reader.read_line().await?.as_deref(), Some("tes"));
///     assert_eq!(reader.read_line().await?, None);
///     assert!(reader.at_eof());
///     Ok::<_, ReadError>(())
/// })??;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct StreamReader<R = OwnedReadHalf> {
    inner: R,
    /// What has come stands from `start` to `end`.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    limit: usize,
    ended: bool,
}
// ANCHOR_END: reader

impl<R> StreamReader<R> {
    /// A reader with a limit of 64 KiB.
    pub fn new(inner: R) -> StreamReader<R> {
        StreamReader::with_limit(inner, LIMIT)
    }

    /// A reader that looks for a separator in no more than `limit` bytes.
    ///
    /// ```
    /// use event_loop::Clock;
    /// use net::{ReadError, StreamReader};
    ///
    /// net::run(Clock::virtual_time(), async {
    ///     let mut reader = StreamReader::with_limit(&b"too long\nshort\n"[..], 5);
    ///     let error = reader.read_line().await.unwrap_err();
    ///     let ReadError::LimitOverrun { consumed } = error else { panic!("{error}") };
    ///     // It is all there still. Whoever does not want it reads it away.
    ///     assert_eq!(reader.read_exactly(consumed).await?, b"too long");
    ///     assert_eq!(reader.read_line().await?.as_deref(), Some(""));
    ///     assert_eq!(reader.read_line().await?.as_deref(), Some("short"));
    ///     Ok::<_, ReadError>(())
    /// })??;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_limit(inner: R, limit: usize) -> StreamReader<R> {
        StreamReader {
            inner,
            buffer: Vec::new(),
            start: 0,
            end: 0,
            limit,
            ended: false,
        }
    }

    /// What it reads from.
    pub fn get_ref(&self) -> &R {
        &self.inner
    }

    /// What it reads from, and the bytes that have come and were not read.
    ///
    /// ```
    /// use event_loop::Clock;
    ///
    /// net::run(Clock::virtual_time(), async {
    ///     let mut reader = net::StreamReader::new(&b"one\ntwo"[..]);
    ///     reader.read_line().await?;
    ///     assert_eq!(reader.into_inner().1, b"two");
    ///     Ok::<_, net::ReadError>(())
    /// })??;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn into_inner(mut self) -> (R, Vec<u8>) {
        let left = self.take(self.end - self.start);
        (self.inner, left)
    }

    /// Whether the end has come, and all bytes were read.
    pub fn at_eof(&self) -> bool {
        self.ended && self.start == self.end
    }

    fn filled(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    fn take(&mut self, count: usize) -> Vec<u8> {
        let taken = self.filled()[..count].to_vec();
        self.start += count;
        taken
    }

    // ANCHOR: make-room
    /// Makes room behind what is there, if there is none: by moving that to the front, or
    /// with a buffer of twice the size.
    fn make_room(&mut self) {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        }
        if self.end < self.buffer.len() {
            return;
        }
        if self.start > self.buffer.len() / 2 {
            self.buffer.copy_within(self.start.., 0);
            (self.start, self.end) = (0, self.end - self.start);
        } else {
            self.buffer.resize(ROOM.max(2 * self.buffer.len()), 0);
        }
    }
    // ANCHOR_END: make-room
}

impl<R: AsyncRead + Unpin> StreamReader<R> {
    // ANCHOR: more
    /// Reads once, behind what is there. How many bytes came: 0 at the end.
    fn poll_more(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        self.make_room();
        let room = &mut self.buffer[self.end..];
        let got = ready!(Pin::new(&mut self.inner).poll_read(context, room))?;
        self.end += got;
        self.ended = got == 0;
        Poll::Ready(Ok(got))
    }
    // ANCHOR_END: more

    // ANCHOR: poll-find
    /// How many bytes there are up to the end of the first separator; `None` if the stream
    /// ends before. The first `seen` bytes hold none, nor the beginning of one.
    fn poll_find(
        &mut self,
        separator: &[u8],
        seen: &mut usize,
        context: &mut Context<'_>,
    ) -> Poll<Result<Option<usize>, ReadError>> {
        ready!(polling::spend(context));
        loop {
            let found = self.find(separator, seen)?;
            if found.is_some() || ready!(self.poll_more(context))? == 0 {
                return Poll::Ready(Ok(found));
            }
        }
    }
    // ANCHOR_END: poll-find

    // ANCHOR: find
    /// The same in what has come; `None` if it holds no separator, and is not too long.
    fn find(
        &self,
        separator: &[u8],
        seen: &mut usize,
    ) -> Result<Option<usize>, ReadError> {
        // hole: find — look behind what was seen; too many bytes before the separator, or without one, are an error
        // tried by: lines, cut-anywhere
        // also: net
        let filled = self.filled();
        let mut unseen = filled[*seen..].windows(separator.len());
        let found = unseen.position(|it| it == separator);
        *seen = match found {
            Some(place) => *seen + place,
            // The beginning of a separator may be there, and is looked at again.
            None => (filled.len() + 1).saturating_sub(separator.len()),
        };
        if *seen > self.limit {
            return Err(ReadError::LimitOverrun { consumed: *seen });
        }
        Ok(found.map(|_| *seen + separator.len()))
        // end hole
    }
    // ANCHOR_END: find

    /// Waits for bytes, and says how many went into `buffer`; 0 at the end of the stream, and, at once, if `buffer` is
    /// empty.
    ///
    /// ```
    /// use event_loop::Clock;
    ///
    /// net::run(Clock::virtual_time(), async {
    ///     let mut buffer = [0; 3];
    ///     assert_eq!(net::StreamReader::new(&b"taxi"[..]).read(&mut buffer).await?, 3);
    ///     std::io::Result::Ok(())
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the connection is broken.
    #[track_caller]
    pub fn read(&mut self, buffer: &mut [u8]) -> impl Future<Output = io::Result<usize>> {
        let read = move |context: &mut Context<'_>| {
            Pin::new(&mut *self).poll_read(context, buffer)
        };
        located("read", poll_fn(read))
    }

    // ANCHOR: reads
    /// All bytes up to the next `separator`, and the separator.
    ///
    /// # Errors
    ///
    /// [`Incomplete`](ReadError::Incomplete), with all that came, if the stream ends before;
    /// [`LimitOverrun`](ReadError::LimitOverrun), and nothing is lost, if more bytes than the
    /// limit come before.
    ///
    /// # Panics
    ///
    /// If `separator` is empty.
    #[track_caller]
    pub fn read_until(
        &mut self,
        separator: &[u8],
    ) -> impl Future<Output = Result<Vec<u8>, ReadError>> {
        assert!(
            !separator.is_empty(),
            "read_until needs a separator of one byte at least; read_exactly counts bytes"
        );
        let mut seen = 0;
        let read = move |context: &mut Context<'_>| {
            let found = ready!(self.poll_find(separator, &mut seen, context))?;
            let (count, expected) = (found.unwrap_or(self.filled().len()), None);
            let partial = self.take(count);
            Poll::Ready(match found {
                Some(_) => Ok(partial),
                None => Err(ReadError::Incomplete { partial, expected }),
            })
        };
        located("read_until", poll_fn(read))
    }

    /// The next line, without its end, which is `\n` or `\r\n`; `None` at the end of the
    /// stream. The last line may have no end.
    ///
    /// # Errors
    ///
    /// As [`read_until`](StreamReader::read_until), but for the end; and if the line is not
    /// UTF-8.
    #[track_caller]
    pub fn read_line(
        &mut self,
    ) -> impl Future<Output = Result<Option<String>, ReadError>> {
        let mut seen = 0;
        let read = move |context: &mut Context<'_>| {
            let found = ready!(self.poll_find(b"\n", &mut seen, context))?;
            Poll::Ready(self.take_line(found))
        };
        located("read_line", poll_fn(read))
    }

    /// The line of `found` bytes, or the last one.
    fn take_line(&mut self, found: Option<usize>) -> Result<Option<String>, ReadError> {
        let count = found.unwrap_or(self.filled().len());
        let line = &self.filled()[..count];
        let not_utf8 = |error| io::Error::new(io::ErrorKind::InvalidData, error);
        let mut line = str::from_utf8(line).map_err(not_utf8)?;
        if let Some(ended) = line.strip_suffix('\n') {
            line = ended.strip_suffix('\r').unwrap_or(ended);
        }
        let line = line.to_string();
        self.start += count;
        Ok((count > 0).then_some(line))
    }
    // ANCHOR_END: reads

    /// The lines, each as [`read_line`](StreamReader::read_line) gives it, as a stream. An error is its last item.
    ///
    /// ```
    /// use event_loop::Clock;
    /// use std::pin::pin;
    /// use streams::StreamExt;
    ///
    /// net::run(Clock::virtual_time(), async {
    ///     let mut reader = net::StreamReader::new(&b"one\ntwo"[..]);
    ///     let mut lines = pin!(reader.lines());
    ///     assert_eq!(lines.next().await.unwrap()?, "one");
    ///     assert_eq!(lines.next().await.unwrap()?, "two");
    ///     assert!(lines.next().await.is_none());
    ///     Ok::<_, net::ReadError>(())
    /// })??;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn lines(&mut self) -> impl Stream<Item = Result<String, ReadError>> {
        try_stream(async move |mut yields| {
            while let Some(line) = self.read_line().await? {
                yields.send(line).await;
            }
            Ok(())
        })
    }

    // ANCHOR: read-exactly
    /// The next `count` bytes. The reader's limit does not matter: whoever asks knows how
    /// many they are.
    ///
    /// # Errors
    ///
    /// [`Incomplete`](ReadError::Incomplete), with all that came, if the stream ends before.
    #[track_caller]
    pub fn read_exactly(
        &mut self,
        count: usize,
    ) -> impl Future<Output = Result<Vec<u8>, ReadError>> {
        let read = move |context: &mut Context<'_>| {
            ready!(polling::spend(context));
            while self.filled().len() < count {
                if ready!(self.poll_more(context))? == 0 {
                    let (left, expected) = (self.filled().len(), Some(count));
                    let partial = self.take(left);
                    let error = ReadError::Incomplete { partial, expected };
                    return Poll::Ready(Err(error));
                }
            }
            Poll::Ready(Ok(self.take(count)))
        };
        located("read_exactly", poll_fn(read))
    }
    // ANCHOR_END: read-exactly

    /// All that comes until the end.
    ///
    /// ```
    /// use event_loop::Clock;
    ///
    /// net::run(Clock::virtual_time(), async {
    ///     assert_eq!(net::StreamReader::new(&b"taxi"[..]).read_to_end().await?, b"taxi");
    ///     std::io::Result::Ok(())
    /// })??;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the connection breaks before; what has come can still be read.
    #[track_caller]
    pub fn read_to_end(&mut self) -> impl Future<Output = io::Result<Vec<u8>>> {
        let read = move |context: &mut Context<'_>| {
            while ready!(self.poll_more(context))? > 0 {}
            Poll::Ready(Ok(self.take(self.end - self.start)))
        };
        located("read_to_end", poll_fn(read))
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for StreamReader<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        if buffer.is_empty() {
            return Poll::Ready(Ok(0));
        }
        let filled = ready!(self.as_mut().poll_fill_buf(context))?;
        let count = filled.len().min(buffer.len());
        buffer[..count].copy_from_slice(&filled[..count]);
        self.consume(count);
        Poll::Ready(Ok(count))
    }
}

impl<R: AsyncRead + Unpin> AsyncBufRead for StreamReader<R> {
    fn poll_fill_buf(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<&[u8]>> {
        let this = self.get_mut();
        match this.start == this.end {
            true => drop(ready!(this.poll_more(context))?),
            false => ready!(polling::spend(context)),
        }
        Poll::Ready(Ok(this.filled()))
    }

    fn consume(mut self: Pin<&mut Self>, count: usize) {
        self.start = self.end.min(self.start + count);
    }
}
