//! Between threads it is other crates' channels that carry values: they wake through our wakers like anything else.

use std::thread;

use event_loop::Clock;
use futures::channel::{mpsc, oneshot};
use futures::{SinkExt, StreamExt};
use task_cell::spawn;
use timers::outside;
use workbook_tests::harness::watchdog;

use crate::common::run;

const VALUES: u32 = 2000;

/// Under virtual time: somebody outside is expected to call, so it is no deadlock, and the clock waits.
#[test]
fn a_value_comes_from_another_thread_over_futures_oneshot() {
    let _watchdog = watchdog();
    run(async {
        for value in 0..100 {
            let (sender, receiver) = oneshot::channel();
            let _expected = outside();
            let there = thread::spawn(move || sender.send(value));
            assert_eq!(receiver.await, Ok(value));
            there.join().unwrap().unwrap();
        }
    });
}

/// There and back over room for one: each end waits for the other again and again.
#[test]
fn values_go_to_another_thread_and_back_over_futures_mpsc() {
    let _watchdog = watchdog();
    let (mut there, mut requests) = mpsc::channel::<u32>(1);
    let (mut back, mut answers) = mpsc::channel::<u32>(1);
    let elsewhere = thread::spawn(move || {
        task_cell::run(Clock::virtual_time(), async move {
            let _expected = outside();
            while let Some(value) = requests.next().await {
                back.send(value + 1).await.unwrap();
            }
        });
    });
    run(async move {
        let _expected = outside();
        let asks = spawn(async move {
            for value in 0..VALUES {
                there.send(value).await.unwrap();
            }
        });
        for value in 0..VALUES {
            assert_eq!(answers.next().await, Some(value + 1));
        }
        asks.await.unwrap();
        // Closed from that end: it is over here, too.
        assert_eq!(answers.next().await, None);
    });
    elsewhere.join().unwrap();
}

/// Many threads send, two runtimes on two threads receive: each value once.
#[test]
fn values_are_shared_between_threads_over_async_channel() {
    let _watchdog = watchdog();
    let (sender, receiver) = async_channel::bounded::<u32>(4);
    let senders = Vec::from_iter((0..3).map(|number| {
        let sender = sender.clone();
        thread::spawn(move || {
            for value in 0..VALUES {
                sender.send_blocking(number * VALUES + value).unwrap();
            }
        })
    }));
    drop(sender);
    let receivers = Vec::from_iter((0..2).map(|_| {
        let receiver = receiver.clone();
        thread::spawn(move || {
            run(async {
                let _expected = outside();
                let mut got = Vec::new();
                while let Ok(value) = receiver.recv().await {
                    got.push(value);
                }
                got
            })
        })
    }));
    drop(receiver);
    for sender in senders {
        sender.join().unwrap();
    }
    let mut all = Vec::new();
    for receiver in receivers {
        all.extend(receiver.join().unwrap());
    }
    all.sort_unstable();
    assert_eq!(all, Vec::from_iter(0..3 * VALUES));
}
