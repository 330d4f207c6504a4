//! Write, and never wait
//!
//! A method cannot wait, so what it writes is kept, and sent while it does something else:
//!
//!     impl Transport {
//!         /// Takes the bytes, and never waits. After a close they
//!         /// are ignored.
//!         pub fn write(&self, bytes: &[u8])
//!
//!         /// How many bytes are written and not sent.
//!         pub fn len(&self) -> usize
//!
//!         /// As before, when everything is sent.
//!         pub fn close(&self)
//!     }
//!
//!     pub async fn drive<S: Read + Write, P: Protocol>(
//!         stream: S,
//!         protocol: P,
//!     ) -> P
//!
//! `drive` sends and receives at the same time: a peer that takes nothing may still have something to say. It sends 1024
//! bytes at a time. When it fails, the connection is lost with that error.
//!
//! hint: You have raced the future that receives against one that waits for a close. What if that one sends?
//!
//! hint: It takes some bytes out of the buffer and sends them. There are none: it is over if the transport is closed, and
//! otherwise waits until there is something new: a write, or a close. Your `Writer` of rung 12.3 has the same loop.
//!
//! hint: With `buffer: RefCell<Vec<u8>>`, `unsent: Cell<usize>`, `closing: Cell<bool>` and an Event `changed`, which is set
//! and cleared at once by `write` and `close`:
//!
//!     async fn send(
//!         stream: &impl Write,
//!         transport: &Transport,
//!     ) -> io::Result<()> {
//!         loop {
//!             let piece = transport.piece();
//!             if !piece.is_empty() {
//!                 stream.write_all(&piece).await?;
//!                 transport.sent(piece.len());
//!             } else if transport.is_closing() {
//!                 return Ok(());
//!             } else {
//!                 transport.0.changed.wait().await;
//!             }
//!         }
//!     }
//!
//! done: An echo in four lines: `data_received` writes what it gets. And a fault in four lines: who sends more than they
//! read fills the memory of your echo. asyncio tries to send within `write`, and so does chapter 13: what has room goes
//! out without a turn of the task. Next, the marks.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Poll, Waker};

use ladder::Bell;
use mine::net::{Read, Write};
use mine::protocols::{Protocol, Transport, drive};

/// What comes, and when.
#[derive(Clone, Default)]
struct Stream(Rc<Script>);

#[derive(Default)]
struct Script {
    /// Bytes; empty ones are the end. `None` is a reset.
    answers: RefCell<VecDeque<Option<&'static [u8]>>>,
    waker: RefCell<Option<Waker>>,
    ended: Cell<bool>,
    /// What was written; and how often it may still be written to.
    heard: RefCell<Vec<u8>>,
    room: Cell<usize>,
    writer: RefCell<Option<Waker>>,
    broken: Cell<bool>,
}

impl Stream {
    fn new(answers: &[Option<&'static [u8]>]) -> Stream {
        let stream = Stream::default();
        answers.iter().for_each(|answer| stream.comes(*answer));
        stream
    }

    fn comes(&self, answer: Option<&'static [u8]>) {
        self.0.answers.borrow_mut().push_back(answer);
        let waker = self.0.waker.take();
        waker.map(Waker::wake);
    }
}

impl Stream {
    /// Takes so many pieces more.
    fn takes(&self, pieces: usize) {
        self.0.room.set(self.0.room.get() + pieces);
        let writer = self.0.writer.take();
        writer.map(Waker::wake);
    }

    fn heard(&self) -> String {
        String::from_utf8_lossy(&self.0.heard.borrow()).into_owned()
    }
}

impl Read for Stream {
    async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let answer = poll_fn(|context| {
            let answer = self.0.answers.borrow_mut().pop_front();
            match answer {
                Some(answer) => Poll::Ready(answer),
                None => {
                    self.0.waker.replace(Some(context.waker().clone()));
                    Poll::Pending
                }
            }
        });
        ladder::check!(
            !self.0.ended.get(),
            "the stream is at its end, and is read again"
        );
        match answer.await {
            Some(bytes) => {
                self.0.ended.set(bytes.is_empty());
                buffer[..bytes.len()].copy_from_slice(bytes);
                Ok(bytes.len())
            }
            None => Err(io::ErrorKind::ConnectionReset.into()),
        }
    }
}

impl Write for Stream {
    async fn write_all(&self, bytes: &[u8]) -> io::Result<()> {
        ladder::check!(!bytes.is_empty(), "it sends nothing, and waits for that");
        ladder::check!(
            bytes.len() <= 1024,
            "it sends {} bytes at once: 1024 at most",
            bytes.len()
        );
        poll_fn(|context| {
            if self.0.broken.get() {
                return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
            }
            if self.0.room.get() == 0 {
                self.0.writer.replace(Some(context.waker().clone()));
                return Poll::Pending;
            }
            self.0.room.set(self.0.room.get() - 1);
            self.0.heard.borrow_mut().extend(bytes);
            Poll::Ready(Ok(()))
        })
        .await
    }
}

/// Notes what it is called for, and writes something then.
#[derive(Clone)]
struct Notes {
    calls: Rc<RefCell<Vec<String>>>,
    transport: Rc<RefCell<Option<Transport>>>,
    /// At which call it writes what, and whether it closes then.
    writes: (&'static str, &'static str, bool),
}

impl Notes {
    fn new(writes: (&'static str, &'static str, bool)) -> Notes {
        Notes {
            calls: Rc::default(),
            transport: Rc::default(),
            writes,
        }
    }

    fn note(&self, call: String) {
        self.calls.borrow_mut().push(call.clone());
        let (when, what, closes) = self.writes;
        if call == when {
            let transport = self.transport();
            transport.write(what.as_bytes());
            if closes {
                transport.close();
                transport.write(b" and more");
            }
        }
    }

    fn transport(&self) -> Transport {
        let transport = self.transport.borrow().clone();
        transport.unwrap_or_else(|| ladder::fail("it is called before it is made"))
    }

    fn calls(&self) -> String {
        self.calls.borrow().join(", ")
    }
}

impl Protocol for Notes {
    fn connection_made(&mut self, transport: Transport) {
        self.transport.replace(Some(transport));
        self.note("made".into());
    }

    fn data_received(&mut self, data: &[u8]) {
        self.note(String::from_utf8_lossy(data).into_owned());
    }

    fn eof_received(&mut self) -> bool {
        self.note("the end".into());
        false
    }

    fn connection_lost(&mut self, error: Option<io::Error>) {
        match error {
            None => self.note("lost".into()),
            Some(error) => self.note(format!("lost ({:?})", error.kind())),
        }
    }
}

/// Polls `future` until it waits for somebody else; whether it is over.
fn is_over<F: Future>(mut future: Pin<&mut F>, bell: &Arc<Bell>) -> bool {
    for _ in 0..1000 {
        let before = bell.rings();
        if ladder::poll(future.as_mut(), bell).is_ready() {
            return true;
        }
        if bell.rings() == before {
            return false;
        }
    }
    ladder::fail("it wakes its own task again and again")
}

fn sends() {
    ladder::tries("a protocol that writes when it is made, and when a comes");
    let bell = Bell::new();
    let notes = Notes::new(("a", "answer", false));
    let stream = Stream::new(&[Some(b"a")]);
    stream.takes(10);
    let mut drives = pin!(drive(stream.clone(), notes.clone()));
    is_over(drives.as_mut(), &bell);
    ladder::check!(
        stream.heard() == "answer",
        "it wrote answer, and this was sent: {:?}",
        stream.heard()
    );

    ladder::tries("somebody else who writes while nothing comes");
    let before = bell.rings();
    notes.transport().write(b", and more");
    ladder::check!(
        bell.rings() > before,
        "drive waits, and nobody wakes it to send what was written"
    );
    is_over(drives.as_mut(), &bell);
    ladder::check!(
        stream.heard() == "answer, and more",
        "this was sent: {:?}",
        stream.heard()
    );

    ladder::tries("5000 bytes in two writes");
    let bytes: Vec<u8> = (0..5000).map(|it| b'a' + (it % 23) as u8).collect();
    notes.transport().write(&bytes[..1000]);
    notes.transport().write(&bytes[1000..]);
    ladder::check!(
        notes.transport().len() == 5000,
        "5000 bytes are written and none was sent, and len says {}",
        notes.transport().len()
    );
    is_over(drives.as_mut(), &bell);
    ladder::check!(
        stream.0.heard.borrow()[16..] == bytes,
        "{} bytes were sent, and they are not those that were written, in order",
        stream.0.heard.borrow().len() - 16
    );
    ladder::check!(
        notes.transport().len() == 0,
        "all is sent, and len says {}",
        notes.transport().len()
    );
}

fn at_the_same_time() {
    ladder::tries("a peer that takes nothing, and says a, b and c");
    let bell = Bell::new();
    let notes = Notes::new(("a", "answer", false));
    let stream = Stream::new(&[Some(b"a"), Some(b"b")]);
    let mut drives = pin!(drive(stream.clone(), notes.clone()));
    is_over(drives.as_mut(), &bell);
    stream.comes(Some(b"c"));
    is_over(drives.as_mut(), &bell);
    ladder::check!(
        notes.calls() == "made, a, b, c",
        "while it cannot send it should still receive: made, a, b, c. It calls: {}",
        notes.calls()
    );
    ladder::check!(
        notes.transport().len() == 6,
        "6 bytes are written and not sent, and len says {}: what is being sent is not sent yet",
        notes.transport().len()
    );
    stream.takes(1);
    is_over(drives.as_mut(), &bell);
    ladder::check!(
        stream.heard() == "answer",
        "the peer takes something now, and this is sent: {:?}",
        stream.heard()
    );
}

fn closes() {
    ladder::tries("a protocol that writes when it is made, closes, and writes again");
    let bell = Bell::new();
    let notes = Notes::new(("made", "good night", true));
    let stream = Stream::new(&[Some(b"a")]);
    let mut drives = pin!(drive(stream.clone(), notes.clone()));
    let over = is_over(drives.as_mut(), &bell);
    ladder::check!(
        !over && !notes.calls().contains("lost"),
        "not all is sent, and the connection is lost: close is to send what was written before it"
    );
    ladder::check!(
        notes.calls() == "made",
        "after a close nothing is received, and it calls: {}",
        notes.calls()
    );
    stream.takes(9);
    let over = is_over(drives.as_mut(), &bell);
    ladder::check!(
        stream.heard() == "good night",
        "what is written after a close is ignored, and what is written before it is sent. This was sent: {:?}",
        stream.heard()
    );
    ladder::check!(
        over && notes.calls() == "made, lost",
        "all is sent, and the connection should be lost. It calls: {}",
        notes.calls()
    );

    ladder::tries("a protocol that writes at the end of the stream");
    let notes = Notes::new(("the end", "good night", false));
    let stream = Stream::new(&[Some(b"")]);
    let mut drives = pin!(drive(stream.clone(), notes.clone()));
    is_over(drives.as_mut(), &bell);
    stream.takes(9);
    is_over(drives.as_mut(), &bell);
    ladder::check!(
        (&*stream.heard(), &*notes.calls()) == ("good night", "made, the end, lost"),
        "the peer writes no more and may still read. This was sent: {:?}; and it calls: {}",
        stream.heard(),
        notes.calls()
    );

    ladder::tries("a peer to whom nothing can be sent any more");
    let notes = Notes::new(("made", "answer", false));
    let stream = Stream::new(&[]);
    stream.0.broken.set(true);
    let over = is_over(pin!(drive(stream, notes.clone())), &bell);
    ladder::check!(
        over && notes.calls() == "made, lost (BrokenPipe)",
        "it should be lost with the error BrokenPipe. It calls: {}",
        notes.calls()
    );
}

fn main() {
    sends();
    at_the_same_time();
    closes();
}
