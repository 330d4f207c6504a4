//! Called, not asked
//!
//! Until now a task has asked for bytes, and what it was doing stood in its code: the place of its `await`. The other way
//! round, a connection calls: *made*, *this has come*, *that was all*, *lost*. Whoever is called keeps what it needs to
//! know in its fields.
//!
//!     /// What is to be done with what comes.
//!     pub trait Protocol {
//!         fn connection_made(&mut self, transport: Transport) {}
//!         fn data_received(&mut self, data: &[u8]);
//!         /// True keeps the connection until it is closed.
//!         fn eof_received(&mut self) -> bool {
//!             false
//!         }
//!         fn connection_lost(&mut self, error: Option<io::Error>) {}
//!     }
//!
//!     /// The connection, as its protocol has it. Clones are the
//!     /// same one.
//!     #[derive(Clone)]
//!     pub struct Transport(/* … */);
//!
//!     impl Transport {
//!         /// Soon the connection is lost, without an error.
//!         pub fn close(&self)
//!         pub fn is_closing(&self) -> bool
//!     }
//!
//!     /// Calls `protocol` for what comes from `stream`, until the
//!     /// connection is lost. The protocol comes back then.
//!     pub async fn drive<S: Read, P: Protocol>(
//!         stream: S,
//!         protocol: P,
//!     ) -> P
//!
//! `connection_made` is called first and `connection_lost` last, each once. After a close nothing is received any more; and
//! `close` may be called at any time, in a method or by another task while `drive` waits for bytes.
//!
//! `Read` is that of your chapter 12.
//!
//! needs: 9.3 10.2 12.3
//!
//! hint: Two things end it: the stream, with its end or an error, and a close. So `drive` races a future that receives
//! against an `Event` of chapter 10 that says *closed*.
//!
//! hint: The one that receives never ends well by itself. At the end of the stream it closes the transport, or does not,
//! and then waits for ever, with `std::future::pending`: the other one ends the race. A look at `is_closing` before each
//! call keeps what comes too late from being told.
//!
//! hint: With `closing: Event` in what the transports share, and both futures of type
//! `Pin<Box<dyn Future<Output = io::Result<()>> + '_>>`:
//!
//!     let receives = async {
//!         let mut buffer = [0; 1024];
//!         loop {
//!             let length = stream.read(&mut buffer).await?;
//!             if transport.is_closing() {
//!                 return pending().await;
//!             }
//!             if length > 0 {
//!                 protocol.data_received(&buffer[..length]);
//!                 continue;
//!             }
//!             if !protocol.eof_received() {
//!                 transport.close();
//!             }
//!             return pending().await;
//!         }
//!     };
//!     let closed = async { Ok(transport.0.closing.wait().await) };
//!     let (_, ended) =
//!         race_all(vec![Box::pin(receives), Box::pin(closed)]).await;
//!     protocol.connection_lost(ended.err());
//!
//! done: asyncio, Twisted and Netty are built like this. Compare the two echoes: there a loop, here four methods. A loop
//! says what comes next; methods say what is to be done whatever comes next. So far they can only listen.

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

/// Nobody writes to it here.
impl Write for Stream {
    async fn write_all(&self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }
}

/// Notes what it is called for, and does something then.
#[derive(Clone)]
struct Notes {
    calls: Rc<RefCell<Vec<String>>>,
    transport: Rc<RefCell<Option<Transport>>>,
    closes_at: &'static str,
    keeps_open: bool,
}

impl Notes {
    fn new() -> Notes {
        Notes {
            calls: Rc::default(),
            transport: Rc::default(),
            closes_at: "",
            keeps_open: false,
        }
    }

    fn note(&self, call: String) {
        self.calls.borrow_mut().push(call.clone());
        if call == self.closes_at {
            self.transport().close();
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
        self.keeps_open
    }

    fn connection_lost(&mut self, error: Option<io::Error>) {
        match error {
            None => self.note("lost".into()),
            Some(error) => self.note(format!("lost ({error})")),
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

fn whole_life() {
    ladder::tries("a connection on which a and b come, and then the end");
    let notes = Notes::new();
    let stream = Stream::new(&[Some(b"a"), Some(b"b"), Some(b"")]);
    let bell = Bell::new();
    let over = is_over(pin!(drive(stream, notes.clone())), &bell);
    ladder::check!(
        notes.calls() == "made, a, b, the end, lost",
        "it should call: made, a, b, the end, lost. It calls: {}",
        notes.calls()
    );
    ladder::check!(over, "the connection is lost, and drive goes on");

    ladder::tries("a connection that is reset after a");
    let notes = Notes::new();
    let stream = Stream::new(&[Some(b"a"), None]);
    is_over(pin!(drive(stream, notes.clone())), &bell);
    let calls = notes.calls();
    ladder::check!(
        calls.starts_with("made, a, lost (") && !calls.contains("the end"),
        "a reset is an error and no end: it should call made, a, lost, with the error. It calls: {calls}"
    );

    ladder::tries("a connection on which nothing comes for a while");
    let notes = Notes::new();
    let stream = Stream::new(&[]);
    let mut drives = pin!(drive(stream.clone(), notes.clone()));
    let over = is_over(drives.as_mut(), &bell);
    ladder::check!(
        !over && notes.calls() == "made",
        "nothing has come, and it calls: {}",
        notes.calls()
    );
    stream.comes(Some(b"late"));
    is_over(drives.as_mut(), &bell);
    ladder::check!(
        notes.calls() == "made, late",
        "it should call: made, late. It calls: {}",
        notes.calls()
    );
}

fn closed() {
    ladder::tries("a protocol that closes when it hears a, and b after it");
    let bell = Bell::new();
    let notes = Notes {
        closes_at: "a",
        ..Notes::new()
    };
    let stream = Stream::new(&[Some(b"a"), Some(b"b"), Some(b"")]);
    is_over(pin!(drive(stream, notes.clone())), &bell);
    ladder::check!(
        notes.calls() == "made, a, lost",
        "after a close nothing is received: it should call made, a, lost. It calls: {}",
        notes.calls()
    );
    ladder::check!(
        notes.transport().is_closing(),
        "it was closed, and is_closing says no"
    );

    ladder::tries("a protocol that closes as soon as it is made");
    let notes = Notes {
        closes_at: "made",
        ..Notes::new()
    };
    is_over(
        pin!(drive(Stream::new(&[Some(b"a")]), notes.clone())),
        &bell,
    );
    ladder::check!(
        notes.calls() == "made, lost",
        "it should call: made, lost. It calls: {}",
        notes.calls()
    );

    ladder::tries("somebody else who closes while nothing comes");
    let notes = Notes::new();
    let mut drives = pin!(drive(Stream::new(&[]), notes.clone()));
    is_over(drives.as_mut(), &bell);
    let before = bell.rings();
    notes.transport().close();
    ladder::check!(
        bell.rings() > before,
        "it waits for bytes, and nobody wakes it: who tells drive of the close?"
    );
    let over = is_over(drives.as_mut(), &bell);
    ladder::check!(
        over && notes.calls() == "made, lost",
        "it should call made, lost, and be over. It calls: {}",
        notes.calls()
    );
}

fn kept_open() {
    ladder::tries("a protocol that keeps the connection at its end, and closes it later");
    let bell = Bell::new();
    let notes = Notes {
        keeps_open: true,
        ..Notes::new()
    };
    let mut drives = pin!(drive(Stream::new(&[Some(b"")]), notes.clone()));
    let over = is_over(drives.as_mut(), &bell);
    ladder::check!(
        !over && notes.calls() == "made, the end",
        "its answer to the end was true, so it stays. It calls: {}",
        notes.calls()
    );
    notes.transport().close();
    is_over(drives.as_mut(), &bell);
    ladder::check!(
        notes.calls() == "made, the end, lost",
        "it is closed, and calls: {}",
        notes.calls()
    );
}

fn main() {
    whole_life();
    closed();
    kept_open();
}
