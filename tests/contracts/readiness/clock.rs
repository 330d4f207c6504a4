//! Virtual time and sockets: the clock waits for what is on its way, and for nothing else.

use std::cell::Cell;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Waker};
use std::thread;
use std::time::Duration;

use event_loop::{Clock, Time};
use readiness::{Reactor, TcpListener, TcpStream};
use tasks::spawn;
use timers::{Timers, now, outside, sleep, timeout};
use wakers::{Park, block_on_with};

use super::{anywhere, limited, pair, pattern, read_to_end, with_outside};

const HOUR: Duration = Duration::from_secs(3600);

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Runs `make`'s future on virtual time, for a limited time on the wall clock.
fn run_virtual<F>(make: impl FnOnce() -> F + Send + 'static) -> F::Output
where
    F: Future<Output: Send + 'static>,
{
    limited(move || readiness::run(Clock::virtual_time(), make()).unwrap())
}

#[test]
fn a_server_that_sleeps_answers_at_exact_times() {
    run_virtual(|| async {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let address = listener.local_addr().unwrap();
        let _server = spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let _served_alone = spawn(async move {
                    let mut byte = [0];
                    while stream.read(&mut byte).await.unwrap() > 0 {
                        sleep(seconds(byte[0].into())).await;
                        stream.write_all(&byte).await.unwrap();
                    }
                });
            }
        });
        let clients: Vec<_> = (1..=20)
            .map(|number: u8| {
                spawn(async move {
                    sleep(seconds(u64::from(number) * 100)).await;
                    let stream = TcpStream::connect(address).await.unwrap();
                    for round in 1..=3 {
                        stream.write_all(&[number]).await.unwrap();
                        stream.read(&mut [0]).await.unwrap();
                        let wanted = u64::from(number) * (100 + round);
                        assert_eq!(now(), Time::from_secs(wanted));
                    }
                })
            })
            .collect();
        for client in clients {
            client.await;
        }
    });
}

/// Bytes, an end and a new connection that are on their way are no reason to jump.
#[test]
fn what_is_on_its_way_overtakes_an_hour() {
    run_virtual(|| async {
        for round in 0..200 {
            let (one, other) = timeout(HOUR, pair()).await.unwrap();
            let reader = spawn(timeout(HOUR, async move {
                read_to_end(&other, 1 + round % 7).await.unwrap()
            }));
            one.write_all(b"three").await.unwrap();
            polling::yield_now().await;
            if round % 2 == 0 {
                one.shutdown(Shutdown::Write).unwrap();
                assert_eq!(reader.await.unwrap(), b"three");
            } else {
                drop(one);
                assert_eq!(reader.await.unwrap(), b"three");
            }
        }
        assert_eq!(now(), Time::ZERO);
    });
}

#[test]
fn many_bytes_take_no_time() {
    run_virtual(|| async {
        let (one, other) = pair().await;
        let reader = spawn(async move { read_to_end(&other, 5000).await.unwrap() });
        let wanted = pattern(5_000_000);
        timeout(HOUR, one.write_all(&wanted))
            .await
            .unwrap()
            .unwrap();
        drop(one);
        assert!(reader.await == wanted);
        assert_eq!(now(), Time::ZERO);
    });
}

/// A writer without room holds the clock only while its peer could make room without time passing.
#[test]
fn a_reader_that_sleeps_over_a_full_socket_is_woken() {
    run_virtual(|| async {
        let (one, other) = pair().await;
        let reader = spawn(async move {
            sleep(HOUR).await;
            read_to_end(&other, 100_000).await.unwrap().len()
        });
        // More than any socket holds.
        one.write_all(&pattern(20_000_000)).await.unwrap();
        drop(one);
        assert_eq!(reader.await, 20_000_000);
        assert_eq!(now(), Time::from_secs(3600));
    });
}

#[test]
fn a_client_that_is_not_accepted_yet_does_not_hold_the_clock() {
    run_virtual(|| async {
        for at in ["127.0.0.1:0", "0.0.0.0:0"] {
            let start = now();
            let listener = TcpListener::bind(at.parse().unwrap()).unwrap();
            let mut address = anywhere();
            address.set_port(listener.local_addr().unwrap().port());
            let client = spawn(async move {
                let stream = TcpStream::connect(address).await.unwrap();
                stream.read(&mut [0]).await.unwrap();
                now()
            });
            sleep(seconds(60)).await;
            let (stream, _) = listener.accept().await.unwrap();
            sleep(seconds(60)).await;
            stream.write_all(b"!").await.unwrap();
            assert_eq!(client.await - start, seconds(120));
        }
    });
}

/// The queue of a listener holds about 128. The operating system tries again for those who found it full, seconds
/// later; until then only the listener's own task can help, which here waits for the clock.
#[cfg(target_os = "linux")]
#[test]
fn a_full_queue_of_our_own_does_not_hold_the_clock() {
    // So many descriptors are left to no other test.
    super::alone("clock::a_full_queue_alone", &[]);
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "run in a process of its own by a_full_queue_of_our_own_does_not_hold_the_clock"]
fn a_full_queue_alone() {
    const CLIENTS: usize = 300;
    run_virtual(|| async {
        let (loopback, any) = ("127.0.0.1:0", "0.0.0.0:0");
        for (at, to) in [(loopback, loopback), (any, loopback), (loopback, any)] {
            let start = now();
            let listener = TcpListener::bind(at.parse().unwrap()).unwrap();
            let mut address: SocketAddr = to.parse().unwrap();
            address.set_port(listener.local_addr().unwrap().port());
            let connected = Rc::new(Cell::new(0));
            let clients = (0..CLIENTS).map(|_| {
                let connected = Rc::clone(&connected);
                spawn(async move {
                    let stream = TcpStream::connect(address).await.unwrap();
                    connected.set(connected.get() + 1);
                    // Whoever came in with many others may be forgotten until he says something (SYN cookies).
                    stream.write_all(b"?").await.unwrap();
                    stream
                })
            });
            let clients: Vec<_> = clients.collect();
            let given_up = timeout(seconds(1), TcpStream::connect(address));
            sleep(seconds(60)).await;
            assert!(connected.get() < CLIENTS, "the queue has room for all");
            assert!(given_up.await.is_err());
            let mut streams = Vec::new();
            for _ in 0..CLIENTS {
                streams.push(timeout(HOUR, listener.accept()).await.unwrap());
            }
            for client in clients {
                client.await;
            }
            // Those whom the system has tried again were on their way: the clock has waited.
            assert_eq!(now() - start, seconds(61));
        }
    });
}

/// Whoever was accepted may not know it yet: its task looks at something else meanwhile. It is not outside for that.
#[cfg(target_os = "linux")]
#[test]
fn a_client_that_does_not_look_does_not_hold_the_clock() {
    super::alone("clock::a_client_that_does_not_look_alone", &[]);
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "run in a process of its own by a_client_that_does_not_look_does_not_hold_the_clock"]
fn a_client_that_does_not_look_alone() {
    const CLIENTS: usize = 200;
    run_virtual(|| async {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let address = listener.local_addr().unwrap();
        let connects = (0..CLIENTS).map(|_| {
            let mut connect = Box::pin(TcpStream::connect(address));
            let polled = connect
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()));
            (connect, polled)
        });
        let connects: Vec<_> = connects.collect();
        let mut streams = Vec::new();
        for _ in 0..CLIENTS {
            streams.push(listener.accept().await.unwrap().0);
        }
        // The last one found the queue full.
        let late = streams.last().unwrap();
        let heard = timeout(seconds(10), late.read(&mut [0])).await;
        assert!(heard.is_err());
        assert_eq!(now(), Time::from_secs(10));
        drop(connects);
    });
}

/// A queue that somebody else empties is not ours to wait for.
#[cfg(target_os = "linux")]
#[test]
fn an_unfinished_connection_to_somebody_outside_holds_the_clock() {
    limited(|| {
        let timers = Timers::new(Reactor::new().unwrap(), Clock::virtual_time());
        let _current = timers.enter();
        let (domain, kind) = (socket2::Domain::IPV4, socket2::Type::STREAM);
        let listener = socket2::Socket::new(domain, kind, None).unwrap();
        listener.bind(&anywhere().into()).unwrap();
        listener.listen(0).unwrap();
        let address = listener.local_addr().unwrap().as_socket().unwrap();
        let _in_the_queue = std::net::TcpStream::connect(address).unwrap();
        let connect = waits(TcpStream::connect(address));
        assert!(timers.expects_wake());
        drop(connect);
        assert!(!timers.expects_wake());
    });
}

#[test]
fn a_peer_outside_holds_the_clock() {
    run_virtual(|| async {
        let (stream, mut peer) = with_outside().await;
        let (go, gone) = std::sync::mpsc::channel();
        let thread = thread::spawn(move || {
            for byte in 0..10 {
                // The loop has been given all the time there is to be wrong.
                thread::sleep(Duration::from_millis(5));
                peer.write_all(&[byte]).unwrap();
            }
            gone.recv().unwrap();
            peer.read_to_end(&mut Vec::new()).unwrap()
        });
        for byte in 0..10 {
            let mut read = [0];
            let length = timeout(HOUR, stream.read(&mut read)).await.unwrap();
            assert_eq!((length.unwrap(), read[0]), (1, byte));
        }
        assert_eq!(now(), Time::ZERO);
        // Nobody waits for it any more: time goes on.
        sleep(HOUR).await;
        assert_eq!(now(), Time::from_secs(3600));
        go.send(()).unwrap();
        drop(stream);
        assert_eq!(thread.join().unwrap(), 0);
    });
}

#[test]
fn a_caller_who_was_promised_holds_the_clock() {
    run_virtual(|| async {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let address = listener.local_addr().unwrap();
        let promise = outside();
        let thread = thread::spawn(move || {
            thread::sleep(Duration::from_millis(20));
            let stream = std::net::TcpStream::connect(address).unwrap();
            drop(promise);
            stream
        });
        timeout(HOUR, listener.accept()).await.unwrap().unwrap();
        assert_eq!(now(), Time::ZERO);
        thread.join().unwrap();
    });
}

#[test]
fn a_listener_that_nobody_can_call_is_a_deadlock() {
    let panic = limited(|| {
        let accept = async {
            let listener = TcpListener::bind(anywhere()).unwrap();
            listener.accept().await.unwrap().1
        };
        let run = || readiness::run(Clock::virtual_time(), accept);
        let panic = catch_unwind(AssertUnwindSafe(run)).unwrap_err();
        panic.downcast_ref::<String>().unwrap().clone()
    });
    assert!(panic.contains("deadlock"), "{panic}");
}

/// A future that waits. What came meanwhile was not looked at.
fn waits<'a, F: Future + 'a>(future: F) -> Pin<Box<dyn Future<Output = F::Output> + 'a>> {
    let mut future: Pin<Box<dyn Future<Output = F::Output> + 'a>> = Box::pin(future);
    let mut context = Context::from_waker(Waker::noop());
    assert!(future.as_mut().poll(&mut context).is_pending());
    future
}

/// Whether `future` is ready without any wait.
fn is_ready<F: Future>(future: F) -> bool {
    let mut future = Box::pin(future);
    future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
        .is_ready()
}

/// On most systems an event is there at once, and a clock that would not wait for it gets away with it. So here
/// nobody looks, and the reactor is asked what it expects.
#[test]
fn what_is_expected_is_known_before_it_comes() {
    limited(|| {
        let mut timers = Timers::new(Reactor::new().unwrap(), Clock::virtual_time());
        let _current = timers.enter();
        let (one, other) = block_on_with(&mut timers, pair());
        assert!(!timers.expects_wake(), "nobody waits");
        let mut buffer = [0; 8];
        let read = waits(other.read(&mut buffer));
        assert!(!timers.expects_wake(), "nothing was sent");
        block_on_with(&mut timers, one.write_all(b"taxi")).unwrap();
        drop(read);
        assert!(!timers.expects_wake(), "nobody waits any more");
        assert_eq!(
            block_on_with(&mut timers, other.read(&mut buffer)).unwrap(),
            4
        );

        let read = waits(other.read(&mut buffer));
        assert!(!timers.expects_wake(), "all was read");
        assert!(is_ready(one.write_all(b"taxi")), "there is room");
        assert!(timers.expects_wake(), "bytes are on their way");
        drop(read);
        assert_eq!(
            block_on_with(&mut timers, other.read(&mut buffer)).unwrap(),
            4
        );

        let read = waits(other.read(&mut buffer));
        one.shutdown(Shutdown::Write).unwrap();
        assert!(timers.expects_wake(), "an end is on its way");
        drop(read);
        assert_eq!(
            block_on_with(&mut timers, other.read(&mut buffer)).unwrap(),
            0
        );

        let mut byte = [0];
        let read = waits(one.read(&mut byte));
        assert!(!timers.expects_wake(), "the other half is open");
        drop(other);
        assert!(timers.expects_wake(), "the other end is gone");
        drop(read);

        let listener = TcpListener::bind(anywhere()).unwrap();
        let accept = waits(listener.accept());
        assert!(!timers.expects_wake(), "nobody has connected");
        let address = listener.local_addr().unwrap();
        let mut connect = Box::pin(TcpStream::connect(address));
        let client = connect
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        assert!(timers.expects_wake(), "somebody is in the queue");
        drop((accept, client, connect));
        let accept = waits(listener.accept());
        assert!(!timers.expects_wake(), "nobody is in the queue any more");
        drop(accept);
    });
}
