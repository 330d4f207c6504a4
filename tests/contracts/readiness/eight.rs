//! Sockets under chapter 8's executor, by the way that is open to everybody: `task_cell::run_with` on the layers.

use std::time::Duration;

use event_loop::{Clock, Time};
use futures::FutureExt;
use task_cell::{Cancelled, JoinError, catch_cancel};
use timers::{now, sleep};

use super::{limited, pair};

/// asyncio's `run`: those who are left are cancelled, and say farewell over their sockets before it returns.
#[test]
fn those_who_are_left_end_with_their_sockets() {
    let heard = limited(|| {
        let layers = readiness::layers(Clock::virtual_time()).unwrap();
        let (send, heard) = std::sync::mpsc::channel();
        let ended = task_cell::run_with(layers, async move {
            let (one, other) = pair().await;
            let _speaks = task_cell::spawn(async move {
                let waits = catch_cancel(one.read(&mut [0])).await;
                assert!(waits.is_err());
                sleep(Duration::from_secs(5)).await;
                one.write_all(b"farewell").await.unwrap();
                Cancelled::resume().await
            });
            let _hears = task_cell::spawn(async move {
                let mut words = [0; 64];
                let waits = catch_cancel(other.read(&mut [0])).await;
                assert!(waits.is_err());
                let length = other.read(&mut words).await.unwrap();
                let words = String::from_utf8_lossy(&words[..length]);
                send.send((words.into_owned(), now())).unwrap();
            });
            polling::yield_now().await;
            now()
        });
        assert_eq!(ended, Time::ZERO);
        heard.recv().unwrap()
    });
    assert_eq!(heard, ("farewell".into(), Time::from_secs(5)));
}

/// A read that is cancelled leaves its socket as it was, and nobody waits for it any more.
#[test]
fn a_cancelled_read_loses_nothing() {
    limited(|| {
        let layers = readiness::layers(Clock::real()).unwrap();
        task_cell::run_with(layers, async {
            let (one, other) = pair().await;
            let other = std::rc::Rc::new(other);
            let reader = std::rc::Rc::clone(&other);
            let read = task_cell::spawn(async move { reader.read(&mut [0; 8]).await });
            polling::yield_now().await;
            assert!(read.cancel());
            assert!(matches!(read.await, Err(JoinError::Cancelled)));
            assert!(other.read(&mut [0; 8]).now_or_never().is_none());
            one.write_all(b"taxi").await.unwrap();
            assert_eq!(other.read(&mut [0; 8]).await.unwrap(), 4);
        });
    });
}
