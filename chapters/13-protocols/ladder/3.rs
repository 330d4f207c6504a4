//! Two marks
//!
//! What is written and not sent grows as fast as the protocol writes. So tell it: stop, and go on.
//!
//!     pub trait Protocol {
//!         // As before, and:
//!         fn pause_writing(&mut self) {}
//!         fn resume_writing(&mut self) {}
//!     }
//!
//!     impl Transport {
//!         /// 16384 and 65536 unless it is called.
//!         pub fn set_limits(&self, low: usize, high: usize)
//!     }
//!
//! When more than `high` bytes are not sent, `pause_writing` is called, soon; and then, when no more than `low` are left,
//! `resume_writing`. They are called in turns, each once. What the protocol does in them is its own affair: it may write in
//! both.
//!
//! hint: Who calls? Not the one that sends: it waits for the peer just when there is too much. So a third future runs in
//! the race, one that waits for changes and tells.
//!
//! hint: Two of the three call the protocol, so they share it in a `RefCell`. No call lasts longer than a borrow, since no
//! method waits, and `write` calls nobody. What was told last is a `paused: Cell<bool>`, set *before* the call: the
//! protocol may write in it.
//!
//! hint: The third one; and the one that sends sets and clears `changed` after each piece:
//!
//!     loop {
//!         let (left, paused) = (transport.len(), &transport.0.paused);
//!         if !paused.get() && left > transport.0.high.get() {
//!             paused.set(true);
//!             protocol.borrow_mut().pause_writing();
//!         } else if paused.get() && left <= transport.0.low.get() {
//!             paused.set(false);
//!             protocol.borrow_mut().resume_writing();
//!         } else {
//!             transport.0.changed.wait().await;
//!         }
//!     }
//!
//! done: This is `drain` of rung 12.3, the other way round: there a task waits, here it is told. asyncio's streams are built
//! on this: their `drain` waits for `resume_writing`. One direction is left: who tells the peer?

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
    /// Bytes that come.
    answers: RefCell<VecDeque<Option<&'static [u8]>>>,
    waker: RefCell<Option<Waker>>,
    ended: Cell<bool>,
    /// How often it may still be written to.
    room: Cell<usize>,
    writer: RefCell<Option<Waker>>,
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
            if self.0.room.get() == 0 {
                self.0.writer.replace(Some(context.waker().clone()));
                return Poll::Pending;
            }
            self.0.room.set(self.0.room.get() - 1);
            Poll::Ready(Ok(()))
        })
        .await
    }
}

/// What it is called for, and what it writes then.
#[derive(Clone)]
struct Notes {
    calls: Rc<RefCell<Vec<&'static str>>>,
    transport: Rc<RefCell<Option<Transport>>>,
    in_pause: usize,
    in_resume: usize,
}

impl Notes {
    fn new(in_pause: usize, in_resume: usize) -> Notes {
        Notes {
            calls: Rc::default(),
            transport: Rc::default(),
            in_pause,
            in_resume,
        }
    }

    fn transport(&self) -> Transport {
        let transport = self.transport.borrow().clone();
        transport.unwrap_or_else(|| ladder::fail("it is called before it is made"))
    }

    /// What it was called for since the last look.
    fn new_calls(&self) -> String {
        self.calls.take().join(", ")
    }
}

impl Protocol for Notes {
    fn connection_made(&mut self, transport: Transport) {
        self.transport.replace(Some(transport));
    }

    fn data_received(&mut self, _: &[u8]) {
        self.transport().write(&[b'x'; 5000]);
        self.calls.borrow_mut().push("data");
    }

    fn pause_writing(&mut self) {
        self.calls.borrow_mut().push("pause");
        self.transport().write(&vec![b'x'; self.in_pause]);
    }

    fn resume_writing(&mut self) {
        self.calls.borrow_mut().push("resume");
        self.transport().write(&vec![b'x'; self.in_resume]);
        self.in_resume = 0;
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

fn told() {
    ladder::tries("marks of 2048 and 4096, and a peer that takes 1024 bytes at a time");
    let bell = Bell::new();
    let notes = Notes::new(0, 0);
    let stream = Stream::new(&[]);
    let mut drives = pin!(drive(stream.clone(), notes.clone()));
    is_over(drives.as_mut(), &bell);
    let transport = notes.transport();
    transport.set_limits(2048, 4096);
    let mut then = |written: usize, taken: usize| {
        transport.write(&vec![b'x'; written]);
        stream.takes(taken);
        is_over(drives.as_mut(), &bell);
        (notes.new_calls(), transport.len())
    };
    let told = then(4096, 0);
    ladder::check!(
        told == (String::new(), 4096),
        "4096 bytes are not more than the high mark; left are {}, and it calls: {}",
        told.1,
        told.0
    );
    let told = then(1, 0);
    ladder::check!(
        told.0 == "pause",
        "4097 bytes are more than the high mark: it should call pause, and calls: {:?}",
        told.0
    );
    let told = then(1000, 0);
    ladder::check!(
        told.0.is_empty(),
        "it was told to pause before, and is called again: {}",
        told.0
    );
    let told = then(0, 2);
    ladder::check!(
        told.0.is_empty(),
        "{} bytes are left, more than the low mark, and it calls: {}",
        told.1,
        told.0
    );
    let told = then(0, 1);
    ladder::check!(
        told == ("resume".to_string(), 2025),
        "2025 bytes should be left, no more than the low mark, and resume be called. {} are left, and it calls: {:?}",
        told.1,
        told.0
    );
    let told = then(3000, 0);
    ladder::check!(
        told.0 == "pause",
        "{} bytes are more than the high mark again, and it calls: {:?}",
        told.1,
        told.0
    );
    let told = then(0, 100);
    ladder::check!(
        told == ("resume".to_string(), 0),
        "all of it is sent: it should call resume, once. {} are left, and it calls: {:?}",
        told.1,
        told.0
    );
}

fn by_default() {
    ladder::tries("marks that nobody has set");
    let bell = Bell::new();
    let notes = Notes::new(0, 0);
    let stream = Stream::new(&[]);
    let mut drives = pin!(drive(stream.clone(), notes.clone()));
    is_over(drives.as_mut(), &bell);
    notes.transport().write(&[b'x'; 65_536]);
    is_over(drives.as_mut(), &bell);
    ladder::check!(
        notes.new_calls().is_empty(),
        "65536 bytes are not more than the high mark, and it is told to pause"
    );
    notes.transport().write(b"x");
    is_over(drives.as_mut(), &bell);
    ladder::check!(
        notes.new_calls() == "pause",
        "65537 bytes are more than the high mark, and it is not told to pause"
    );
}

fn while_it_is_told() {
    ladder::tries("a protocol that writes in pause_writing and in resume_writing");
    let bell = Bell::new();
    let notes = Notes::new(500, 9000);
    let stream = Stream::new(&[Some(b"a")]);
    let mut drives = pin!(drive(stream.clone(), notes.clone()));
    let panicked = ladder::panics(|| {
        ladder::poll(drives.as_mut(), &bell).is_ready();
    });
    if let Some(message) = panicked {
        ladder::fail(format_args!(
            "it panics: {message}. Is the protocol called while it is called?"
        ));
    }
    notes.transport().set_limits(2048, 4096);
    is_over(drives.as_mut(), &bell);
    let calls = notes.new_calls();
    ladder::check!(
        calls == "data, pause",
        "it writes 5000 bytes when a comes, and should be told to pause once. It calls: {calls}"
    );
    stream.takes(1000);
    let over = is_over(drives.as_mut(), &bell);
    let calls = notes.new_calls();
    ladder::check!(
        calls == "resume, pause, resume",
        "it writes 9000 bytes when it is told to resume: they should take turns, resume, pause, resume. It calls: {calls}"
    );
    ladder::check!(!over, "nobody has closed it, and it is over");
}

fn main() {
    told();
    by_default();
    while_it_is_told();
}
