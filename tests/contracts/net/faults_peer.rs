//! What the other side may do: reset, end half of it, send byte by byte, never read.

use std::cell::Cell;
use std::io::{ErrorKind, Read, Write};
use std::net::Shutdown;
use std::rc::Rc;
use std::thread;

use task_cell::spawn;

use super::*;

/// What the kernel has room for is a few thousand bytes, so most writes are short.
#[test]
fn short_writes_lose_nothing_and_keep_the_order() {
    let sent = pattern(1 << 20);
    let heard = real(|| async move {
        let (stream, mut outside) = with_outside().await;
        stream.options().set_send_buffer_size(4096).unwrap();
        let reader = thread::spawn(move || {
            let mut heard = Vec::new();
            outside.read_to_end(&mut heard).unwrap();
            heard
        });
        let bytes = pattern(1 << 20);
        let (half, mut rest) = bytes.split_at(1 << 19);
        stream.write_all(half).await.unwrap();
        let mut short = 0;
        while !rest.is_empty() {
            let length = stream.write(rest).await.unwrap();
            short += usize::from(length < rest.len());
            rest = &rest[length..];
        }
        assert!(short > 0, "nothing was short");
        stream.shutdown(Shutdown::Write).unwrap();
        reader.join().unwrap()
    });
    assert!(heard == sent, "{} bytes, or others", heard.len());
}

#[test]
fn a_reset_is_an_error_for_whoever_reads_or_writes() {
    real(|| async {
        // While it waits, and before it asks.
        let (stream, outside) = with_outside().await;
        let waits = spawn(async move {
            let error = stream.read(&mut [0; 8]).await.unwrap_err();
            (stream, error.kind())
        });
        polling::yield_now().await;
        reset(outside);
        let (stream, kind) = waits.await.unwrap();
        assert_eq!(kind, ErrorKind::ConnectionReset);
        // What comes after it is an end to read, and an error to write.
        assert_eq!(stream.read(&mut [0; 8]).await.unwrap(), 0);
        let write = stream.write(b"?").await.unwrap_err();
        assert_eq!(write.kind(), ErrorKind::BrokenPipe);

        let (stream, outside) = with_outside().await;
        reset(outside);
        let error = stream.read(&mut [0; 8]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    });
}

#[test]
fn a_half_closed_connection_still_carries_the_other_half() {
    real(|| async {
        let (stream, mut outside) = with_outside().await;
        outside.write_all(b"the question").unwrap();
        outside.shutdown(Shutdown::Write).unwrap();
        assert_eq!(read_to_end(&stream, 100).await.unwrap(), b"the question");
        // An end stays an end.
        assert_eq!(stream.read(&mut [0; 8]).await.unwrap(), 0);
        let answer = pattern(300_000);
        let reader = thread::spawn(move || {
            let mut heard = Vec::new();
            outside.read_to_end(&mut heard).unwrap();
            heard
        });
        stream.write_all(&answer).await.unwrap();
        drop(stream);
        assert!(reader.join().unwrap() == answer);
    });
}

/// It holds up its own connection and nobody else's; whoever gives up on it has lost nothing but that.
#[test]
fn a_peer_that_never_reads_holds_up_nobody_else() {
    real(|| async {
        let (stuck, outside) = with_outside().await;
        let stuck = Rc::new(stuck);
        let writes = Rc::clone(&stuck);
        let written = Rc::new(Cell::new(0));
        let count = Rc::clone(&written);
        let flood = spawn(async move {
            let bytes = vec![0; 64 * 1024];
            loop {
                let length = writes.write(&bytes).await.unwrap();
                count.set(count.get() + length);
            }
        });
        let (ours, theirs) = pair().await;
        let echo = spawn(async move {
            let mut byte = [0];
            while theirs.read(&mut byte).await.unwrap() > 0 {
                theirs.write_all(&byte).await.unwrap();
            }
        });
        // Until nothing more goes in, and from then on.
        let (mut before, mut steady) = (usize::MAX, 0);
        while steady < 1000 {
            ours.write_all(b"?").await.unwrap();
            let mut answer = [0];
            ours.read_exact(&mut answer).await.unwrap();
            steady = if before == written.get() {
                steady + 1
            } else {
                0
            };
            before = written.get();
        }
        assert!(!flood.is_finished());
        flood.cancel();
        assert!(flood.await.is_err());
        drop(ours);
        echo.await.unwrap();
        // What had gone in comes out, and the connection is as good as before.
        let reader = thread::spawn(move || {
            let (mut outside, mut heard) = (outside, Vec::new());
            outside.read_to_end(&mut heard).unwrap();
            heard.len()
        });
        stuck.write_all(b"the end").await.unwrap();
        drop(stuck);
        assert_eq!(reader.join().unwrap(), written.get() + 7);
    });
}
