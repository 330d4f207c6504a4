//! Channels: who is told of the end, and what becomes of what was sent.

use std::rc::Rc;
use std::task::{Context, Poll};

use futures::StreamExt;
use polling::yield_now;
use sync::broadcast::{self, RecvError, TryRecvError};
use sync::{Closed, TryGetError, TryPutError, mpsc, oneshot, watch};
use task_cell::spawn;
use workbook_tests::harness::Bell;

use crate::common::{Waiter, run};

#[test]
fn a_closed_channel_drains_before_it_ends() {
    let (sender, mut receiver) = mpsc::unbounded();
    let other = sender.clone();
    sender.try_send(1).unwrap();
    drop(sender);
    other.try_send(2).unwrap();
    drop(other);
    assert_eq!(Waiter::new(receiver.recv()).poll(), Poll::Ready(Some(1)));
    assert_eq!(receiver.try_recv(), Ok(2));
    assert_eq!(receiver.try_recv(), Err(TryGetError::Closed));
    assert_eq!(Waiter::new(receiver.recv()).poll(), Poll::Ready(None));

    let (sender, mut receiver) = mpsc::bounded(2);
    sender.try_send(1).unwrap();
    sender.try_send(2).unwrap();
    let send = Waiter::waiting(sender.send(3));
    receiver.close();
    assert_eq!(send.ready(), Err(Closed(3)));
    assert_eq!(sender.try_send(4), Err(TryPutError::Closed(4)));
    assert_eq!((receiver.try_recv(), receiver.try_recv()), (Ok(1), Ok(2)));
    assert_eq!(Waiter::new(receiver.recv()).poll(), Poll::Ready(None));
}

#[test]
fn what_cannot_be_sent_comes_back() {
    let value = Rc::new(7);
    let (sender, receiver) = mpsc::bounded(1);
    sender.try_send(Rc::clone(&value)).unwrap();
    assert!(matches!(
        sender.try_send(Rc::clone(&value)),
        Err(TryPutError::Full(_))
    ));
    let send = Waiter::waiting(sender.send(Rc::clone(&value)));
    drop(receiver);
    assert!(matches!(send.ready(), Err(Closed(it)) if *it == 7));
    assert!(sender.is_closed());
    // What was in it is gone, too.
    assert_eq!(Rc::strong_count(&value), 1);
}

#[test]
fn those_who_send_are_served_in_the_order_in_which_they_came() {
    run(async {
        let (sender, mut receiver) = mpsc::bounded(1);
        // It is full, so that all of them wait.
        sender.send((0, 9)).await.unwrap();
        for number in 0..4 {
            let sender = sender.clone();
            spawn(async move {
                for turn in 0..2 {
                    sender.send((turn, number)).await.unwrap();
                }
            })
            .task_handle();
        }
        drop(sender);
        yield_now().await;
        assert_eq!(receiver.recv().await, Some((0, 9)));
        let mut got = Vec::new();
        while let Some(value) = receiver.recv().await {
            got.push(value);
        }
        let wanted = (0..2).flat_map(|turn| (0..4).map(move |number| (turn, number)));
        assert_eq!(got, Vec::from_iter(wanted));
    });
}

/// The receiver stays, and nobody is woken for it.
#[test]
fn a_receive_that_is_dropped_leaves_no_waker_behind() {
    let bell = Bell::new();
    let (sender, mut receiver) = mpsc::unbounded();
    let mut recv = Box::pin(receiver.recv());
    let polled = recv.as_mut().poll(&mut Context::from_waker(&bell.waker()));
    assert_eq!((polled, bell.clones()), (Poll::Pending, 1));
    drop(recv);
    assert_eq!(bell.clones(), 0);
    sender.try_send(7).unwrap();
    assert_eq!((bell.rings(), receiver.try_recv()), (0, Ok(7)));
}

/// As a stream it stands in the line itself. What is on its way to it is what `try_recv` and `recv` ask for.
#[test]
fn a_receiver_that_was_polled_as_a_stream_takes_what_is_on_its_way_to_it() {
    let (sender, mut receiver) = mpsc::bounded(1);
    let next = Waiter::waiting(receiver.next());
    sender.try_send(1).unwrap();
    assert!(next.is_woken());
    drop(next);
    assert_eq!(receiver.try_recv(), Ok(1));
    let next = Waiter::waiting(receiver.next());
    sender.try_send(2).unwrap();
    drop(next);
    assert_eq!(Waiter::new(receiver.recv()).poll(), Poll::Ready(Some(2)));
    drop(sender);
    assert_eq!(Waiter::new(receiver.next()).poll(), Poll::Ready(None));
}

#[test]
fn a_oneshot_gives_its_value_or_the_end() {
    let (sender, mut receiver) = oneshot::channel();
    assert_eq!(receiver.try_recv(), Err(TryGetError::Empty));
    // Lent, and dropped half-way.
    drop(Waiter::waiting(&mut receiver));
    sender.send(7).unwrap();
    drop(Waiter::new(&mut receiver));
    assert_eq!(Waiter::new(&mut receiver).poll(), Poll::Ready(Ok(7)));
    assert_eq!(
        Waiter::new(&mut receiver).poll(),
        Poll::Ready(Err(Closed(())))
    );

    let (sender, mut receiver) = oneshot::channel::<u32>();
    drop(sender);
    assert_eq!(receiver.try_recv(), Err(TryGetError::Closed));
    let (sender, mut receiver) = oneshot::channel();
    sender.send(7).unwrap();
    // It came before.
    receiver.close();
    assert_eq!(receiver.try_recv(), Ok(7));
    let (sender, mut receiver) = oneshot::channel();
    receiver.close();
    assert_eq!(sender.send(7), Err(Closed(7)));
    assert_eq!(receiver.try_recv(), Err(TryGetError::Closed));
    let (sender, receiver) = oneshot::channel();
    drop(receiver);
    assert_eq!(sender.send(7), Err(Closed(7)));
    let value = Rc::new(());
    let (sender, receiver) = oneshot::channel();
    sender.send(Rc::clone(&value)).unwrap();
    drop(receiver);
    assert_eq!(Rc::strong_count(&value), 1);
}

#[test]
fn a_watch_shows_the_latest_and_tells_of_the_end_last() {
    let (sender, mut receiver) = watch::channel(0);
    let mut late = receiver.clone();
    Waiter::waiting(receiver.changed());
    sender.send(1).unwrap();
    sender.send(2).unwrap();
    assert_eq!(Waiter::new(receiver.changed()).poll(), Poll::Ready(Ok(())));
    assert_eq!(*receiver.get(), 2);
    Waiter::waiting(receiver.changed());
    drop(sender);
    // It has not seen the last value.
    assert_eq!(Waiter::new(late.changed()).poll(), Poll::Ready(Ok(())));
    assert_eq!(
        Waiter::new(late.changed()).poll(),
        Poll::Ready(Err(Closed(())))
    );
    assert_eq!(*late.get(), 2);
}

#[test]
fn a_watch_tells_all_who_wait() {
    let (sender, mut first) = watch::channel(0);
    let mut second = sender.subscribe();
    assert_eq!(sender.receiver_count(), 2);
    let (one, other) = (
        Waiter::waiting(first.changed()),
        Waiter::waiting(second.changed()),
    );
    sender.send(1).unwrap();
    assert_eq!((one.ready(), other.ready()), (Ok(()), Ok(())));
    // A value may be looked at while the next one comes.
    let held = first.get();
    sender.send(2).unwrap();
    assert_eq!((*held, *first.get()), (1, 2));
    drop((first, second));
    assert_eq!(sender.send(3), Err(Closed(3)));
}

#[test]
fn a_receiver_that_lags_is_told_how_many_it_has_missed() {
    let (sender, mut receiver) = broadcast::channel(3);
    for value in 0..8 {
        assert_eq!(sender.send(value), Ok(1));
    }
    assert_eq!(
        Waiter::new(receiver.recv()).poll(),
        Poll::Ready(Err(RecvError::Lagged(5)))
    );
    assert_eq!((receiver.try_recv(), receiver.try_recv()), (Ok(5), Ok(6)));
    sender.send(8).unwrap();
    sender.send(9).unwrap();
    sender.send(10).unwrap();
    assert_eq!(receiver.try_recv(), Err(TryRecvError::Lagged(1)));
    drop(sender);
    for value in 8..11 {
        assert_eq!(Waiter::new(receiver.recv()).poll(), Poll::Ready(Ok(value)));
    }
    assert_eq!(receiver.try_recv(), Err(TryRecvError::Closed));
}

#[test]
fn a_broadcast_reaches_all_who_were_there() {
    run(async {
        let (sender, receiver) = broadcast::channel(8);
        let listen = |mut receiver: broadcast::Receiver<u32>| {
            spawn(async move {
                let mut heard = Vec::new();
                while let Ok(value) = receiver.recv().await {
                    heard.push(value);
                }
                heard
            })
        };
        let early = listen(receiver);
        sender.send(1).unwrap();
        let late = listen(sender.subscribe());
        sender.send(2).unwrap();
        yield_now().await;
        sender.clone().send(3).unwrap();
        drop(sender);
        assert_eq!(early.await.unwrap(), [1, 2, 3]);
        assert_eq!(late.await.unwrap(), [2, 3]);
    });
}

/// Not before all have received it, and not later.
#[test]
fn a_broadcast_keeps_a_value_until_all_have_it() {
    let (sender, mut first) = broadcast::channel(8);
    let (mut second, third) = (sender.subscribe(), sender.subscribe());
    let (one, two) = (Rc::new(1), Rc::new(2));
    sender.send(Rc::clone(&one)).unwrap();
    sender.send(Rc::clone(&two)).unwrap();
    assert_eq!(*first.try_recv().unwrap(), 1);
    assert_eq!(*second.try_recv().unwrap(), 1);
    assert_eq!((Rc::strong_count(&one), Rc::strong_count(&two)), (2, 2));
    drop(third);
    assert_eq!((Rc::strong_count(&one), Rc::strong_count(&two)), (1, 2));
    drop(first);
    assert_eq!(Rc::strong_count(&two), 2);
    assert_eq!(*second.try_recv().unwrap(), 2);
    assert_eq!(Rc::strong_count(&two), 1);
    drop(second);
    assert!(matches!(sender.send(one), Err(Closed(_))));
}
