//! Back-pressure, and a server
//!
//! A protocol that is told to stop writing may have no way to write less: an echo writes what it reads. So it must read
//! less. What is not read stays with the operating system, whose buffers are finite, and at last the peer has to stop.
//!
//!     impl Transport {
//!         /// Calls nothing for what comes, until it is resumed.
//!         pub fn pause_reading(&self)
//!         pub fn resume_reading(&self)
//!     }
//!
//!     /// Serves with a protocol of its own for each connection.
//!     pub fn serve<P: Protocol + 'static>(
//!         runtime: &Runtime,
//!         listener: TcpListener,
//!         factory: impl Fn() -> P + 'static,
//!     ) -> Server
//!
//! While reading is paused, one piece may have been read that is not told yet; no more. `Server` and `Runtime` are those of
//! your chapters 12 and 7.
//!
//! needs: 5.4 6.4 7.5 12.5
//!
//! hint: Reading may be paused while the receiving future waits for bytes. What does it have to ask when they have come?
//!
//! hint: After each read it waits while it is paused, for a change. A close ends that wait, too. And while there is more to
//! read, a `read` is ready each time, and nobody else of the race has a turn: so after `data_received` the receiving
//! future itself has to look whether the protocol is to be told to pause.
//!
//! hint: After the read:
//!
//!     while transport.0.reads_no_more.get() && !transport.is_closing() {
//!         transport.0.changed.wait().await;
//!     }
//!
//! What rung 13.3 tells in a loop becomes a function that says whether it has told anything; after `data_received` comes
//! `while tell_now(protocol, transport) {}`. The server:
//!
//!     Server::start(runtime, listener, move |stream| {
//!         let protocol = factory();
//!         async { drop(drive(stream, protocol).await) }
//!     })
//!
//! done: Four methods and two marks: an echo that holds no more than 64 KiB, whatever is sent to it and however slowly it is
//! read. That is asyncio's transports and protocols, on a runtime of your own. What is left is in the page's last section:
//! TLS, which is one more stream, and datagrams.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::Duration;

use ladder::Bell;
use mine::net::{Read, Write};
use mine::protocols::{Protocol, Transport, drive, serve};
use mine::readiness::{Runtime, TcpListener, TcpStream, run};

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

/// Notes what it hears.
#[derive(Clone, Default)]
struct Notes {
    calls: Rc<RefCell<Vec<String>>>,
    transport: Rc<RefCell<Option<Transport>>>,
    /// At which call it pauses.
    pauses_at: &'static str,
}

impl Notes {
    fn note(&self, call: &str) {
        self.calls.borrow_mut().push(call.to_string());
        if call == self.pauses_at {
            self.transport().pause_reading();
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
        self.note("made");
    }

    fn data_received(&mut self, data: &[u8]) {
        self.note(&String::from_utf8_lossy(data));
    }

    fn eof_received(&mut self) -> bool {
        self.note("the end");
        false
    }

    fn connection_lost(&mut self, _: Option<io::Error>) {
        self.note("lost");
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

fn paused() {
    ladder::tries("a protocol that pauses when a comes, and b and the end after it");
    let bell = Bell::new();
    let notes = Notes {
        pauses_at: "a",
        ..Notes::default()
    };
    let stream = Stream::new(&[Some(b"a"), Some(b"b"), Some(b"c"), Some(b"")]);
    let mut drives = pin!(drive(stream.clone(), notes.clone()));
    is_over(drives.as_mut(), &bell);
    ladder::check!(
        notes.calls() == "made, a",
        "reading is paused after a, and it calls: {}",
        notes.calls()
    );
    let left = stream.0.answers.borrow().len();
    ladder::check!(
        left >= 2,
        "reading is paused, and all of it was read: the peer can go on for ever"
    );
    let before = bell.rings();
    notes.transport().resume_reading();
    ladder::check!(
        bell.rings() > before,
        "reading is resumed, and nobody wakes drive"
    );
    is_over(drives.as_mut(), &bell);
    ladder::check!(
        notes.calls() == "made, a, b, c, the end, lost",
        "reading is resumed, and it calls: {}",
        notes.calls()
    );

    ladder::tries("a protocol that is paused while it waits for bytes, and a that comes");
    let notes = Notes::default();
    let stream = Stream::new(&[]);
    let mut drives = pin!(drive(stream.clone(), notes.clone()));
    is_over(drives.as_mut(), &bell);
    notes.transport().pause_reading();
    stream.comes(Some(b"a"));
    is_over(drives.as_mut(), &bell);
    ladder::check!(
        notes.calls() == "made",
        "reading was paused before a came, and it calls: {}",
        notes.calls()
    );

    ladder::tries("a protocol that is paused, and closed then");
    notes.transport().close();
    let over = is_over(drives.as_mut(), &bell);
    ladder::check!(
        over && notes.calls() == "made, lost",
        "it is closed, and should be lost, without a call for what has come. It calls: {}",
        notes.calls()
    );
}

/// Sends back what comes, and reads only while it may write.
struct Echo {
    transport: Option<Transport>,
    most: Rc<Cell<usize>>,
}

impl Echo {
    fn transport(&self) -> &Transport {
        let transport = self.transport.as_ref();
        transport.unwrap_or_else(|| ladder::fail("it is called before it is made"))
    }
}

impl Protocol for Echo {
    fn connection_made(&mut self, transport: Transport) {
        self.transport = Some(transport);
    }

    fn data_received(&mut self, data: &[u8]) {
        self.transport().write(data);
        let most = self.most.get().max(self.transport().len());
        self.most.set(most);
    }

    fn pause_writing(&mut self) {
        self.transport().pause_reading();
    }

    fn resume_writing(&mut self) {
        self.transport().resume_reading();
    }
}

const MUCH: usize = 16 << 20;

/// How much came back of what was sent; and how much lay in the echo at most.
async fn echoes(runtime: Runtime) -> (usize, usize) {
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = TcpListener::bind(&runtime.reactor, anywhere).expect("a port");
    let address = listener.local_addr().expect("it has one");
    let most = Rc::<Cell<usize>>::default();
    let of_it = Rc::clone(&most);
    let _server = serve(&runtime, listener, move || Echo {
        transport: None,
        most: Rc::clone(&of_it),
    });
    let stream = TcpStream::connect(&runtime.reactor, address).await;
    let stream = Rc::new(stream.expect("a connection"));
    let sender = Rc::clone(&stream);
    runtime.executor.spawn(async move {
        let piece = [b'x'; 1 << 16];
        for _ in 0..MUCH / piece.len() {
            if sender.write_all(&piece).await.is_err() {
                return; // The reader will hear of it.
            }
        }
    });
    // Nobody reads for a while: all buffers are full by then.
    runtime.timers.sleep(Duration::from_secs(1)).await;
    let (mut heard, mut buffer) = (0, vec![0; 1 << 16]);
    while heard < MUCH {
        match stream.read(&mut buffer).await {
            Ok(more) if more > 0 => heard += more,
            _ => break,
        }
    }
    (heard, most.get())
}

fn main() {
    paused();

    ladder::tries(
        "an echo of 16 MiB over a connection, whose caller reads nothing for a second",
    );
    ladder::hangs("it never ends: is somebody paused whom nobody resumes?");
    let (heard, most) = run(echoes).expect("a runtime");
    ladder::check!(
        heard == MUCH,
        "of {MUCH} bytes {heard} came back, and the connection is over"
    );
    ladder::check!(
        most <= 100_000,
        "more than 100000 bytes lay in the echo at once: it pauses its reading above 65536. While there is more to read, who tells it?"
    );
}
