//! Somebody who never ends the line
//!
//! A peer that sends on and on, without a line feed, fills the memory of whoever waits for a line. So a line has a limit,
//! and to be longer is an error. Also read what is no line: a number of bytes.
//!
//!     impl<R: Read> Reader<R> {
//!         /// A reader of lines of at most `limit` bytes, the line
//!         /// feed among them. `new` has one, too: 65536.
//!         pub fn with_limit(stream: R, limit: usize) -> Reader<R>
//!
//!         /// As before; `InvalidData` if the line is longer.
//!         pub async fn line(&mut self) -> io::Result<String>
//!
//!         /// So many bytes. `UnexpectedEof` if the end comes first.
//!         pub async fn exactly(
//!             &mut self,
//!             count: usize,
//!         ) -> io::Result<Vec<u8>>
//!     }
//!
//! An error takes nothing away: what has come stays in the buffer, and can be read by `exactly`. And what waits in the
//! buffer behind a line does not count for it.
//!
//! hint: There are two ways to be too long: the line feed is there, and too late; or it is not there, and cannot come in
//! time any more.
//!
//! hint: Look at the place of the line feed when it is found, and at the length of the buffer when it is not. Where `limit`
//! bytes without a line feed are there, no line of `limit` bytes can come of them.
//!
//! hint: In the loop of `line`:
//!
//!     let feed = self.buffer.iter().position(|it| *it == b'\n');
//!     let length = feed.map_or(self.buffer.len() + 1, |it| it + 1);
//!     if length > self.limit {
//!         return Err(io::ErrorKind::InvalidData.into());
//!     }
//!     if feed.is_some() {
//!         return Ok(self.take(length));
//!     }
//!
//! and `exactly` fills while `self.buffer.len() < count`.
//!
//! done: asyncio's `readline`, `readexactly` and their limit of 64 KiB are these. A limit is what makes a server out of a
//! program: whatever grows with what a stranger sends must have one. Next, the other direction, and its limit.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use ladder::Bell;
use mine::net::{Read, Reader};

/// Bytes that are there, in pieces; then the end, or more and more of the same.
#[derive(Clone)]
struct Pieces {
    left: Rc<RefCell<VecDeque<Vec<u8>>>>,
    endless: bool,
    read: Rc<Cell<usize>>,
}

impl Pieces {
    fn new(pieces: &[&[u8]]) -> Pieces {
        let pieces = pieces.iter().map(|it| it.to_vec());
        Pieces {
            left: Rc::new(RefCell::new(pieces.collect())),
            endless: false,
            read: Rc::default(),
        }
    }

    fn endless() -> Pieces {
        Pieces {
            endless: true,
            ..Pieces::new(&[])
        }
    }
}

impl Read for Pieces {
    async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.endless {
            let read = self.read.get() + buffer.len();
            self.read.set(read);
            ladder::check!(
                read < 1 << 18,
                "{read} bytes of one line were read, and it still waits for the line feed"
            );
            buffer.fill(b'x');
            return Ok(buffer.len());
        }
        let Some(mut piece) = self.left.borrow_mut().pop_front() else {
            return Ok(0);
        };
        let length = piece.len().min(buffer.len());
        let rest = piece.split_off(length);
        if !rest.is_empty() {
            self.left.borrow_mut().push_front(rest);
        }
        buffer[..length].copy_from_slice(&piece);
        Ok(length)
    }
}

fn finish<F: Future>(future: F) -> F::Output {
    match ladder::poll(pin!(future), &Bell::new()) {
        Poll::Ready(value) => value,
        Poll::Pending => ladder::fail("it waits, and everything is there"),
    }
}

fn is_line(line: &io::Result<String>, wanted: &str) -> bool {
    matches!(line, Ok(line) if line == wanted)
}

fn is_error<T>(result: &io::Result<T>, kind: ErrorKind) -> bool {
    matches!(result, Err(error) if error.kind() == kind)
}

fn endless() {
    ladder::tries("a line without end, and a limit of 100");
    let pieces = Pieces::endless();
    let mut reader = Reader::with_limit(pieces.clone(), 100);
    let line = finish(reader.line());
    ladder::check!(
        is_error(&line, ErrorKind::InvalidData),
        "it should fail with InvalidData, and says {:?}",
        line.map(|it| it.len())
    );
    let read = pieces.read.get();
    ladder::check!(
        read <= 10_000,
        "{read} bytes were read before it failed, with a limit of 100"
    );

    ladder::tries("a line without end, and a reader that was made by new");
    let line = finish(Reader::new(Pieces::endless()).line());
    ladder::check!(
        is_error(&line, ErrorKind::InvalidData),
        "it should fail with InvalidData, and says {:?}",
        line.map(|it| it.len())
    );
}

fn at_the_limit() {
    ladder::tries("lines of 5 and 6 bytes, and a limit of 5");
    let mut reader = Reader::with_limit(Pieces::new(&[b"taxi\ntaxis\nbus\n"]), 5);
    let fits = finish(reader.line());
    ladder::check!(
        is_line(&fits, "taxi\n"),
        "the first line has 5 bytes with its line feed, and it says {fits:?}: what waits behind a line is none of it"
    );
    let longer = finish(reader.line());
    ladder::check!(
        is_error(&longer, ErrorKind::InvalidData),
        "the second line has 6 bytes with its line feed, and it says {longer:?}"
    );

    ladder::tries("a line that was too long, and its bytes after that");
    let bytes = finish(reader.exactly(6));
    let whole = matches!(&bytes, Ok(bytes) if bytes == b"taxis\n");
    ladder::check!(
        whole,
        "an error takes nothing away: it should give the 6 bytes of the line, and says {bytes:?}"
    );
    let next = finish(reader.line());
    ladder::check!(
        is_line(&next, "bus\n"),
        "the next line is \"bus\\n\", and it says {next:?}"
    );

    ladder::tries("five bytes, the end, and a limit of 5");
    let mut reader = Reader::with_limit(Pieces::new(&[b"ta", b"xi\n"]), 5);
    let line = finish(reader.line());
    ladder::check!(
        is_line(&line, "taxi\n"),
        "in two pieces it is the same line, and it says {line:?}"
    );
    let end = finish(reader.line());
    ladder::check!(is_line(&end, ""), "it is at its end, and says {end:?}");
}

fn exactly() {
    ladder::tries("four bytes, and four more, of pieces of three");
    let pieces: [&[u8]; 4] = [b"tax", b"ibu", b"s", b"!"];
    let mut reader = Reader::new(Pieces::new(&pieces));
    for wanted in [b"taxi", b"bus!"] {
        let bytes = finish(reader.exactly(4));
        let whole = matches!(&bytes, Ok(bytes) if bytes == wanted);
        ladder::check!(
            whole,
            "it should give {:?}, and says {bytes:?}",
            String::from_utf8_lossy(wanted)
        );
    }
    let none = finish(reader.exactly(0));
    ladder::check!(
        matches!(&none, Ok(bytes) if bytes.is_empty()),
        "no bytes are there always, and it says {none:?}"
    );

    ladder::tries("ten bytes, and the end comes after four");
    let mut reader = Reader::new(Pieces::new(&[b"taxi"]));
    let bytes = finish(reader.exactly(10));
    ladder::check!(
        is_error(&bytes, ErrorKind::UnexpectedEof),
        "it should fail with UnexpectedEof, and says {bytes:?}"
    );
    let line = finish(reader.line());
    ladder::check!(
        is_line(&line, "taxi"),
        "an error takes nothing away: the four bytes are the last line, and it says {line:?}"
    );
}

fn main() {
    endless();
    at_the_limit();
    exactly();
}
