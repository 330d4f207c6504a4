//! What a method does to its own connection.

use std::cell::{Cell, RefCell};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_io::{AsyncRead, AsyncWrite};

use protocols::{Protocol, Transport, drive};

use crate::pipe::{End, pipe};
use crate::{Log, Scripted, run, start, turns};

#[test]
fn a_method_that_writes_over_the_mark_is_told_when_it_ends() {
    let log = Log::default();
    run(async {
        let noted = log.clone();
        let protocol = Scripted::new(&log).on("data", move |transport| {
            transport.write(b"answer");
            noted.note("written");
        });
        let made = start(2, protocol).await;
        made.transport.set_write_buffer_limits(3, 0);
        made.there.write("?").await.unwrap();
        turns().await;
        assert_eq!(log.take(), ["made", "data ?", "written", "pause"]);
        assert_eq!(made.there.read(2).await.unwrap(), "an");
        turns().await;
        assert_eq!(made.there.read(2).await.unwrap(), "sw");
        turns().await;
        assert_eq!(log.take(), ["resume"]);
    });
}

/// Writing in `pause_writing` is rude, and no reason to be told again, nor to hang.
#[test]
fn a_write_in_pause_writing_or_resume_writing_keeps_the_turns() {
    let log = Log::default();
    run(async {
        let left = Rc::new(Cell::new(5));
        let protocol = Scripted::new(&log)
            .on("pause", |transport| transport.write(b"rude"))
            .on("resume", move |transport| {
                if left.get() > 0 {
                    left.set(left.get() - 1);
                    transport.write(b"more and more");
                }
            });
        let made = start(4, protocol).await;
        made.transport.set_write_buffer_limits(4, 2);
        made.transport.write(b"123456789");
        assert_eq!(log.take(), ["made", "pause"]);
        for room in 5..200 {
            made.there.incoming.widen(room);
            turns().await;
        }
        made.transport.close();
        made.task.await.unwrap();
        let calls = log.take();
        let (lost, calls) = calls.split_last().unwrap();
        assert_eq!(lost, "lost");
        assert!(calls.len() >= 9, "{calls:?}");
        for pair in calls.chunks(2) {
            assert_eq!(pair.first().map(String::as_str), Some("resume"));
            assert!(pair.get(1).is_none_or(|call| call == "pause"));
        }
    });
}

#[test]
fn any_method_may_close_or_abort() {
    let endings: [fn(&Transport); 2] = [Transport::close, Transport::abort];
    for method in ["made", "data", "eof", "pause", "resume", "lost"] {
        for ending in endings {
            let log = Log::default();
            run(async {
                let protocol = Scripted::new(&log).on(method, ending).keeps_open();
                let made = start(4, protocol).await;
                made.transport.set_write_buffer_limits(4, 2);
                made.transport.write(b"123456789");
                // One of these, if nothing has ended it before.
                let _ = made.there.write("data").await;
                turns().await;
                made.there.incoming.widen(100);
                made.there.close();
                turns().await;
                made.transport.close();
                made.task.await.unwrap();
            });
            let calls = log.take();
            assert_eq!(calls.last().unwrap(), "lost", "{method}: {calls:?}");
            let losses = calls.iter().filter(|call| call.starts_with("lost"));
            assert_eq!(losses.count(), 1, "{method}: {calls:?}");
            let at = calls.iter().position(|call| call.starts_with(method));
            let later = &calls[at.unwrap() + 1..];
            let reads = later.iter().any(|it| it.starts_with("data") || it == "eof");
            assert!(!reads, "{method}: {calls:?}");
        }
    }
}

#[test]
fn aborted_when_it_is_made_it_is_lost_and_reads_nothing() {
    let log = Log::default();
    run(async {
        let (here, there) = pipe(10);
        there.write("data").await.unwrap();
        let protocol = Scripted::new(&log).on("made", Transport::abort);
        drive(here, protocol).await;
        assert_eq!(log.take(), ["made", "lost"]);
    });
}

/// It holds the last handle of its connection, and that holds it.
#[test]
fn a_protocol_that_keeps_its_transport_is_freed() {
    run(async {
        let protocol = Scripted::new(&Log::default());
        let alive = Rc::clone(&protocol.alive);
        let made = start(10, protocol).await;
        let kept = made.transport.clone();
        made.there.close();
        drop(made.task.await);
        assert!(!alive.get());
        assert!(kept.is_closing());

        let protocol = Scripted::new(&Log::default());
        let alive = Rc::clone(&protocol.alive);
        let made = start(10, protocol).await;
        made.task.abort();
        turns().await;
        assert!(!alive.get());
    });
}

/// It keeps no handle, and hears all the same.
struct Ear(Rc<Cell<usize>>);

impl Protocol for Ear {
    fn data_received(&mut self, data: &[u8]) {
        self.0.set(self.0.get() + data.len());
    }
}

#[test]
fn dropping_every_handle_closes_nothing() {
    run(async {
        let (here, there) = pipe(10);
        let heard = Rc::new(Cell::new(0));
        let task = task_cell::spawn(drive(here, Ear(Rc::clone(&heard))));
        turns().await;
        there.write("data").await.unwrap();
        turns().await;
        assert!(!task.is_finished());
        assert_eq!(heard.get(), 4);
        drop(there);
        turns().await;
        assert!(task.is_finished());
    });
}

/// A stream that does something to its own transport whenever it is polled.
struct Rude<A> {
    inner: End,
    transport: Rc<RefCell<Option<Transport>>>,
    act: A,
}

impl<A: FnMut(&Transport) + Unpin> Rude<A> {
    /// One end of a pipe, for `protocol`.
    fn new(inner: End, protocol: &Scripted, act: A) -> Rude<A> {
        let transport = Rc::clone(&protocol.transport);
        Rude {
            inner,
            transport,
            act,
        }
    }

    fn act(&mut self) {
        let transport = self.transport.borrow().clone();
        (self.act)(&transport.expect("it was made"));
    }
}

impl<A: FnMut(&Transport) + Unpin> AsyncRead for Rude<A> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        self.act();
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl<A: FnMut(&Transport) + Unpin> AsyncWrite for Rude<A> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.act();
        Pin::new(&mut self.inner).poll_write(context, data)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        self.act();
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_close(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        self.act();
        Pin::new(&mut self.inner).poll_close(context)
    }
}

#[test]
fn a_stream_may_call_its_own_transport() {
    run(async {
        let (inner, there) = pipe(3);
        let protocol = Scripted::new(&Log::default());
        let mut left = 10;
        let rude = Rude::new(inner, &protocol, move |transport: &Transport| {
            if left > 0 {
                left -= 1;
                transport.write(&[b'0' + left]);
            }
        });
        let task = task_cell::spawn(drive(rude, protocol));
        let mut heard = String::new();
        while heard.len() < 10 {
            heard += &there.read(100).await.unwrap();
        }
        assert_eq!(heard, "9876543210");
        assert!(!task.is_finished());
    });
}

/// The connection's task finds nothing to do, and before it waits there is something.
#[test]
fn a_call_after_the_look_and_before_the_wait_is_answered() {
    let log = Log::default();
    run(async {
        let (inner, _there) = pipe(3);
        let protocol = Scripted::new(&log);
        let rude = Rude::new(inner, &protocol, Transport::abort);
        let task = task_cell::spawn(drive(rude, protocol));
        turns().await;
        assert!(task.is_finished());
    });
    assert_eq!(log.take(), ["made", "lost"]);
}
