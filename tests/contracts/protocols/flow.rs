//! Marks, and who is told of them.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_io::{AsyncRead, AsyncWrite};
use protocols::{Protocol, Transport, drive};

use crate::{Log, Scripted, run, start, turns};

#[test]
fn the_writer_is_told_above_the_high_mark_and_at_the_low_one() {
    let log = Log::default();
    run(async {
        let made = start(10, Scripted::new(&log)).await;
        let transport = &made.transport;
        transport.set_write_buffer_limits(8, 4);
        let state = || (transport.write_buffer_size(), log.take());
        assert_eq!(state(), (0, vec!["made".into()]));
        transport.write(&[b'x'; 18]);
        assert_eq!(state(), (8, vec![]), "as high as the mark is not above it");
        transport.write(b"x");
        assert_eq!(
            state(),
            (9, vec!["pause".into()]),
            "told before `write` returns"
        );
        transport.write(b"xxx");
        assert_eq!(state(), (12, vec![]), "told once");
        made.there.read(7).await.unwrap();
        turns().await;
        assert_eq!(state(), (5, vec![]), "between the marks");
        transport.write(b"xxxx");
        assert_eq!(state(), (9, vec![]), "still told");
        made.there.read(5).await.unwrap();
        turns().await;
        assert_eq!(state(), (4, vec!["resume".into()]), "down to the mark");
        transport.write(b"xxxxx");
        assert_eq!(state(), (9, vec!["pause".into()]));
        transport.abort();
        turns().await;
        assert_eq!(state(), (0, vec!["lost".into()]));
    });
}

/// What is buffered is dropped, so there is nothing to say of it.
#[test]
fn after_an_abort_the_loss_is_all_that_is_called() {
    let log = Log::default();
    run(async {
        let made = start(1, Scripted::new(&log)).await;
        made.transport.write(&[b'x'; 11]);
        made.transport.abort();
        assert_eq!(made.transport.write_buffer_size(), 0);
        made.transport.set_write_buffer_limits(0, 0);
        assert_eq!(log.take(), ["made"]);
        made.task.await.unwrap();
        assert_eq!(log.take(), ["lost"]);

        let made = start(1, Scripted::new(&log)).await;
        made.there.reset();
        made.transport.write(&[b'x'; 100_000]);
        assert_eq!(made.transport.write_buffer_size(), 0);
        made.task.await.unwrap();
        let calls = log.take();
        assert_eq!((calls.len(), &*calls[0]), (2, "made"), "{calls:?}");
    });
}

#[test]
fn the_marks_are_asyncios_by_default() {
    let log = Log::default();
    run(async {
        let made = start(1, Scripted::new(&log)).await;
        made.transport.write(&[b'x'; 1 + 65_536]);
        assert_eq!(log.take(), ["made"]);
        made.transport.write(b"x");
        assert_eq!(log.take(), ["pause"]);
        made.there.incoming.widen(1 + 65_537 - 16_385);
        turns().await;
        assert_eq!(
            (made.transport.write_buffer_size(), log.take()),
            (16_385, vec![])
        );
        made.there.read(1).await.unwrap();
        turns().await;
        assert_eq!(log.take(), ["resume"]);
    });
}

#[test]
fn new_marks_hold_at_once() {
    let log = Log::default();
    run(async {
        let made = start(1, Scripted::new(&log)).await;
        made.transport.write(&[b'x'; 11]);
        assert_eq!(log.take(), ["made"]);
        made.transport.set_write_buffer_limits(9, 0);
        assert_eq!(log.take(), ["pause"]);
        made.transport.set_write_buffer_limits(20, 10);
        assert_eq!(log.take(), ["resume"]);
    });
}

#[test]
fn marks_the_wrong_way_round_are_refused_at_the_callers_line() {
    let refused = std::panic::catch_unwind(|| {
        run(async {
            let made = start(1, Scripted::new(&Log::default())).await;
            made.transport.set_write_buffer_limits(1, 2);
        });
    });
    let message = *refused.unwrap_err().downcast::<String>().unwrap();
    assert!(
        message.contains("the low-water mark (2) is above"),
        "{message}"
    );
    assert!(message.contains("flow.rs:"), "{message}");
}

/// It is sent within the call: nobody else has had a turn.
#[test]
fn a_write_is_tried_at_once_when_nothing_is_buffered() {
    run(async {
        let made = start(4, Scripted::new(&Log::default())).await;
        made.transport.write(b"ab");
        assert_eq!(made.there.incoming.len(), 2);
        made.transport.write(b"cdef");
        assert_eq!(made.there.incoming.len(), 4);
        assert_eq!(made.there.read(9).await.unwrap(), "abcd");
        // Not out of order, though there is room.
        made.transport.write(b"gh");
        assert_eq!(made.there.incoming.len(), 0);
        made.transport.close();
        assert_eq!(made.there.read_to_end().await.unwrap(), "efgh");
    });
}

/// What nobody reads stays where it is, and the peer has to stop.
#[test]
fn paused_reading_leaves_the_bytes_to_the_peer() {
    let log = Log::default();
    run(async {
        let made = start(4, Scripted::new(&log)).await;
        made.transport.pause_reading();
        made.there.write("abcd").await.unwrap();
        made.there.close();
        turns().await;
        assert_eq!(
            (made.there.outgoing.len(), log.take()),
            (4, vec!["made".into()])
        );
        made.transport.resume_reading();
        made.transport.resume_reading();
        turns().await;
        assert_eq!(log.take(), ["data abcd", "eof", "lost"]);
    });
}

/// Its one piece is known before it is asked for the next.
#[test]
fn paused_in_a_call_means_before_the_next_call() {
    let log = Log::default();
    run(async {
        let protocol = Scripted::new(&log).on("data", Transport::pause_reading);
        let made = start(4, protocol).await;
        made.there.outgoing.piece.set(1);
        made.there.write("abc").await.unwrap();
        for piece in ["data a", "data b", "data c"] {
            turns().await;
            assert_eq!(log.take().last().unwrap(), piece);
            made.transport.resume_reading();
        }
    });
}

/// A stream that always has something, and always has room.
struct Busy;

impl AsyncRead for Busy {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(buffer.len().min(10)))
    }
}

impl AsyncWrite for Busy {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(data.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[derive(Default)]
struct Counts(Option<Transport>, usize);

impl Protocol for Counts {
    fn connection_made(&mut self, transport: Transport) {
        self.0 = Some(transport);
    }

    fn data_received(&mut self, data: &[u8]) {
        self.1 += 1;
        let transport = self.0.as_ref().unwrap();
        transport.write(data);
        if self.1 == 1000 {
            transport.close();
        }
    }
}

#[test]
fn a_busy_peer_does_not_starve_the_others() {
    run(async {
        let task = task_cell::spawn(drive(Busy, Counts::default()));
        let mut turns = 0;
        while !task.is_finished() {
            polling::yield_now().await;
            turns += 1;
        }
        assert!((8..=20).contains(&turns), "{turns} turns for 1,000 reads");
    });
}
