//! The same, seen from the buffered reader and writer.

use std::io::{ErrorKind, Read, Write};
use std::thread;

use net::{ReadError, StreamReader, StreamWriter};

use super::*;

#[test]
fn a_reset_reaches_the_buffered_reader_and_writer() {
    real(|| async {
        let (stream, mut outside) = with_outside().await;
        let (reads, writes) = stream.into_split();
        let (mut reader, writer) = (StreamReader::new(reads), StreamWriter::new(writes));
        outside.write_all(b"half a li").unwrap();
        let mut some = [0; 4];
        assert_eq!(reader.read(&mut some).await.unwrap(), 4);
        reset(outside);
        match reader.read_line().await {
            Err(ReadError::Io(error)) => {
                assert_eq!(error.kind(), ErrorKind::ConnectionReset);
            }
            other => panic!("{other:?}"),
        }
        // Whoever only ever writes hears of it, too, though never above the mark.
        let mut heard = None;
        for _ in 0..1000 {
            writer.write(b"is anybody there?");
            if let Err(error) = writer.drain().await {
                heard = Some(error.kind());
                break;
            }
            polling::yield_now().await;
        }
        assert!(heard.is_some(), "the writer never heard of the reset");
    });
}

/// Each byte is a segment of its own, and each an event.
#[test]
fn a_peer_that_sends_byte_by_byte_is_understood() {
    const LINES: usize = 200;
    let lines = real(|| async {
        let (stream, mut outside) = with_outside().await;
        outside.set_nodelay(true).unwrap();
        let writer = thread::spawn(move || {
            for line in 0..LINES {
                for byte in format!("line {line}\r\n").bytes() {
                    outside.write_all(&[byte]).unwrap();
                }
            }
        });
        let mut reader = StreamReader::new(stream);
        let mut lines = Vec::new();
        while let Some(line) = reader.read_line().await.unwrap() {
            lines.push(line);
        }
        writer.join().unwrap();
        lines
    });
    let wanted: Vec<_> = (0..LINES).map(|line| format!("line {line}")).collect();
    assert!(lines == wanted, "{} lines", lines.len());
}

/// What cannot be sent waits in the writer, and `drain` waits with it; giving up loses no bytes and no descriptor.
#[test]
fn a_drain_waits_for_a_peer_that_does_not_read() {
    real(|| async {
        let (stream, mut outside) = with_outside().await;
        let (_reads, writes) = stream.into_split();
        let writer = StreamWriter::new(writes);
        let bytes = pattern(8 << 20);
        writer.write(&bytes);
        {
            let mut drain = pin!(writer.drain());
            for _ in 0..100 {
                let poll = poll_fn(|context| Poll::Ready(drain.as_mut().poll(context)));
                assert!(poll.await.is_pending(), "nobody reads");
                polling::yield_now().await;
            }
        }
        let reader = thread::spawn(move || {
            let mut heard = Vec::new();
            outside.read_to_end(&mut heard).unwrap();
            heard
        });
        writer.drain().await.unwrap();
        writer.close();
        writer.wait_closed().await.unwrap();
        drop(writer);
        assert!(reader.join().unwrap() == bytes);
    });
}
