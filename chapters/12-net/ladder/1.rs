//! A line at a time
//!
//! TCP keeps the order of bytes and nothing else: what was written as two lines may be read as one piece, or as five. So
//! who wants lines puts the pieces into a buffer, and takes lines out of it. To read from anything, begin with a trait:
//!
//!     /// Where bytes come from.
//!     pub trait Read {
//!         /// Waits for some bytes; how many. 0 is the end.
//!         fn read(
//!             &self,
//!             buffer: &mut [u8],
//!         ) -> impl Future<Output = io::Result<usize>>;
//!     }
//!
//!     impl Read for TcpStream { /* … */ }
//!     impl<R: Read> Read for Rc<R> { /* … */ }
//!
//!     pub struct Reader<R> { /* … */ }
//!
//!     impl<R: Read> Reader<R> {
//!         pub fn new(stream: R) -> Reader<R>
//!
//!         /// The next line, with its line feed. The last one may
//!         /// have none; after it, an empty text.
//!         pub async fn line(&mut self) -> io::Result<String>
//!     }
//!
//! Whoever waits for a line may give up: `line` is dropped half-way then, and what has come of the line is for the next
//! call. Bytes that are no UTF-8 may be replaced: `String::from_utf8_lossy`.
//!
//! needs: 7.4
//!
//! hint: Look into the buffer first: a line may be there already. Where must the buffer be, so that it outlives a call of
//! `line`?
//!
//! hint: In a loop: is there a line feed in the buffer? Then take that much out, and make a text of it: not before, since
//! a letter may come in two pieces. Otherwise read more; and if that is nothing, what is left is the last line.
//!
//! hint: With `buffer: Vec<u8>` in the reader:
//!
//!     loop {
//!         let feed = self.buffer.iter().position(|it| *it == b'\n');
//!         if let Some(place) = feed {
//!             return Ok(self.take(place + 1));
//!         }
//!         let mut piece = [0; 1024];
//!         let length = self.stream.read(&mut piece).await?;
//!         if length == 0 {
//!             return Ok(self.take(self.buffer.len()));
//!         }
//!         self.buffer.extend(&piece[..length]);
//!     }
//!
//! where `take(length)` is `self.buffer.drain(..length).collect::<Vec<_>>()`, as a text.
//!
//! done: This is the half of asyncio's `StreamReader` that everybody uses. Nothing is lost when it is dropped, since
//! whatever was read is in the reader before the next `await`. What it lacks: somebody who sends no line feed, ever.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use ladder::Bell;
use mine::net::{Read, Reader};
use mine::readiness::{Runtime, TcpListener, TcpStream, run};

/// Says Pending once, and wakes.
async fn a_turn() {
    let mut waited = false;
    poll_fn(|context| {
        if std::mem::replace(&mut waited, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Bytes that come in these pieces, each after a while.
struct Pieces {
    left: RefCell<VecDeque<Vec<u8>>>,
    ends: Cell<usize>,
}

impl Pieces {
    fn new(pieces: &[&[u8]]) -> Pieces {
        let pieces = pieces.iter().map(|it| it.to_vec());
        Pieces {
            left: RefCell::new(pieces.collect()),
            ends: Cell::new(0),
        }
    }
}

impl Read for Pieces {
    async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        a_turn().await;
        let Some(mut piece) = self.left.borrow_mut().pop_front() else {
            self.ends.set(self.ends.get() + 1);
            ladder::check!(
                self.ends.get() < 100,
                "the stream is at its end, and is read again and again: 0 bytes are the end"
            );
            return Ok(0);
        };
        if piece.is_empty() {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        let length = piece.len().min(buffer.len());
        ladder::check!(length > 0, "it reads into a buffer of no bytes");
        let rest = piece.split_off(length);
        if !rest.is_empty() {
            self.left.borrow_mut().push_front(rest);
        }
        buffer[..length].copy_from_slice(&piece);
        Ok(length)
    }
}

/// What a future gives that wakes its task whenever it is to be polled.
fn finish<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    for _ in 0..10_000 {
        if let Poll::Ready(value) = ladder::poll(future.as_mut(), &Bell::new()) {
            return value;
        }
    }
    ladder::fail("it was polled 10000 times, and has no line")
}

/// All lines, until the empty one.
fn lines(pieces: &[&[u8]]) -> Vec<String> {
    let mut reader = Reader::new(Pieces::new(pieces));
    let mut lines = Vec::new();
    loop {
        match finish(reader.line()) {
            Ok(line) if line.is_empty() => return lines,
            Ok(line) => lines.push(line),
            Err(error) => ladder::fail(format_args!("it fails: {error:?}")),
        }
        ladder::check!(
            lines.len() < 20,
            "it gives lines without end: the last was {:?}",
            lines.last()
        );
    }
}

fn whole_lines() {
    ladder::tries("two lines that come in five pieces");
    let got = lines(&[b"good ev", b"en", b"ing\na ta", b"xi, please", b"\n"]);
    ladder::check!(
        got == ["good evening\n", "a taxi, please\n"],
        "a piece is no line: it gives {got:?}"
    );

    ladder::tries("three lines that come in one piece");
    let got = lines(&[b"one\ntwo\nthree\n"]);
    ladder::check!(
        got == ["one\n", "two\n", "three\n"],
        "a piece may hold more than one line: it gives {got:?}"
    );

    ladder::tries("a last line without a line feed");
    let got = lines(&[b"one\ntw", b"o"]);
    ladder::check!(
        got == ["one\n", "two"],
        "what comes before the end is the last line: it gives {got:?}"
    );

    ladder::tries("an empty line among others");
    let got = lines(&[b"\n\nend\n"]);
    ladder::check!(
        got == ["\n", "\n", "end\n"],
        "an empty line has a line feed, and is not the end: it gives {got:?}"
    );

    ladder::tries("a line whose letter ü comes in two pieces");
    let got = lines(&[b"a tour of Z\xc3", b"\xbcrich\n"]);
    ladder::check!(
        got == ["a tour of Zürich\n"],
        "a letter may be cut in two: make a text of the whole line. It gives {got:?}"
    );

    ladder::tries("a line of five thousand bytes");
    let long = [&[b'x'; 5000][..], b"\n"].concat();
    let got = lines(&[&long]);
    ladder::check!(
        got.len() == 1 && got[0].len() == 5001,
        "it gives lines of these lengths: {:?}",
        got.iter().map(String::len).collect::<Vec<_>>()
    );
}

fn given_up() {
    ladder::tries("a line that is given up half-way, and asked for again");
    let mut reader = Reader::new(Pieces::new(&[b"a taxi", b", please\nthanks\n"]));
    {
        let mut first = pin!(reader.line());
        // Up to its second wait: the first piece has come.
        for _ in 0..2 {
            let polled = ladder::poll(first.as_mut(), &Bell::new());
            ladder::check!(
                polled.is_pending(),
                "half a line has come, and it says {polled:?}"
            );
        }
    }
    let line = finish(reader.line());
    let whole = matches!(&line, Ok(line) if line == "a taxi, please\n");
    ladder::check!(
        whole,
        "what had come was lost with the call that was given up: {line:?}"
    );

    ladder::tries("a stream that fails in the middle of a line");
    let mut reader = Reader::new(Pieces::new(&[b"one\na ta", b""]));
    let first = finish(reader.line());
    ladder::check!(
        matches!(&first, Ok(line) if line == "one\n"),
        "the first line is complete, and it says {first:?}"
    );
    let second = finish(reader.line());
    ladder::check!(
        second.is_err(),
        "the connection was reset, and it says {second:?}: that is no end"
    );
}

async fn over_tcp(runtime: Runtime) -> Vec<String> {
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = TcpListener::bind(&runtime.reactor, anywhere).expect("a port");
    let address = listener.local_addr().expect("it has one");
    let caller = TcpStream::connect(&runtime.reactor, address).await;
    let caller = Rc::new(caller.expect("a connection"));
    let called = listener.accept().await.expect("a connection");
    called
        .write_all(b"your taxi\nis the")
        .await
        .expect("it is sent");
    let mut reader = Reader::new(Rc::clone(&caller));
    let mut lines = vec![reader.line().await.expect("a line")];
    called.write_all(b" blue one\n").await.expect("it is sent");
    lines.push(reader.line().await.expect("a line"));
    lines
}

fn main() {
    whole_lines();
    given_up();

    ladder::tries("two lines over a connection");
    ladder::hangs("it never ends: is a line asked for that is in the buffer already?");
    let lines = run(over_tcp).expect("a runtime");
    ladder::check!(
        lines == ["your taxi\n", "is the blue one\n"],
        "it gives {lines:?}"
    );
}
