//! Which wakes and looks cost a system call.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Waker};
use std::thread;
use std::time::Duration;

use event_loop::Clock;
use readiness::Reactor;
use tasks::{promise, spawn};
use wakers::{Park, block_on_with, phone};

use super::{limited, pair, real, with_outside};

#[test]
fn a_call_before_the_wait_is_not_lost() {
    limited(|| {
        let mut reactor = Reactor::new().unwrap();
        let _current = reactor.enter();
        let look = Some(Duration::ZERO);
        for waiting in [false, true] {
            let made = block_on_with(&mut reactor, pair());
            let mut buffer = [0; 8];
            let read = made.0.read(&mut buffer);
            let mut read = waiting.then(|| Box::pin(read));
            if let Some(read) = &mut read {
                let mut context = Context::from_waker(Waker::noop());
                assert!(read.as_mut().poll(&mut context).is_pending());
            }
            // What the connection has left behind.
            while reactor.park(look).unwrap() {}
            for timeout in [None, look] {
                reactor.unparker().wake();
                reactor.unparker().wake();
                assert!(reactor.park(timeout).unwrap(), "called");
                assert!(!reactor.park(look).unwrap(), "two calls are one");
            }
            let unparker = reactor.unparker();
            let thread = thread::spawn(move || unparker.wake());
            // A wait may end for no reason; this one must end with the call.
            while !reactor.park(None).unwrap() {}
            thread.join().unwrap();
            while reactor.park(look).unwrap() {}
        }
    });
}

#[test]
fn a_remote_wake_ends_the_wait() {
    real(|| async {
        for _ in 0..1000 {
            let (caller, phone) = phone();
            let thread = thread::spawn(move || caller.say(7));
            assert_eq!(phone.await, Some(7));
            thread.join().unwrap();
        }
    });
}

/// How often this thread has called `write`, of which the sockets' `send` is no part. `None` where Linux does not
/// count.
fn writes() -> Option<u64> {
    let counts = std::fs::read_to_string("/proc/thread-self/io").ok()?;
    let line = counts
        .lines()
        .find_map(|line| line.strip_prefix("syscw: "))?;
    line.parse().ok()
}

#[test]
fn a_local_wake_makes_no_system_call() {
    limited(|| {
        let Some(before) = writes() else { return };
        let after = readiness::run(Clock::real(), async {
            let (one, other) = pair().await;
            let echo = spawn(async move {
                let mut byte = [0];
                while other.read(&mut byte).await.unwrap() > 0 {
                    other.write_all(&byte).await.unwrap();
                }
            });
            for round in 0..1000 {
                one.write_all(b"?").await.unwrap();
                one.read(&mut [0]).await.unwrap();
                let (keeper, kept) = (promise(), promise());
                let value = keeper.clone();
                let task = spawn(async move {
                    kept.set(round).unwrap();
                    keeper.await
                });
                polling::yield_now().await;
                value.set(round).unwrap();
                assert_eq!(task.await, round);
            }
            drop(one);
            echo.await;
            writes()
        });
        assert_eq!(after.unwrap(), Some(before));
    });
}

#[test]
fn a_remote_wake_writes_only_if_the_loop_sleeps() {
    static STOP: AtomicBool = AtomicBool::new(false);
    limited(|| {
        readiness::run(Clock::real(), async {
            let wakers: Vec<_> = (0..1000).map(|_| phone()).collect();
            let (callers, mut phones): (Vec<_>, Vec<_>) = wakers.into_iter().unzip();
            let tasks: Vec<_> = phones.drain(..).map(spawn).collect();
            polling::yield_now().await;
            let thread = thread::spawn(move || {
                let before = writes();
                for caller in callers {
                    caller.say(());
                }
                let after = writes();
                STOP.store(true, Ordering::Release);
                Some(after? - before?)
            });
            // The loop is awake, and at work in this poll.
            while !STOP.load(Ordering::Acquire) {
                thread::yield_now();
            }
            let written = thread.join().unwrap();
            for task in tasks {
                assert_eq!(task.await, Some(()));
            }
            assert!(matches!(written, Some(0) | None), "{written:?} writes");
        })
        .unwrap();
    });
}

/// A future that is forgotten never says that nobody waits any more. The end of its socket does.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
#[test]
fn when_a_socket_is_gone_nobody_waits_for_it() {
    limited(|| {
        let mut reactor = Reactor::new().unwrap();
        let _current = reactor.enter();
        let mut context = Context::from_waker(Waker::noop());
        let (forgotten, _outside) = block_on_with(&mut reactor, with_outside());
        let buffer: &'static mut [u8] = Box::leak(Box::new([0; 8]));
        let mut read = Box::pin(forgotten.read(buffer));
        assert!(read.as_mut().poll(&mut context).is_pending());
        std::mem::forget(read);
        drop(forgotten);

        let (stream, mut outside) = block_on_with(&mut reactor, with_outside());
        let mut buffer = [0; 8];
        let mut read = Box::pin(stream.read(&mut buffer));
        assert!(read.as_mut().poll(&mut context).is_pending());
        drop(read);
        while reactor.park(Some(Duration::ZERO)).unwrap() {}
        outside.write_all(b"?").unwrap();
        assert!(!reactor.park(Some(Duration::ZERO)).unwrap(), "nobody waits");
        let mut read = Box::pin(stream.read(&mut buffer));
        let poll = read.as_mut().poll(&mut context);
        assert!(poll.is_pending(), "the look has brought the byte");
    });
}

/// Who was told waits no more. A look that asks the operating system nevertheless is seen by what it brings: here a
/// byte that nobody has asked for.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
#[test]
fn when_the_last_one_was_told_a_look_asks_nobody() {
    limited(|| {
        let mut reactor = Reactor::new().unwrap();
        let _current = reactor.enter();
        let (stream, mut outside) = block_on_with(&mut reactor, with_outside());
        let mut buffer = [0; 8];
        let mut context = Context::from_waker(Waker::noop());
        let mut read = Box::pin(stream.read(&mut buffer));
        assert!(read.as_mut().poll(&mut context).is_pending());
        outside.write_all(b"taxi").unwrap();
        assert_eq!(block_on_with(&mut reactor, read).unwrap(), 4);
        // Not everywhere does a short read tell that the socket is empty.
        let mut read = Box::pin(stream.read(&mut buffer));
        assert!(read.as_mut().poll(&mut context).is_pending());
        drop(read);

        outside.write_all(b"?").unwrap();
        assert!(!reactor.park(Some(Duration::ZERO)).unwrap(), "nobody waits");
        let mut read = Box::pin(stream.read(&mut buffer));
        let poll = read.as_mut().poll(&mut context);
        assert!(poll.is_pending(), "the look has brought the byte");
        assert_eq!(block_on_with(&mut reactor, read).unwrap(), 1);
    });
}
