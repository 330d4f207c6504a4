//! Writing without waiting, up to a mark.

use std::cell::Cell;
use std::io::{self, Read};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::{AsyncWrite, FutureExt};
use net::{OwnedReadHalf, OwnedWriteHalf, StreamWriter, TcpStream};
use task_cell::{spawn, tasks};
use timers::timeout;

use super::{panic_of, pattern, read_to_end, real, tcp, virtually, with_outside};

/// A writer, the half that reads beside it, and the other end.
async fn writer() -> (StreamWriter<OwnedWriteHalf>, OwnedReadHalf, TcpStream) {
    let (one, other) = tcp().await;
    let (reads, writes) = one.into_split();
    (StreamWriter::new(writes), reads, other)
}

/// More than any socket holds.
const MUCH: usize = 20_000_000;

fn much() -> Vec<u8> {
    pattern(1000).repeat(MUCH / 1000)
}

#[test]
fn what_is_written_arrives_without_a_drain() {
    virtually(|| async {
        let (writer, _reads, other) = writer().await;
        writer.write(b"a taxi, ");
        writer.write(b"please");
        let mut heard = [0; 14];
        other.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"a taxi, please");
        // Also what there was no room for: a task sends it.
        writer.write(&much());
        assert!(writer.write_buffer_size() > 0);
        let mut most = vec![0; MUCH];
        other.read_exact(&mut most).await.unwrap();
        assert!(most == much());
    });
}

#[test]
fn a_drain_waits_above_the_high_mark_until_the_low_one() {
    virtually(|| async {
        let (writer, _reads, other) = writer().await;
        writer.set_write_buffer_limits(MUCH, 1000);
        // Below the mark nobody waits.
        writer.write(&much());
        writer.drain().now_or_never().unwrap().unwrap();
        writer.write(&much());
        assert!(writer.write_buffer_size() > MUCH);
        let writer = Rc::new(writer);
        let drains = [1, 2].map(|_| {
            let writer = Rc::clone(&writer);
            spawn(async move {
                writer.drain().await.unwrap();
                writer.write_buffer_size()
            })
        });
        let mut buffer = vec![0; 1_000_000];
        while writer.write_buffer_size() > 1000 {
            assert!(!drains[0].is_finished());
            other.read(&mut buffer).await.unwrap();
        }
        for drain in drains {
            assert!(drain.await.unwrap() <= 1000);
        }
    });
}

#[test]
fn the_limits_may_be_changed_at_any_time() {
    virtually(|| async {
        let (writer, _reads, _other) = writer().await;
        writer.write(&much());
        assert!(writer.drain().now_or_never().is_none());
        writer.set_write_buffer_limits(2 * MUCH, MUCH);
        writer.drain().now_or_never().unwrap().unwrap();
        writer.set_write_buffer_limits(10, 0);
        assert!(writer.drain().now_or_never().is_none());
        let wrong = panic_of(|| writer.set_write_buffer_limits(1, 2));
        assert!(wrong.contains("low-water mark"), "{wrong}");
    });
}

#[test]
fn closing_sends_what_is_kept() {
    virtually(|| async {
        for drops in [false, true] {
            let (writer, _reads, other) = writer().await;
            writer.write(&much());
            let reader =
                spawn(async move { read_to_end(&other, 1 << 20).await.unwrap() });
            if drops {
                drop(writer);
            } else {
                writer.close();
                assert!(writer.is_closing());
                writer.wait_closed().await.unwrap();
                assert_eq!(writer.write_buffer_size(), 0);
            }
            assert!(reader.await.unwrap() == much());
        }
    });
}

#[test]
fn the_end_of_writing_leaves_reading() {
    virtually(|| async {
        let (writer, reads, other) = writer().await;
        writer.write(b"question");
        writer.write_eof();
        assert_eq!(read_to_end(&other, 100).await.unwrap(), b"question");
        other.write_all(b"answer").await.unwrap();
        assert_eq!(reads.read(&mut [0; 100]).await.unwrap(), 6);
        // No more is sent, and whoever drains hears of it.
        writer.write(b"another one");
        let error = writer.drain().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
        assert_eq!(other.read(&mut [0]).await.unwrap(), 0);
        writer.close();
        writer.wait_closed().await.unwrap();
    });
}

#[test]
fn a_broken_connection_is_told_to_whoever_drains() {
    real(|| async {
        let (stream, mut outside) = with_outside().await;
        let writer = StreamWriter::new(stream);
        writer.write(&much());
        outside.read_exact(&mut [0; 1000]).unwrap();
        // With bytes unread: a reset.
        drop(outside);
        for _ in 0..3 {
            let error = writer.drain().await.unwrap_err();
            let kinds = [io::ErrorKind::ConnectionReset, io::ErrorKind::BrokenPipe];
            assert!(kinds.contains(&error.kind()), "{error}");
        }
        assert_eq!(writer.write_buffer_size(), 0);
        writer.write(b"more");
        assert_eq!(writer.write_buffer_size(), 0);
        writer.close();
        assert!(writer.wait_closed().await.is_err());
    });
}

/// The task that sends may be cancelled, as all are at the end of a loop. Nobody waits for it for ever.
#[test]
fn without_the_task_that_sends_a_drain_is_an_error() {
    virtually(|| async {
        let (writer, _reads, _other) = writer().await;
        writer.write(&much());
        let sends = tasks().into_iter().find(|it| it.name == "writer").unwrap();
        assert!(sends.cancel());
        assert!(writer.drain().await.is_err());
        writer.close();
        assert!(writer.wait_closed().await.is_err());
    });
}

#[test]
fn waiting_for_the_end_waits_for_somebody_to_close() {
    virtually(|| async {
        let (writer, _reads, _other) = writer().await;
        let second = Duration::from_secs(1);
        assert!(timeout(second, writer.wait_closed()).await.is_err());
        let writer = Rc::new(writer);
        let closes = Rc::clone(&writer);
        let _closes = spawn(async move { closes.close() });
        writer.wait_closed().await.unwrap();
    });
}

/// Writes nothing at all, or one byte a poll; and counts what it is asked.
#[derive(Clone, Default)]
struct Slow {
    written: Rc<Cell<usize>>,
    flushed: Rc<Cell<usize>>,
    closed: Rc<Cell<usize>>,
    waited: bool,
}

impl AsyncWrite for Slow {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        _bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.waited = !self.waited;
        if self.waited {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.written.update(|count| count + 1);
        Poll::Ready(Ok(1))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.flushed.set(self.written.get());
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.closed.set(self.written.get());
        Poll::Ready(Ok(()))
    }
}

/// A writer of others, which keeps bytes itself, as TLS does: it is flushed when all was written, and closed once.
#[test]
fn a_writer_that_keeps_bytes_is_flushed() {
    virtually(|| async {
        let slow = Slow::default();
        let writer = StreamWriter::new(slow.clone());
        writer.set_write_buffer_limits(0, 0);
        writer.write(b"taxi");
        assert_eq!(writer.write_buffer_size(), 4);
        writer.drain().await.unwrap();
        assert_eq!(slow.written.get(), 4);
        while slow.flushed.get() < 4 {
            polling::yield_now().await;
        }
        writer.write(b"!");
        writer.close();
        writer.close();
        writer.wait_closed().await.unwrap();
        assert_eq!(slow.closed.get(), 5);
        // It is gone with what it had.
        assert_eq!(Rc::strong_count(&slow.written), 1);
    });
}

/// Those who wait go on when the low mark is reached, and not when everything has gone.
#[test]
fn at_the_low_mark_all_drains_go_on() {
    virtually(|| async {
        let writer = Rc::new(StreamWriter::new(Slow::default()));
        writer.set_write_buffer_limits(7, 3);
        writer.write(b"a taxi, please");
        let drains = [1, 2].map(|_| {
            let writer = Rc::clone(&writer);
            spawn(async move {
                writer.drain().await.unwrap();
                writer.write_buffer_size()
            })
        });
        for drain in drains {
            let left = drain.await.unwrap();
            assert!((1..=3).contains(&left), "{left} bytes were left");
        }
    });
}

/// Has no room for so many polls, and panics at the next.
struct Panics(u32);

impl AsyncWrite for Panics {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        _bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.0 = self.0.checked_sub(1).expect("no write of mine");
        context.waker().wake_by_ref();
        Poll::Pending
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// What is written to may panic, in a write or in the task that sends: what was lost is not said to have gone.
#[test]
fn what_was_lost_in_a_panic_is_an_error() {
    virtually(|| async {
        let writer = StreamWriter::new(Panics(0));
        assert!(panic_of(|| writer.write(b"taxi")).contains("no write of mine"));
        let later = StreamWriter::new(Panics(1));
        later.write(b"taxi");
        polling::yield_now().await;
        for writer in [writer, later] {
            let error = writer.drain().await.unwrap_err();
            assert!(error.to_string().contains("panicked"), "{error}");
            writer.close();
            assert!(writer.wait_closed().await.is_err());
            assert_eq!(writer.write_buffer_size(), 0);
        }
    });
}
