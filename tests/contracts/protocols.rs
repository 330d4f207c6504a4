//! What chapter 13 promises, at its public interface.

#[path = "protocols/contract.rs"]
mod contract;
#[path = "protocols/datagrams.rs"]
mod datagrams;
#[cfg(target_os = "linux")]
#[path = "protocols/descriptors.rs"]
mod descriptors;
#[path = "protocols/ends.rs"]
mod ends;
#[path = "protocols/flow.rs"]
mod flow;
#[path = "protocols/panics.rs"]
mod panics;
#[path = "protocols/pipe.rs"]
mod pipe;
#[path = "protocols/random.rs"]
mod random;
#[path = "protocols/reentrant.rs"]
mod reentrant;
#[path = "protocols/secret.rs"]
mod secret;
#[path = "protocols/sockets.rs"]
mod sockets;

use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;

use event_loop::Clock;
use pipe::{End, pipe};
use protocols::{Protocol, Transport, drive};
use task_cell::{JoinHandle, spawn};

/// Runs `future` on the virtual clock.
#[track_caller]
fn run<F: Future>(future: F) -> F::Output {
    task_cell::run(Clock::virtual_time(), future)
}

/// An address of this machine whose port the operating system chooses.
fn anywhere() -> std::net::SocketAddr {
    std::net::SocketAddr::from(([127, 0, 0, 1], 0))
}

/// What was called, in order.
#[derive(Clone, Default)]
struct Log(Rc<RefCell<Vec<String>>>);

impl Log {
    fn note(&self, what: impl Into<String>) {
        self.0.borrow_mut().push(what.into());
    }

    fn take(&self) -> Vec<String> {
        self.0.take()
    }
}

/// What a scripted protocol does in a call.
type Act = Box<dyn FnMut(&Transport)>;

/// A protocol that notes each call, and does then what it was told.
struct Scripted {
    log: Log,
    transport: Rc<RefCell<Option<Transport>>>,
    keeps_open: bool,
    acts: Vec<(&'static str, Act)>,
    /// Whether it is still there.
    alive: Rc<Cell<bool>>,
}

impl Scripted {
    fn new(log: &Log) -> Scripted {
        Scripted {
            log: log.clone(),
            transport: Rc::default(),
            keeps_open: false,
            acts: Vec::new(),
            alive: Rc::new(Cell::new(true)),
        }
    }

    /// After each call of `method`, `act` is done.
    fn on(
        mut self,
        method: &'static str,
        act: impl FnMut(&Transport) + 'static,
    ) -> Scripted {
        self.acts.push((method, Box::new(act)));
        self
    }

    fn keeps_open(mut self) -> Scripted {
        self.keeps_open = true;
        self
    }

    fn called(&mut self, method: &str, note: String) {
        self.log.note(note);
        let transport = self.transport.borrow().clone().expect("it was made");
        for (name, act) in &mut self.acts {
            if *name == method {
                act(&transport);
            }
        }
    }
}

impl Protocol for Scripted {
    fn connection_made(&mut self, transport: Transport) {
        self.transport.replace(Some(transport));
        self.called("made", "made".into());
    }

    fn data_received(&mut self, data: &[u8]) {
        self.called("data", format!("data {}", String::from_utf8_lossy(data)));
    }

    fn eof_received(&mut self) -> bool {
        self.called("eof", "eof".into());
        self.keeps_open
    }

    fn connection_lost(&mut self, error: Option<io::Error>) {
        let note = match error {
            None => "lost".to_string(),
            // The operating system's words are its own.
            Some(error) if error.raw_os_error().is_some() => {
                format!("lost: {:?}", error.kind())
            }
            Some(error) => format!("lost: {error}"),
        };
        self.called("lost", note);
    }

    fn pause_writing(&mut self) {
        self.called("pause", "pause".into());
    }

    fn resume_writing(&mut self) {
        self.called("resume", "resume".into());
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.alive.set(false);
    }
}

/// A protocol's task, its transport, and the other end of its pipe.
struct Made {
    task: JoinHandle<Scripted>,
    transport: Transport,
    there: End,
}

/// Starts `protocol` at one end of a pipe that holds `capacity` bytes each way.
async fn start(capacity: usize, protocol: Scripted) -> Made {
    let transport = Rc::clone(&protocol.transport);
    let (here, there) = pipe(capacity);
    let task = spawn(drive(here, protocol));
    polling::yield_now().await;
    let transport = transport.borrow().clone().expect("it was made");
    Made {
        task,
        transport,
        there,
    }
}

/// Gives everybody who is ready a turn, a few times over.
async fn turns() {
    for _ in 0..4 {
        polling::yield_now().await;
    }
}

#[test]
fn the_calls_come_in_order() {
    let log = Log::default();
    run(async {
        let (here, there) = pipe(100);
        let task = spawn(drive(here, Scripted::new(&log)));
        assert!(log.take().is_empty(), "nothing is called before its turn");
        turns().await;
        assert_eq!(log.take(), ["made"]);
        there.write("a").await.unwrap();
        there.write("b").await.unwrap();
        turns().await;
        assert_eq!(log.take(), ["data ab"]);
        there.write("c").await.unwrap();
        there.close();
        task.await.unwrap();
    });
    assert_eq!(log.take(), ["data c", "eof", "lost"]);
}

#[test]
fn the_answer_to_the_end_decides_on_our_half() {
    let log = Log::default();
    run(async {
        let closes = start(100, Scripted::new(&log)).await;
        closes.there.close();
        closes.task.await.unwrap();
        assert_eq!(closes.there.read_to_end().await.unwrap(), "");
        assert_eq!(log.take(), ["made", "eof", "lost"]);

        let keeps = start(100, Scripted::new(&log).keeps_open()).await;
        keeps.there.close();
        turns().await;
        assert_eq!(log.take(), ["made", "eof"]);
        assert!(!keeps.transport.is_closing());
        keeps.transport.write(b"late");
        keeps.transport.close();
        keeps.task.await.unwrap();
        assert_eq!(keeps.there.read_to_end().await.unwrap(), "late");
        assert_eq!(log.take(), ["lost"]);
    });
}

#[test]
fn our_end_leaves_the_other_half_open() {
    let log = Log::default();
    run(async {
        let made = start(100, Scripted::new(&log)).await;
        made.transport.write(b"question");
        made.transport.write_eof();
        made.transport.write_eof(); // Once is enough.
        assert_eq!(made.there.read_to_end().await.unwrap(), "question");
        made.there.write("answer").await.unwrap();
        turns().await;
        assert_eq!(log.take(), ["made", "data answer"]);
        made.there.close();
        made.task.await.unwrap();
        assert_eq!(log.take(), ["eof", "lost"]);
    });
}

/// What is read is passed on before the error that follows it; and the error is told, whoever meets it.
#[test]
fn a_reset_is_an_error_and_no_end() {
    for writes in [false, true] {
        let log = Log::default();
        run(async {
            let made = start(100, Scripted::new(&log)).await;
            made.there.write("last").await.unwrap();
            turns().await;
            if writes {
                made.transport.pause_reading();
            }
            made.there.reset();
            turns().await;
            assert_eq!(made.task.is_finished(), !writes);
            made.transport.write(b"x");
            made.task.await.unwrap();
        });
        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        assert_eq!(log.take(), ["made", "data last", &format!("lost: {reset}")]);
    }
}

#[test]
fn close_sends_what_is_buffered_and_abort_does_not() {
    for aborts in [false, true] {
        let log = Log::default();
        run(async {
            let made = start(4, Scripted::new(&log)).await;
            made.transport.write(b"all of it");
            assert_eq!(made.transport.write_buffer_size(), 5);
            made.transport.close();
            made.transport.close(); // Once is enough.
            made.transport.write(b" and more");
            assert!(made.transport.is_closing());
            assert_eq!(made.transport.write_buffer_size(), 5);
            // Nothing is read any more.
            made.there.write("hey").await.unwrap();
            turns().await;
            assert_eq!(log.take(), ["made"], "it has not sent everything");
            if aborts {
                made.transport.abort();
                turns().await;
                assert!(made.task.is_finished());
            }
            let heard = made.there.read_to_end().await.unwrap();
            assert_eq!(heard, if aborts { "all " } else { "all of it" });
            made.task.await.unwrap();
            assert_eq!(made.transport.write_buffer_size(), 0);
        });
        assert_eq!(log.take(), ["lost"]);
    }
}

/// Without a close, too, and when it is not written in `write` but by the task.
#[test]
fn what_the_stream_keeps_is_flushed() {
    let log = Log::default();
    run(async {
        let (here, there) = pipe(4);
        here.holds.set(true);
        let protocol = Scripted::new(&log);
        let transport = Rc::clone(&protocol.transport);
        let task = spawn(drive(here, protocol));
        turns().await;
        let transport = transport.borrow().clone().unwrap();
        transport.write(b"good evening");
        assert_eq!(transport.write_buffer_size(), 0, "the stream has it");
        let mut heard = String::new();
        while heard.len() < 12 {
            heard += &there.read(100).await.unwrap();
        }
        assert_eq!(heard, "good evening");
        // More than the stream keeps: the task writes the rest.
        transport.write(&[b'x'; 101]);
        transport.write(b"a taxi, please");
        while heard.len() < 12 + 101 + 14 {
            heard += &there.read(100).await.unwrap();
        }
        assert!(heard.ends_with("xxa taxi, please"));
        transport.write(b"thanks");
        transport.write_eof();
        assert_eq!(there.read_to_end().await.unwrap(), "thanks");
        there.close();
        task.await.unwrap();
    });
    assert_eq!(log.take(), ["made", "eof", "lost"]);
}

/// Where `write` found room for a piece, and flushed it, the task writes the rest.
#[test]
fn what_the_task_writes_is_flushed_by_it() {
    run(async {
        let (here, there) = pipe(100);
        here.holds.set(true);
        here.outgoing.piece.set(4);
        let protocol = Scripted::new(&Log::default()).on("made", |transport| {
            transport.write(b"good evening");
            assert_eq!(transport.write_buffer_size(), 8);
        });
        let _task = spawn(drive(here, protocol));
        turns().await;
        assert_eq!(there.incoming.len(), 12);
    });
}

#[test]
fn nothing_is_called_and_nothing_happens_after_the_loss() {
    let log = Log::default();
    run(async {
        let made = start(100, Scripted::new(&log)).await;
        made.transport.abort();
        made.task.await.unwrap();
        assert_eq!(log.take(), ["made", "lost"]);
        made.transport.set_write_buffer_limits(0, 0);
        made.transport.write(b"too late");
        made.transport.write_eof();
        made.transport.pause_reading();
        made.transport.resume_reading();
        made.transport.close();
        made.transport.abort();
        turns().await;
        assert_eq!(made.transport.write_buffer_size(), 0);
    });
    assert!(log.take().is_empty());
}

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
