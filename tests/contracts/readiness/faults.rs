//! What goes wrong with sockets, and what must not.

use std::cell::{Cell, RefCell};
use std::io::{self, ErrorKind, Read, Write};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use event_loop::Clock;
use readiness::{Io, Reactor, Readiness, TcpListener, TcpStream};
use timers::{Elapsed, timeout};
use wakers::{PanicReport, Park, block_on_with, set_panic_hook};
use workbook_tests::nobody::Nobody;

use super::{LIMIT, anywhere, limited, real, with_outside};

#[test]
fn a_reset_is_an_error_and_not_an_end() {
    real(|| async {
        for waits in [false, true] {
            let (stream, outside) = with_outside().await;
            stream.write_all(b"unread").await.unwrap();
            // Something lies in its socket, so that closing it resets the connection.
            outside.peek(&mut [0]).unwrap();
            let mut outside = Some(outside);
            if !waits {
                drop(outside.take());
            }
            let reset = tasks::spawn(async move {
                let error = stream.read(&mut [0; 8]).await.unwrap_err();
                (error.kind(), stream.write(b"!").await.is_err())
            });
            polling::yield_now().await;
            drop(outside);
            assert_eq!(reset.await, (ErrorKind::ConnectionReset, true));
        }
    });
}

#[test]
fn a_connection_that_is_refused_is_an_error() {
    real(|| async {
        let nobody = Nobody::new();
        let error = TcpStream::connect(nobody.address()).await.err().unwrap();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    });
}

#[test]
fn an_address_that_is_taken_is_an_error() {
    real(|| async {
        let first = std::net::TcpListener::bind(anywhere()).unwrap();
        let second = TcpListener::bind(first.local_addr().unwrap());
        assert_eq!(second.err().unwrap().kind(), ErrorKind::AddrInUse);
    });
}

#[test]
fn a_socket_needs_its_own_loop() {
    limited(|| {
        let outside = TcpListener::bind(anywhere()).err().unwrap().to_string();
        assert!(outside.contains("needs a loop"), "{outside}");
        let listener = listener_without_loop();
        let accept = async { listener.accept().await.err().unwrap().to_string() };
        let elsewhere = readiness::run(Clock::real(), accept).unwrap();
        assert!(elsewhere.contains("in which it was made"), "{elsewhere}");
    });
}

/// Though it need not wait, and could answer.
#[test]
fn a_socket_of_another_loop_is_an_error_also_where_it_is_ready() {
    limited(|| {
        let made = readiness::run(Clock::real(), async { with_outside().await });
        let (stream, _outside) = made.unwrap();
        let said = readiness::run(Clock::real(), async {
            let sent = stream.write(b"taxi").await.map(drop);
            let all_sent = stream.write_all(b"taxi").await;
            let none_got = stream.read(&mut []).await.map(drop);
            [sent, all_sent, none_got].map(|it| it.unwrap_err().to_string())
        });
        for said in said.unwrap() {
            assert!(said.contains("in which it was made"), "{said}");
        }
    });
}

/// A listener whose loop is over.
pub(crate) fn listener_without_loop() -> TcpListener {
    readiness::run(Clock::real(), async { TcpListener::bind(anywhere()) })
        .unwrap()
        .unwrap()
}

/// Waits for a datagram, but not for long.
async fn receive(io: Rc<Io<mio::net::UdpSocket>>) -> Result<io::Result<usize>, Elapsed> {
    let receive = |socket: &mio::net::UdpSocket| socket.recv(&mut [0; 8]);
    let short = Duration::from_millis(500);
    timeout(short, io.run(Readiness::Read, receive)).await
}

/// An error is told with an event like a close, but does not stay: a wait after it is a wait.
#[test]
fn after_an_error_a_wait_is_a_wait() {
    real(|| async {
        let nobody = std::net::UdpSocket::bind(anywhere()).unwrap();
        let address = nobody.local_addr().unwrap();
        drop(nobody);
        let socket = mio::net::UdpSocket::bind(anywhere()).unwrap();
        socket.connect(address).unwrap();
        let io = Rc::new(Io::new(socket).unwrap());
        let told = tasks::spawn(receive(Rc::clone(&io)));
        polling::yield_now().await;
        let send = |socket: &mio::net::UdpSocket| socket.send(b"taxi?");
        io.run(Readiness::Write, send).await.unwrap();
        match told.await {
            Ok(received) => assert!(received.is_err()),
            // Not every operating system tells that nobody is there.
            Err(Elapsed) if cfg!(target_os = "linux") => panic!("not told"),
            Err(Elapsed) => {}
        }
        assert!(matches!(receive(io).await, Err(Elapsed)));
    });
}

/// The end of a pipe is told as an end alone, without a word of being readable or writable.
#[cfg(unix)]
#[test]
fn an_end_is_a_reason_to_try() {
    real(|| async {
        let (sender, receiver) = mio::unix::pipe::new().unwrap();
        let receiver = Io::new(receiver).unwrap();
        let reader = tasks::spawn(async move {
            let read = |mut receiver: &mio::unix::pipe::Receiver| receiver.read(&mut [0]);
            timeout(LIMIT / 6, receiver.run(Readiness::Read, read)).await
        });
        polling::yield_now().await;
        drop(sender);
        assert_eq!(reader.await.expect("told").unwrap(), 0);

        let (sender, receiver) = mio::unix::pipe::new().unwrap();
        let sender = Io::new(sender).unwrap();
        let writer = tasks::spawn(async move {
            let fill = |mut sender: &mio::unix::pipe::Sender| -> io::Result<()> {
                loop {
                    sender.write_all(&[0; 1 << 16])?;
                }
            };
            timeout(LIMIT / 6, sender.run(Readiness::Write, fill)).await
        });
        polling::yield_now().await;
        drop(receiver);
        let error = writer.await.expect("told").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    });
}

thread_local! {
    /// What [`Errand`] does when it is woken.
    static ERRAND: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

/// A waker that runs code of its own, in the middle of the reactor's round.
struct Errand;

impl Wake for Errand {
    fn wake(self: Arc<Errand>) {
        if let Some(errand) = ERRAND.take() {
            errand();
        }
    }
}

/// Two sockets have an event in one round. Whoever is woken for the first closes the second, and makes a third, which
/// gets its token. The event of the second is then told to the third.
#[test]
fn an_event_of_a_socket_that_is_gone_harms_nobody() {
    limited(|| {
        let mut reactor = Reactor::new().unwrap();
        let _current = reactor.enter();
        let made = block_on_with(&mut reactor, async {
            [with_outside().await, with_outside().await]
        });
        let streams = made.map(|(stream, outside)| (Rc::new(stream), outside));
        let mut reads: Vec<_> = (0..2)
            .map(|number| {
                let stream = Rc::clone(&streams[number].0);
                Some(Box::pin(async move { stream.read(&mut [0]).await }))
            })
            .collect();
        let waker = Waker::from(Arc::new(Errand));
        for read in reads.iter_mut().flatten() {
            assert!(
                read.as_mut()
                    .poll(&mut Context::from_waker(&waker))
                    .is_pending()
            );
        }
        let [(first, outside_1), (second, outside_2)] = streams;
        let listener = std::net::TcpListener::bind(anywhere()).unwrap();
        let address = listener.local_addr().unwrap();
        let third = Rc::new(RefCell::new(None));
        let made_third = Rc::clone(&third);
        ERRAND.set(Some(Box::new(move || {
            drop((reads, first, second));
            let outside = std::net::TcpStream::connect(address).unwrap();
            let (stream, _) = listener.accept().unwrap();
            stream.set_nonblocking(true).unwrap();
            let stream = Io::new(mio::net::TcpStream::from_std(stream)).unwrap();
            made_third.replace(Some((stream, outside)));
        })));
        drop((outside_1, outside_2));
        while third.borrow().is_none() {
            reactor.park(Some(Duration::from_secs(1))).unwrap();
        }
        let (stream, mut outside) = third.take().unwrap();
        let mut read =
            Box::pin(stream.run(Readiness::Read, |mut stream| stream.read(&mut [0; 8])));
        let mut context = Context::from_waker(Waker::noop());
        assert!(read.as_mut().poll(&mut context).is_pending());
        outside.write_all(b"third").unwrap();
        assert_eq!(block_on_with(&mut reactor, read).unwrap(), 5);
    });
}

/// Two reads that wait are forgotten. Whoever is woken for the first drops the socket: the second is counted once.
#[test]
fn a_socket_may_go_while_those_who_wait_for_it_are_told() {
    limited(|| {
        let mut reactor = Reactor::new().unwrap();
        let _current = reactor.enter();
        let (stream, outside) = block_on_with(&mut reactor, with_outside());
        let waker = Waker::from(Arc::new(Errand));
        for _ in 0..2 {
            let mut read = Box::pin(stream.read(Box::leak(Box::new([0; 8]))));
            let polled = read.as_mut().poll(&mut Context::from_waker(&waker));
            assert!(polled.is_pending());
            std::mem::forget(read);
        }
        let gone = Rc::new(Cell::new(false));
        let dropped = Rc::clone(&gone);
        ERRAND.set(Some(Box::new(move || {
            drop(stream);
            dropped.set(true);
        })));
        drop(outside);
        while !gone.get() {
            reactor.park(Some(Duration::from_secs(1))).unwrap();
        }
        assert!(!reactor.expects_wake(), "nobody waits");
    });
}

/// A waker that panics when it is woken.
struct Faulty;

impl Wake for Faulty {
    fn wake(self: Arc<Faulty>) {
        panic!("the meter is broken");
    }
}

/// It is reported, the others of that look are told, and who was told is counted.
#[test]
fn a_waker_that_panics_keeps_nobody_from_being_told() {
    limited(|| {
        let mut reactor = Reactor::new().unwrap();
        let _current = reactor.enter();
        let reports = Rc::new(RefCell::new(Vec::new()));
        let told = Rc::clone(&reports);
        let _hook = set_panic_hook(Rc::new(move |report: &PanicReport<'_>| {
            told.borrow_mut().push(report.to_string());
        }));
        let made = block_on_with(&mut reactor, async {
            [
                with_outside().await,
                with_outside().await,
                with_outside().await,
            ]
        });
        let (streams, mut outsides): (Vec<_>, Vec<_>) = made.into_iter().unzip();
        let calls = Arc::new(Count::default());
        let (faulty, counting) =
            (Waker::from(Arc::new(Faulty)), Waker::from(calls.clone()));
        let wakers = [&faulty, &counting, &faulty, &counting, &faulty, &counting];
        let mut buffers = [[0; 8]; 6];
        // Two wait for each socket: one that panics, and one that does not.
        let mut reads: Vec<_> = (0..)
            .zip(&mut buffers)
            .map(|(number, buffer)| Box::pin(streams[number / 2].read(buffer)))
            .collect();
        for (read, waker) in reads.iter_mut().zip(wakers) {
            let polled = read.as_mut().poll(&mut Context::from_waker(waker));
            assert!(polled.is_pending());
        }
        for outside in &mut outsides {
            outside.write_all(b"taxi").unwrap();
        }
        while calls.0.load(Ordering::Relaxed) < 3 {
            assert!(reactor.park(Some(LIMIT / 6)).unwrap(), "not told");
        }
        assert_eq!(
            *reports.borrow(),
            ["a waker panicked: the meter is broken"; 3]
        );
        drop(reads);
        let look = Some(Duration::ZERO);
        for (stream, outside) in streams.iter().zip(&mut outsides) {
            let mut buffer = [0; 8];
            let read = block_on_with(&mut reactor, stream.read(&mut buffer));
            assert_eq!(read.unwrap(), 4);
            outside.write_all(b"!").unwrap();
            assert!(!reactor.park(look).unwrap(), "nobody waits");
            let mut read = Box::pin(stream.read(&mut buffer));
            let polled = read.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            // Where a short read tells that the socket is empty.
            let asked = cfg!(target_os = "linux") && polled.is_ready();
            assert!(!asked, "the look has asked, though nobody waits");
        }
    });
}

#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Count>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}
