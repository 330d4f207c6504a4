//! What is TCP's own.

use std::io::{ErrorKind, Read, Write};
use std::thread;
use std::time::Duration;

use net::{TcpListener, TcpSocket, TcpStream};
use socket2::SockRef;
use task_cell::{spawn, spawn_named, tasks};
use timers::timeout;
use workbook_tests::nobody::Nobody;

use super::{anywhere, pattern, read_to_end, real, tcp, with_outside};

#[test]
fn a_reset_is_an_error_and_not_an_end() {
    real(|| async {
        for waits in [false, true] {
            let (stream, outside) = with_outside().await;
            let reader = spawn(async move { stream.read(&mut [0]).await });
            if waits {
                polling::yield_now().await;
            }
            let linger = Some(Duration::ZERO);
            SockRef::from(&outside).set_linger(linger).unwrap();
            drop(outside);
            let error = reader.await.unwrap().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        }
    });
}

#[test]
fn what_is_peeked_at_stays() {
    real(|| async {
        let (one, other) = tcp().await;
        one.write_all(b"taxi").await.unwrap();
        let mut buffer = [0; 8];
        for _ in 0..3 {
            assert_eq!(other.peek(&mut buffer).await.unwrap(), 4);
        }
        assert_eq!(other.peek(&mut []).await.unwrap(), 0);
        assert_eq!(other.read(&mut buffer).await.unwrap(), 4);
        drop(one);
        assert_eq!(other.peek(&mut buffer).await.unwrap(), 0);
    });
}

#[cfg(unix)]
#[test]
fn no_byte_is_lost_around_urgent_ones() {
    const PIECES: u8 = 100;
    real(|| async {
        let (stream, mut outside) = with_outside().await;
        let pieces = || (0..PIECES).map(|number| [number % 32; 50]);
        let sender = thread::spawn(move || {
            for (number, piece) in pieces().enumerate() {
                outside.write_all(&piece).unwrap();
                if number % 3 == 0 {
                    SockRef::from(&outside).send_out_of_band(b"!").unwrap();
                }
            }
        });
        let mut read = read_to_end(&stream, 700).await.unwrap();
        read.retain(|byte| *byte != b'!');
        assert!(read == pieces().flatten().collect::<Vec<u8>>());
        sender.join().unwrap();
    });
}

#[test]
fn addresses_are_tried_one_after_the_other() {
    real(|| async {
        let (bound, beside) = (Nobody::new(), Nobody::new());
        let (first, second) = (bound.address(), beside.address());
        let listener = TcpListener::bind(anywhere()).unwrap();
        let open = listener.local_addr().unwrap();
        let stream = TcpStream::connect_any(&[first, open, second])
            .await
            .unwrap();
        assert_eq!(stream.peer_addr().unwrap(), open);
        let refused = TcpStream::connect_any(&[first, second]).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
        let none = TcpStream::connect_any(&[]).await.unwrap_err();
        assert_eq!(none.kind(), ErrorKind::InvalidInput);
    });
}

/// A connect with a limit: where nobody answers, and nobody refuses.
#[cfg(target_os = "linux")]
#[test]
fn a_connect_can_be_given_up() {
    real(|| async {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(anywhere()).unwrap();
        let listener = socket.listen(0).unwrap();
        let address = listener.local_addr().unwrap();
        let short = Duration::from_millis(5);
        let mut streams = Vec::new();
        // Until the queue is full.
        while let Ok(stream) = timeout(short, TcpStream::connect(address)).await {
            streams.push(stream.unwrap());
        }
        // The listener is none the worse for it.
        for _ in streams {
            listener.accept().await.unwrap();
        }
    });
}

#[test]
fn a_stream_comes_from_the_standard_library_and_goes_back() {
    real(|| async {
        let listener = std::net::TcpListener::bind(anywhere()).unwrap();
        let address = listener.local_addr().unwrap();
        let listener = TcpListener::from_std(listener).unwrap();
        let outside = std::net::TcpStream::connect(address).unwrap();
        let (called, _) = listener.accept().await.unwrap();
        let caller = TcpStream::from_std(outside).unwrap();
        caller.write_all(b"taxi").await.unwrap();
        let mut blocking = called.into_std().unwrap();
        let mut buffer = [0; 4];
        blocking.read_exact(&mut buffer).unwrap();
        assert_eq!(&buffer, b"taxi");
        // It blocks: without bytes, a read waits for those that come later.
        let late =
            thread::spawn(move || blocking.read_exact(&mut buffer).map(|()| buffer));
        caller.write_all(b"late").await.unwrap();
        assert_eq!(&late.join().unwrap().unwrap(), b"late");
    });
}

#[test]
fn options_are_set_before_and_after() {
    real(|| async {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuse_address(true).unwrap();
        socket.options().set_recv_buffer_size(10_000).unwrap();
        socket.bind(anywhere()).unwrap();
        let listener = socket.listen(10).unwrap();
        let caller = TcpSocket::new_v4().unwrap();
        let caller = caller
            .connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        let (called, _) = listener.accept().await.unwrap();
        assert!(called.options().recv_buffer_size().unwrap() < 100_000);
        called.options().set_keepalive(true).unwrap();
        assert!(!caller.nodelay().unwrap());
        caller.set_nodelay(true).unwrap();
        assert!(caller.nodelay().unwrap());
    });
}

#[cfg(unix)]
#[test]
fn a_socket_lends_its_descriptor() {
    use std::os::fd::{AsFd, AsRawFd};
    real(|| async {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let (one, _other) = tcp().await;
        let clone = one.as_fd().try_clone_to_owned().unwrap();
        assert_ne!(clone.as_raw_fd(), one.as_raw_fd());
        assert_ne!(listener.as_raw_fd(), one.as_raw_fd());
    });
}

/// Several listeners at one address: the operating system shares out who calls.
#[cfg(target_os = "linux")]
#[test]
fn listeners_share_a_port() {
    real(|| async {
        let listen = |address| {
            let socket = TcpSocket::new_v4().unwrap();
            socket.set_reuse_port(true).unwrap();
            socket.bind(address).unwrap();
            socket.listen(100).unwrap()
        };
        let first = listen(anywhere());
        let address = first.local_addr().unwrap();
        let second = listen(address);
        let mut streams = Vec::new();
        for _ in 0..100 {
            streams.push(TcpStream::connect(address).await.unwrap());
        }
        for listener in [first, second] {
            // Each of them gets some of a hundred.
            listener.accept().await.unwrap();
        }
    });
}

#[test]
fn bytes_on_the_way_survive_the_end_of_their_sender() {
    real(|| async {
        let (one, other) = tcp().await;
        let sent = pattern(1_000_000);
        let writer = spawn(async move { one.write_all(&sent).await });
        let read = read_to_end(&other, 1000).await.unwrap();
        assert!(read == pattern(1_000_000));
        writer.await.unwrap().unwrap();
    });
}

/// Where a task waits is the line of its `.await`, not one of ours; and the word says what for.
#[test]
fn a_task_that_waits_says_where() {
    real(|| async {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let (one, other) = tcp().await;
        let (reads, writes) = other.into_split();
        let mut reader = net::StreamReader::new(reads);
        let waits = [
            spawn_named("read", async move { drop(one.read(&mut [0]).await) }),
            spawn_named("accept", async move { drop(listener.accept().await) }),
            spawn_named("read_line", async move { drop(reader.read_line().await) }),
            spawn_named("write", async move {
                writes.write_all(&vec![0; 20_000_000]).await.unwrap();
            }),
        ];
        for _ in 0..3 {
            polling::yield_now().await;
        }
        let all = tasks();
        for task in &waits {
            let name = task.name();
            let info = all.iter().find(|it| it.name == name).unwrap();
            let place = info.suspended.as_ref().unwrap();
            assert_eq!(place.why, name);
            assert!(place.location.file().ends_with("tcp.rs"), "{place}");
            assert!(place.location.file().contains("contracts"), "{place}");
        }
        for task in waits {
            task.abort();
        }
    });
}
