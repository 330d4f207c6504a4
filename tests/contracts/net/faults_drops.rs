//! Whatever is dropped, in whichever state and order: no descriptor is leaked, and the other side hears of the end.

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Wake;

use net::TcpSocket;
use task_cell::spawn;

use super::*;

/// What a test of drops holds, to be dropped in any order.
type Held = Box<dyn std::any::Any>;

/// All orders of the numbers below `count`.
fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for order in orders(count - 1) {
        for place in 0..count {
            let mut order = order.clone();
            order.insert(place, count - 1);
            all.push(order);
        }
    }
    all
}

/// Listener, the two halves of an accepted stream, and the loop's own connected stream: dropped in each order.
#[test]
fn halves_listener_and_stream_may_be_dropped_in_every_order() {
    const WRITE_HALF: usize = 2;
    assert_eq!(orders(4).len(), 24);
    for order in orders(4) {
        real(move || async move {
            let listener = TcpListener::bind(anywhere()).unwrap();
            let address = listener.local_addr().unwrap();
            let mut outside = std::net::TcpStream::connect(address).unwrap();
            let (stream, _) = listener.accept().await.unwrap();
            let (reads, writes) = stream.into_split();
            let other = TcpStream::connect(address).await.unwrap();
            let held: [Held; 4] = [
                Box::new(listener),
                Box::new(reads),
                Box::new(writes),
                Box::new(other),
            ];
            let mut held = held.map(Some);
            for place in &order {
                drop(held[*place].take());
                if *place == WRITE_HALF {
                    // It is told at once, whatever else is still there.
                    assert_eq!(outside.read(&mut [0; 8]).unwrap(), 0, "{order:?}");
                }
            }
        });
    }
}

/// The half that reads goes on when the other is gone, and the other way round.
#[test]
fn each_half_outlives_the_other() {
    real(|| async {
        let (stream, mut outside) = with_outside().await;
        let (reads, writes) = stream.into_split();
        drop(writes);
        outside.write_all(b"still").unwrap();
        let mut heard = [0; 8];
        assert_eq!(reads.read(&mut heard).await.unwrap(), 5);
        drop(reads);

        let (stream, mut outside) = with_outside().await;
        let (reads, writes) = stream.into_split();
        drop(reads);
        writes.write_all(b"here").await.unwrap();
        let mut heard = [0; 4];
        outside.read_exact(&mut heard).unwrap();
        drop(writes);
        assert_eq!(outside.read(&mut heard).unwrap(), 0);
    });
}

/// A half that is dropped while the other waits in another task disturbs it in nothing.
#[test]
fn a_half_is_dropped_while_the_other_waits() {
    real(|| async {
        let (stream, mut outside) = with_outside().await;
        let (reads, writes) = stream.into_split();
        let waits = spawn(async move {
            let mut heard = [0; 8];
            reads.read(&mut heard).await.unwrap()
        });
        polling::yield_now().await;
        drop(writes);
        assert_eq!(outside.read(&mut [0; 8]).unwrap(), 0);
        polling::yield_now().await;
        assert!(!waits.is_finished(), "our end is not theirs");
        outside.write_all(b"taxi").unwrap();
        assert_eq!(waits.await.unwrap(), 4);
    });
}

/// A task that panics with sockets in its hands closes them; its siblings and the loop go on.
#[test]
fn a_task_that_panics_closes_its_sockets() {
    std::panic::set_hook(Box::new(|_| {}));
    real(|| async {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let address = listener.local_addr().unwrap();
        let mut outside = std::net::TcpStream::connect(address).unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let panics = spawn(async move {
            let (reads, _writes) = stream.into_split();
            let mut byte = [0];
            reads.read(&mut byte).await.unwrap();
            panic!("with a socket in its hands");
        });
        polling::yield_now().await;
        outside.write_all(b"!").unwrap();
        assert!(panics.await.is_err());
        assert_eq!(outside.read(&mut [0; 8]).unwrap(), 0);
        let next = TcpStream::connect(address).await.unwrap();
        let (served, _) = listener.accept().await.unwrap();
        served.write_all(b"as before").await.unwrap();
        drop(served);
        assert_eq!(read_to_end(&next, 100).await.unwrap(), b"as before");
    });
    drop(std::panic::take_hook());
}

#[test]
#[cfg(target_os = "linux")]
fn what_is_given_up_leaks_no_descriptor() {
    alone("drops::what_is_given_up_leaks_no_descriptor_alone", &[]);
}

/// Each kind of wait, given up in each of its states: never polled, waiting, and woken but not polled since.
#[test]
#[ignore = "run in a process of its own by what_is_given_up_leaks_no_descriptor"]
#[cfg(target_os = "linux")]
fn what_is_given_up_leaks_no_descriptor_alone() {
    let round = || {
        net::run(Clock::real(), async {
            for state in [State::Unpolled, State::Waiting, State::Woken] {
                connects(state).await;
                accepts(state).await;
                reads_and_writes(state).await;
            }
            // Tasks that wait for ever end with the loop.
            let (one, other) = pair().await;
            let (silent, _its_end) = pair().await;
            let _reads = spawn(async move { one.read(&mut [0]).await });
            let flood = async move { while other.write(&[0; 9000]).await.is_ok() {} };
            let _writes = spawn(flood);
            let _half = spawn(async move { silent.into_split().0.read(&mut [0]).await });
            polling::yield_now().await;
        })
        .unwrap();
    };
    round();
    let before = descriptors();
    for _ in 0..10 {
        round();
    }
    assert_eq!(descriptors(), before);
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Unpolled,
    Waiting,
    Woken,
}

/// Whether somebody was woken.
#[derive(Default)]
struct Told(AtomicBool);

impl Wake for Told {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Brings `future` into `state` and drops it; `wake` does what it waits for.
async fn give_up<T>(
    future: impl Future<Output = T>,
    state: State,
    wake: impl AsyncFnOnce(),
) {
    let (told, mut future) = (Arc::new(Told::default()), Box::pin(future));
    if state == State::Unpolled {
        return;
    }
    let waker = Waker::from(Arc::clone(&told));
    let poll = future.as_mut().poll(&mut Context::from_waker(&waker));
    assert!(poll.is_pending(), "{state:?}: it did not wait");
    if state == State::Woken {
        wake().await;
        until(|| told.0.load(Ordering::Relaxed)).await;
    }
}

/// Given up at once, refused, and given up while it waits: the queue of a listener has room for so many only, and who
/// comes later is let in seconds later, if at all.
async fn connects(state: State) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(anywhere()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    give_up(TcpStream::connect(address), State::Unpolled, async || ()).await;
    let mut queue = Vec::new();
    loop {
        let mut connect = Box::pin(TcpStream::connect(address));
        match polled(connect.as_mut()) {
            Poll::Ready(stream) => queue.push(stream.unwrap()),
            Poll::Pending if state == State::Woken => {
                // The end of the listener is the end of the queue, and not of who is not in it.
                drop((listener, queue));
                break;
            }
            Poll::Pending => break,
        }
    }
    let closed = TcpListener::bind(anywhere()).unwrap().local_addr().unwrap();
    assert!(TcpStream::connect(closed).await.is_err());
}

async fn accepts(state: State) {
    let listener = TcpListener::bind(anywhere()).unwrap();
    let address = listener.local_addr().unwrap();
    let connect = || std::net::TcpStream::connect(address).unwrap();
    let mut outside = Vec::new();
    give_up(listener.accept(), state, async || outside.push(connect())).await;
    // Who came for the one that gave up is given to the next.
    let next = (state != State::Woken).then(connect);
    outside.extend(next);
    let (stream, from) = listener.accept().await.unwrap();
    assert_eq!(from, outside[0].local_addr().unwrap());
    drop(stream);
}

async fn reads_and_writes(state: State) {
    let (stream, mut outside) = with_outside().await;
    let mut buffer = [0; 8];
    give_up(stream.read(&mut buffer), state, async || {
        outside.write_all(b"taxi").unwrap();
    })
    .await;
    if state == State::Woken {
        // Whoever gives up a read has taken nothing.
        assert_eq!(stream.read(&mut buffer).await.unwrap(), 4);
    }
    let bytes = vec![0; 64 * 1024];
    let mut written = 0;
    while let Poll::Ready(length) = polled(pin!(stream.write(&bytes))) {
        written += length.unwrap();
    }
    let mut drained = 0;
    give_up(stream.write(&bytes), state, async || {
        let mut room = vec![0; written];
        outside.read_exact(&mut room).unwrap();
        drained = written;
    })
    .await;
    drop(stream);
    // Nothing went in that nobody knows of.
    let mut rest = Vec::new();
    outside.read_to_end(&mut rest).unwrap();
    assert_eq!(drained + rest.len(), written);
}
