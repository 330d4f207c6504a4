//! A file as the body of an answer.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::mem;
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use taxi::threads::Job;

/// How much of a file is in memory at a time, for each client.
pub(super) const PIECE: usize = 64 * 1024;

// ANCHOR: content
/// The body of an answer of a [`Folder`](super::Folder): text, or a file that is read while
/// it is sent.
///
/// hyper asks for the next piece when it has given most of the last to the operating
/// system. So a client that reads slowly is read for slowly, and one that goes away ends
/// the reading.
///
/// ```
/// use http_body_util::BodyExt;
/// use hyper::Request;
/// use hyper::body::Body;
/// use web::files::{Content, Folder};
///
/// taxi::run(async {
///     let asked = Request::get("/Cargo.toml").body(()).unwrap();
///     let content: Content = Folder::new(".").answer("/", &asked).await.into_body();
///     let length = content.size_hint().exact().unwrap();
///     let bytes = content.collect().await.unwrap().to_bytes();
///     assert!(bytes.starts_with(b"[package]") && bytes.len() as u64 == length);
/// })?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Content {
    /// What can be sent at once.
    ready: Option<Bytes>,
    /// How many bytes of the file are still to be read.
    left: u64,
    reader: Reader,
    /// What is sent after the file.
    tail: Option<Bytes>,
}

#[derive(Debug)]
enum Reader {
    None,
    /// The file, and where its next byte is.
    Idle(File, u64),
    /// A thread has it.
    Busy(Job<io::Result<(File, u64, Vec<u8>)>>),
}
// ANCHOR_END: content

impl Content {
    pub(super) fn empty() -> Content {
        Content::text(String::new())
    }

    pub(super) fn text(text: String) -> Content {
        Content {
            ready: Some(text.into()).filter(|text: &Bytes| !text.is_empty()),
            left: 0,
            reader: Reader::None,
            tail: None,
        }
    }

    /// The bytes `range` of `file`, of which `start` are the first, and `tail` after them.
    pub(super) fn of(
        file: File,
        start: Vec<u8>,
        range: Range<u64>,
        tail: Option<Bytes>,
    ) -> Content {
        let known = start.len() as u64;
        let held = range.start.min(known)..range.end.min(known);
        let ready = Bytes::from(start).slice(held.start as usize..held.end as usize);
        let from = range.start.max(held.end);
        Content {
            left: range.end - from,
            ready: Some(ready).filter(|ready| !ready.is_empty()),
            reader: Reader::Idle(file, from),
            tail,
        }
    }
}

impl Body for Content {
    type Data = Bytes;
    type Error = io::Error;

    // ANCHOR: poll-frame
    #[track_caller]
    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(ready) = self.ready.take() {
            return Poll::Ready(Some(Ok(Frame::data(ready))));
        }
        if self.left == 0 {
            return Poll::Ready(self.tail.take().map(|tail| Ok(Frame::data(tail))));
        }
        // hole: next-piece — have the next piece read on a thread of the pool, and count it off
        // tried by: large-file
        // also: web
        let mut job = match mem::replace(&mut self.reader, Reader::None) {
            Reader::None => return Poll::Ready(None),
            Reader::Idle(file, from) => {
                let most = self.left.min(PIECE as u64);
                taxi::spawn_blocking(move || read(file, from, most))
            }
            Reader::Busy(job) => job,
        };
        let Poll::Ready(end) = Pin::new(&mut job).poll(context) else {
            self.reader = Reader::Busy(job);
            return Poll::Pending;
        };
        let read = end.map_err(io::Error::other).flatten();
        Poll::Ready(Some(read.map(|(file, from, piece)| {
            self.left -= piece.len() as u64;
            self.reader = Reader::Idle(file, from);
            Frame::data(piece.into())
        })))
        // end hole
    }
    // ANCHOR_END: poll-frame

    fn is_end_stream(&self) -> bool {
        self.size_hint().exact() == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        let length =
            |bytes: &Option<Bytes>| bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
        SizeHint::with_exact(length(&self.ready) + self.left + length(&self.tail))
    }
}

/// The next bytes of `file`, at most so many, and where it goes on.
fn read(mut file: File, from: u64, most: u64) -> io::Result<(File, u64, Vec<u8>)> {
    file.seek(SeekFrom::Start(from))?;
    let mut piece = Vec::with_capacity(most as usize);
    let length = (&file).take(most).read_to_end(&mut piece)?;
    if length == 0 {
        // It was promised longer. To end here would hand out half a file as a whole one.
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok((file, from + length as u64, piece))
}
