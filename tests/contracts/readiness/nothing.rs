//! Reads and writes of nothing, and reads after reading was shut down: their answer is known without a socket.

use std::cell::Cell;
use std::io::Write;
use std::net::Shutdown;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use event_loop::{Clock, Time};
use readiness::TcpStream;
use tasks::spawn;
use timers::{now, sleep};

use crate::at_clone::{at_clone, was_woken};

use super::{limited, pair, real, stream_is_full, with_outside};

/// The first poll of `future`, which is then dropped.
fn at_once<F: Future>(future: F) -> Option<F::Output> {
    let mut future = std::pin::pin!(future);
    match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

fn read_now(stream: &TcpStream, most: usize) -> Option<usize> {
    at_once(stream.read(&mut vec![0; most])).map(Result::unwrap)
}

#[test]
fn a_read_into_nothing_is_0_at_once() {
    real(|| async {
        let (stream, mut outside) = with_outside().await;
        for _ in 0..2 {
            // The second round knows that nothing is there.
            assert_eq!(read_now(&stream, 0), Some(0));
            assert_eq!(read_now(&stream, 1), None);
        }
        outside.write_all(b"!").unwrap();
        assert_eq!(read_now(&stream, 0), Some(0));
        assert_eq!(stream.read(&mut [0; 8]).await.unwrap(), 1, "it is no end");
    });
}

#[test]
fn a_write_of_nothing_is_0_at_once() {
    real(|| async {
        let (stream, _outside) = with_outside().await;
        stream_is_full(&stream).await;
        assert!(at_once(stream.write(b"!")).is_none());
        assert_eq!(at_once(stream.write(b"")).unwrap().unwrap(), 0);
        at_once(stream.write_all(b"")).unwrap().unwrap();
    });
}

/// What never waits must let others have a turn all the same.
#[test]
fn reads_and_writes_of_nothing_starve_nobody() {
    real(|| async {
        let stop = Rc::new(Cell::new(false));
        let busy = (0..4).map(|kind| {
            let stop = Rc::clone(&stop);
            spawn(async move {
                let (stream, _outside) = with_outside().await;
                if kind == 3 {
                    stream.shutdown(Shutdown::Read).unwrap();
                }
                while !stop.get() {
                    match kind {
                        0 => assert_eq!(stream.read(&mut []).await.unwrap(), 0),
                        1 => assert_eq!(stream.write(&[]).await.unwrap(), 0),
                        2 => stream.write_all(&[]).await.unwrap(),
                        _ => assert_eq!(stream.read(&mut [0]).await.unwrap(), 0),
                    }
                }
            })
        });
        let busy: Vec<_> = busy.collect();
        sleep(Duration::from_millis(10)).await;
        stop.set(true);
        for task in busy {
            task.await;
        }
    });
}

/// What comes after it, and what lay there already, is not read any more.
#[test]
fn after_shutdown_of_reading_a_read_is_0() {
    for how in [Shutdown::Read, Shutdown::Both] {
        for before in [false, true] {
            real(move || async move {
                let (stream, mut outside) = with_outside().await;
                if before {
                    outside.write_all(b"before").unwrap();
                }
                stream.shutdown(how).unwrap();
                assert_eq!(stream.read(&mut [0; 8]).await.unwrap(), 0);
                // It may be refused, if the other direction is shut down too.
                let _refused = outside.write_all(b"after");
                for _ in 0..3 {
                    assert_eq!(stream.read(&mut [0; 8]).await.unwrap(), 0);
                }
            });
        }
    }
}

#[test]
fn who_waits_to_read_hears_of_the_shutdown() {
    real(|| async {
        let (stream, _outside) = with_outside().await;
        let stream = Rc::new(stream);
        let readers = [1, 2].map(|_| {
            let stream = Rc::clone(&stream);
            spawn(async move { stream.read(&mut [0; 8]).await.unwrap() })
        });
        polling::yield_now().await;
        stream.shutdown(Shutdown::Read).unwrap();
        // Told by the shutdown itself: no look at the operating system is needed.
        polling::yield_now().await;
        for reader in readers {
            assert!(reader.is_finished());
            assert_eq!(reader.await, 0);
        }
        stream.write_all(b"the other half is open").await.unwrap();
    });
}

#[test]
fn a_shutdown_while_the_waker_is_cloned_is_heard() {
    real(|| async {
        let (stream, _outside) = with_outside().await;
        let stream = Rc::new(stream);
        let other = Rc::clone(&stream);
        let waker = at_clone(move || other.shutdown(Shutdown::Read).unwrap());
        let (mut context, mut buffer) = (Context::from_waker(&waker), [0; 8]);
        let mut read = pin!(stream.read(&mut buffer));
        let polled = read.as_mut().poll(&mut context);
        // It was not in the line yet, and saw for itself.
        assert_eq!(polled.map(Result::unwrap), Poll::Ready(0));
        assert!(!was_woken());
    });
}

/// Bytes for somebody who reads no more are not on their way to anybody.
#[test]
fn after_shutdown_of_reading_the_clock_goes_on() {
    limited(|| {
        readiness::run(Clock::virtual_time(), async {
            let (one, other) = pair().await;
            other.shutdown(Shutdown::Read).unwrap();
            one.write_all(b"taxi?").await.unwrap();
            let closed = spawn(async move {
                assert_eq!(other.read(&mut [0; 8]).await.unwrap(), 0);
                sleep(Duration::from_secs(60)).await;
                drop(other);
                now()
            });
            // The answer never comes; the end does, after a minute.
            let _end_or_reset = one.read(&mut [0; 8]).await;
            assert_eq!(now(), Time::from_secs(60));
            assert_eq!(closed.await, Time::from_secs(60));
        })
        .unwrap();
    });
}
