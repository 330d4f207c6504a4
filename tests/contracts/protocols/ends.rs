//! A connection's task that does not come to its end by itself.

use std::cell::{Cell, RefCell};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

use event_loop::Clock;
use futures_io::{AsyncRead, AsyncWrite};
use protocols::{Drive, drive};
use task_cell::{Executor, TaskState, spawn, tasks};
use timers::Timers;
use wakers::ThreadPark;
use workbook_tests::harness::Bell;

use crate::pipe::{End, pipe};
use crate::{Log, Scripted, run, start, turns};

const CUT_OFF: &str = "lost: the task of the connection was cancelled";

#[test]
fn cancelled_or_aborted_it_is_lost_with_an_error() {
    for aborts in [false, true] {
        let log = Log::default();
        run(async {
            let made = start(4, Scripted::new(&log)).await;
            made.transport.write(b"123456789");
            match aborts {
                true => made.task.abort(),
                false => assert!(made.task.cancel()),
            }
            assert_eq!(log.take(), ["made"]);
            turns().await;
            assert_eq!(log.take(), [CUT_OFF]);
            assert!(made.transport.is_closing());
            assert_eq!(made.transport.write_buffer_size(), 0);
            assert_eq!(made.there.read_to_end().await.unwrap(), "1234");
            assert!(made.task.await.is_err());
        });
    }
}

#[test]
fn what_was_said_before_the_cancellation_holds() {
    let log = Log::default();
    run(async {
        let made = start(4, Scripted::new(&log)).await;
        made.transport.abort();
        made.task.abort();
        turns().await;
        assert_eq!(log.take(), ["made", "lost"]);
    });
}

/// asyncio calls nobody: its loop is closed by then.
#[test]
fn the_end_of_the_loop_is_a_loss() {
    let log = Log::default();
    let _there = run(async { start(4, Scripted::new(&log)).await.there });
    assert_eq!(log.take(), ["made", CUT_OFF]);

    let mut executor = Executor::new(Timers::new(ThreadPark::new(), Clock::real()));
    let start = async { start(4, Scripted::new(&log)).await.there };
    let _there = executor.run_until_complete(start);
    assert_eq!(log.take(), ["made"]);
    drop(executor);
    assert_eq!(log.take(), [CUT_OFF]);
}

/// Polls `driving` once.
fn poll_once(driving: &Driving, bell: &Arc<Bell>) {
    let mut drive = driving.take().unwrap();
    let polled = drive.as_mut().poll(&mut Context::from_waker(&bell.waker()));
    assert!(polled.is_pending());
    driving.replace(Some(drive));
}

type Driving = RefCell<Option<Pin<Box<Drive<Scripted>>>>>;

/// Its protocol is out then, and is told when it is back.
#[test]
fn dropped_in_a_method_it_is_lost_when_that_ends() {
    let log = Log::default();
    let driving = Rc::new(Driving::default());
    let (dropped, noted) = (Rc::clone(&driving), log.clone());
    let protocol = Scripted::new(&log).on("pause", move |_| {
        drop(dropped.take());
        noted.note("dropped");
    });
    let alive = Rc::clone(&protocol.alive);
    let transport = Rc::clone(&protocol.transport);
    let (here, _there) = pipe(4);
    driving.replace(Some(Box::pin(drive(here, protocol))));
    poll_once(&driving, &Bell::new());
    let transport = transport.borrow().clone().unwrap();
    transport.set_write_buffer_limits(0, 0);
    transport.write(b"123456789");
    assert_eq!(log.take(), ["made", "pause", "dropped", CUT_OFF]);
    assert!(!alive.get());
}

#[test]
fn dropped_it_wakes_nobody_and_keeps_no_waker() {
    let driving = Driving::default();
    let protocol = Scripted::new(&Log::default());
    let transport = Rc::clone(&protocol.transport);
    let (here, _there) = pipe(4);
    driving.replace(Some(Box::pin(drive(here, protocol))));
    let bell = Bell::new();
    poll_once(&driving, &bell);
    let _kept = transport.borrow().clone().unwrap();
    drop(driving.take());
    assert_eq!((bell.rings(), bell.clones()), (0, 0));
}

#[test]
fn never_polled_it_was_never_made() {
    let log = Log::default();
    let protocol = Scripted::new(&log);
    let alive = Rc::clone(&protocol.alive);
    drop(drive(pipe(4).0, protocol));
    assert!(log.take().is_empty());
    assert!(!alive.get());
}

#[test]
fn in_a_thread_locals_destructor_it_still_works() {
    struct Late(RefCell<Option<std::sync::mpsc::Sender<Vec<String>>>>);
    impl Drop for Late {
        fn drop(&mut self) {
            let log = Log::default();
            run(async {
                let made = start(4, Scripted::new(&log)).await;
                made.there.write("late").await.unwrap();
                made.there.close();
                made.task.await.unwrap();
            });
            self.0.take().unwrap().send(log.take()).unwrap();
        }
    }
    thread_local!(static LATE: Late = const { Late(RefCell::new(None)) });
    let (sender, receiver) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        LATE.with(|late| late.0.replace(Some(sender)));
        // A buffer of this thread is there, and gone by then.
        run(async {
            let made = start(4, Scripted::new(&Log::default())).await;
            made.there.write("data").await.unwrap();
            turns().await;
        });
    });
    thread.join().unwrap();
    assert_eq!(
        receiver.recv().unwrap(),
        ["made", "data late", "eof", "lost"]
    );
}

/// One that has a byte for its reader, and panics when it is written to.
struct Broken(bool);

impl AsyncRead for Broken {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        buffer[0] = b'!';
        match std::mem::replace(&mut self.0, true) {
            false => Poll::Ready(Ok(1)),
            true => Poll::Pending,
        }
    }
}

impl AsyncWrite for Broken {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &[u8],
    ) -> Poll<io::Result<usize>> {
        panic!("a flat tyre")
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        panic!("another flat tyre")
    }
}

#[test]
fn a_stream_that_panics_leaves_nobody_waiting() {
    let _hook = wakers::set_panic_hook(Rc::new(|_: &wakers::PanicReport<'_>| {}));
    // In a method, whose panic it is then.
    let log = Log::default();
    run(async {
        let writes = |transport: &protocols::Transport| transport.write(b"x");
        let protocol = Scripted::new(&log).on("data", writes);
        drive(Broken(false), protocol).await;
    });
    let lost = "lost: the protocol panicked: a flat tyre";
    assert_eq!(log.take(), ["made", "data !", lost]);
    // In the connection's own task.
    let log = Log::default();
    run(async {
        let protocol = Scripted::new(&log).on("data", protocols::Transport::close);
        assert!(spawn(drive(Broken(false), protocol)).await.is_err());
    });
    assert_eq!(log.take(), ["made", "data !", CUT_OFF]);
}

#[test]
fn its_task_says_what_it_waits_for_and_where() {
    run(async {
        let made = start(4, Scripted::new(&Log::default())).await;
        let waits = || {
            let task = tasks().pop().unwrap();
            let why = task.suspended.unwrap();
            assert!(why.location.file().ends_with("protocols.rs"));
            assert_eq!(task.state, TaskState::Waiting);
            why.why
        };
        turns().await;
        assert_eq!(waits(), "read");
        made.transport.pause_reading();
        made.transport.write(b"123456789");
        turns().await;
        assert_eq!(waits(), "write");
        made.there.incoming.widen(100);
        turns().await;
        assert_eq!(waits(), "transport");
        spawn(async {}).await.unwrap();
    });
}

/// One end of a pipe, and how often it was closed.
struct Closes(End, Rc<Cell<u32>>);

impl AsyncRead for Closes {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for Closes {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, data)
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        self.1.update(|count| count + 1);
        Pin::new(&mut self.0).poll_close(context)
    }
}

#[test]
fn the_stream_is_told_once_of_our_end() {
    let log = Log::default();
    run(async {
        let (inner, there) = pipe(10);
        let closes = Rc::new(Cell::new(0));
        let protocol = Scripted::new(&log);
        let transport = Rc::clone(&protocol.transport);
        let stream = Closes(inner, Rc::clone(&closes));
        let task = spawn(drive(stream, protocol));
        turns().await;
        let transport = transport.borrow().clone().unwrap();
        for _ in 0..2 {
            transport.write_eof();
            turns().await;
            assert_eq!(closes.get(), 1);
        }
        there.write("go on").await.unwrap();
        turns().await;
        transport.close();
        task.await.unwrap();
        assert_eq!(closes.get(), 1, "the close told it again");
    });
    assert_eq!(log.take(), ["made", "data go on", "lost"]);
}
