//! What may befall Unix sockets and the files that name them.

use std::io::{ErrorKind, Read, Write};
use std::os::fd::OwnedFd;
use std::path::PathBuf;

use net::{UnixDatagram, UnixListener, UnixStream};
use socket2::{Domain, SockAddr, Socket, Type};
use task_cell::spawn;
use tempfile::TempDir;

use super::*;

/// A path in a folder of its own, which goes with it.
fn a_path() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    (folder, path)
}

/// The file of a listener that is gone is still there: nobody can bind it, and nobody answers.
#[test]
fn a_stale_path_is_an_error_until_it_is_removed() {
    real(|| async {
        let (_folder, path) = a_path();
        drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
        assert!(path.exists());
        let bound = UnixListener::bind(&path).map(drop).unwrap_err();
        assert_eq!(bound.kind(), ErrorKind::AddrInUse);
        let called = UnixStream::connect(&path).await.map(drop).unwrap_err();
        assert_eq!(called.kind(), ErrorKind::ConnectionRefused);
        std::fs::remove_file(&path).unwrap();
        let called = UnixStream::connect(&path).await.map(drop).unwrap_err();
        assert_eq!(called.kind(), ErrorKind::NotFound);
        let listener = UnixListener::bind(&path).unwrap();
        let mut called = std::os::unix::net::UnixStream::connect(&path).unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"taxi").await.unwrap();
        called.read_exact(&mut [0; 4]).unwrap();
    });
}

/// A path has room for about a hundred bytes, and none that is zero.
#[test]
fn a_path_that_cannot_be_is_an_error() {
    real(|| async {
        let (_folder, path) = a_path();
        for bad in [path.with_file_name("x".repeat(200)), PathBuf::from("a\0b")] {
            let bound = UnixListener::bind(&bad).map(drop).unwrap_err();
            assert_eq!(bound.kind(), ErrorKind::InvalidInput, "{bad:?}");
            let called = UnixStream::connect(&bad).await.map(drop).unwrap_err();
            assert_eq!(called.kind(), ErrorKind::InvalidInput, "{bad:?}");
            let bound = UnixDatagram::bind(&bad).map(drop).unwrap_err();
            assert_eq!(bound.kind(), ErrorKind::InvalidInput, "{bad:?}");
        }
    });
}

/// An end to read and an error to write; no signal ends the process.
#[test]
fn a_peer_that_is_gone_is_an_end_and_an_error() {
    real(|| async {
        let (_folder, path) = a_path();
        let listener = UnixListener::bind(&path).unwrap();
        let outside = std::os::unix::net::UnixStream::connect(&path).unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let waits = spawn(async move {
            assert_eq!(stream.read(&mut [0; 8]).await.unwrap(), 0);
            stream
        });
        polling::yield_now().await;
        drop(outside);
        let stream = waits.await.unwrap();
        let error = stream.write_all(b"taxi").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    });
}

/// What the other side has not read when it goes is a reset for us.
#[test]
fn a_peer_that_goes_with_unread_bytes_resets() {
    real(|| async {
        let (ours, mut theirs) = std::os::unix::net::UnixStream::pair().unwrap();
        let ours = UnixStream::from_std(ours).unwrap();
        ours.write_all(b"never read").await.unwrap();
        theirs.write_all(b"the last words").unwrap();
        drop(theirs);
        let mut heard = [0; 32];
        // Linux tells the reset before it gives the last words; others give them first.
        match ours.read(&mut heard).await {
            Ok(length) => assert_eq!(&heard[..length], b"the last words"),
            Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
        }
    });
}

#[test]
fn datagrams_of_any_length_arrive_and_a_gone_peer_is_an_error() {
    real(|| async {
        let (_folder, path) = a_path();
        let socket = UnixDatagram::bind(&path).unwrap();
        let other = std::os::unix::net::UnixDatagram::unbound().unwrap();
        let lengths = [0, 0, 5, 0, 1, 1000];
        for length in lengths {
            other.send_to(&vec![7; length], &path).unwrap();
        }
        let mut buffer = [0; 2000];
        for length in lengths {
            assert_eq!(socket.recv_from(&mut buffer).await.unwrap().0, length);
        }
        let sender = UnixDatagram::unbound().unwrap();
        sender.send_to(b"taxi", &path).await.unwrap();
        assert_eq!(socket.recv_from(&mut buffer).await.unwrap().0, 4);
        drop(socket);
        let error = sender.send_to(b"taxi", &path).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        std::fs::remove_file(&path).unwrap();
        let error = sender.send_to(b"taxi", &path).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    });
}

/// `connect` gave a stream that was not connected where the queue of the listener was full:
/// <https://github.com/tokio-rs/mio/issues/1560>, <https://github.com/smol-rs/async-io/issues/18>.
#[test]
fn whoever_finds_the_queue_full_waits_until_there_is_room() {
    const CALLERS: usize = 100;
    real(|| async {
        let (_folder, path) = a_path();
        let queue = Socket::new(Domain::UNIX, Type::STREAM, None).unwrap();
        queue.bind(&SockAddr::unix(&path).unwrap()).unwrap();
        queue.listen(3).unwrap();
        let listener = UnixListener::from_std(OwnedFd::from(queue).into()).unwrap();
        let calls = (0..CALLERS).map(|number| {
            let path = path.clone();
            spawn(async move {
                let stream = UnixStream::connect(&path).await?;
                stream.write_all(&[number as u8]).await?;
                io::Result::Ok(stream)
            })
        });
        let calls: Vec<_> = calls.collect();
        for _ in 0..10 {
            polling::yield_now().await;
        }
        let waiting = calls.iter().filter(|it| !it.is_finished()).count();
        assert!(waiting > 0, "there was room for all");
        let mut accepted = Vec::new();
        for _ in 0..CALLERS {
            let (stream, _) = listener.accept().await.unwrap();
            let mut number = [0];
            stream.read_exact(&mut number).await.unwrap();
            accepted.push(stream);
        }
        for call in calls {
            call.await.unwrap().unwrap();
        }
    });
}

/// Whoever sends faster than the other side reads waits, and nothing is lost or changes places.
#[test]
fn datagrams_wait_for_a_slow_reader() {
    const COUNT: u32 = 2000;
    real(|| async {
        let (_folder, path) = a_path();
        let reader = UnixDatagram::bind(&path).unwrap();
        for connected in [true, false] {
            let sender = UnixDatagram::unbound().unwrap();
            let path = path.clone();
            let sends = spawn(async move {
                if connected {
                    sender.connect(&path)?;
                }
                for number in 0..COUNT {
                    let bytes = number.to_be_bytes();
                    match connected {
                        true => sender.send(&bytes).await?,
                        false => sender.send_to(&bytes, &path).await?,
                    };
                }
                io::Result::Ok(())
            });
            for _ in 0..10 {
                polling::yield_now().await;
            }
            assert!(!sends.is_finished(), "there was room for all");
            for number in 0..COUNT {
                let mut bytes = [0; 4];
                assert_eq!(reader.recv(&mut bytes).await.unwrap(), 4);
                assert_eq!(u32::from_be_bytes(bytes), number, "{connected}");
            }
            sends.await.unwrap().unwrap();
        }
    });
}
