//! Virtual time and sockets: it waits for what is on its way, and for nothing else.

use std::io::Write;
use std::net::Shutdown;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::Duration;

use event_loop::{Clock, Time};
use net::{Connection, Socket, TcpListener, TcpStream, UdpSocket};
use task_cell::spawn;
use timers::{now, outside, sleep, timeout};

use super::{HOUR, anywhere, pattern, read_to_end, tcp, virtually, with_outside};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Each end sleeps before it answers, and nothing else takes time.
async fn slow_answers<S: Socket>(one: Connection<S>, other: Connection<S>) {
    let start = now();
    let server = spawn(async move {
        let mut byte = [0];
        while other.read(&mut byte).await.unwrap() > 0 {
            sleep(seconds(byte[0].into())).await;
            other.write_all(&byte).await.unwrap();
        }
    });
    let mut wanted = seconds(0);
    for wait in [1, 100, 7, 0, 50] {
        one.write_all(&[wait]).await.unwrap();
        one.read_exact(&mut [0]).await.unwrap();
        wanted += seconds(wait.into());
        assert_eq!(now() - start, wanted);
    }
    // A limit below the answer's time passes, and one above does not.
    one.write_all(&[10]).await.unwrap();
    assert!(timeout(seconds(9), one.read(&mut [0])).await.is_err());
    one.read_exact(&mut [0]).await.unwrap();
    assert_eq!(now() - start, wanted + seconds(10));
    one.shutdown(Shutdown::Write).unwrap();
    assert_eq!(timeout(HOUR, one.read(&mut [0])).await.unwrap().unwrap(), 0);
    server.await.unwrap();
}

#[test]
fn answers_take_the_time_that_they_take() {
    virtually(|| async { slow_answers_of(tcp().await).await });
    #[cfg(unix)]
    virtually(|| async { slow_answers_of(super::unix().await).await });
}

async fn slow_answers_of<S: Socket>((one, other): (Connection<S>, Connection<S>)) {
    slow_answers(one, other).await;
}

/// More bytes than a socket holds take no time, unless the reader takes it.
#[test]
fn a_full_socket_waits_for_its_reader_alone() {
    virtually(|| async { full_of(tcp().await).await });
    #[cfg(unix)]
    virtually(|| async { full_of(super::unix().await).await });
}

async fn full_of<S: Socket>((one, other): (Connection<S>, Connection<S>)) {
    let start = now();
    let reader = spawn(async move {
        let mut half = vec![0; 5_000_000];
        other.read_exact(&mut half).await.unwrap();
        sleep(HOUR).await;
        read_to_end(&other, 100_000).await.unwrap().len()
    });
    one.write_all(&pattern(20_000_000)).await.unwrap();
    drop(one);
    assert_eq!(reader.await.unwrap(), 15_000_000);
    assert_eq!(now() - start, HOUR);
}

#[test]
fn connections_are_made_and_accepted_in_no_time() {
    virtually(|| async {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let address = listener.local_addr().unwrap();
        for round in 0..100 {
            let client = spawn(timeout(HOUR, TcpStream::connect(address)));
            let accepted = timeout(HOUR, listener.accept()).await;
            let (server, _) = accepted.unwrap().unwrap();
            let client = client.await.unwrap().unwrap().unwrap();
            client.write_all(&[round]).await.unwrap();
            let read = timeout(HOUR, server.read(&mut [0])).await;
            assert_eq!(read.unwrap().unwrap(), 1);
        }
        assert_eq!(now(), Time::ZERO);
        // Nobody calls: time goes on.
        assert!(timeout(HOUR, listener.accept()).await.is_err());
    });
}

#[test]
fn a_datagram_under_way_is_waited_for() {
    virtually(|| async {
        for round in 0..200 {
            let start = now();
            let (one, other) = (socket(), socket());
            let to = other.local_addr().unwrap();
            let reader = spawn(timeout(HOUR, async move {
                other.recv(&mut [0; 8]).await.unwrap()
            }));
            if round % 2 == 0 {
                sleep(seconds(60)).await;
            }
            one.connect(to).unwrap();
            one.send(b"taxi").await.unwrap();
            assert_eq!(reader.await.unwrap().unwrap(), 4);
            assert_eq!(now() - start, seconds(60 * u64::from(round % 2 == 0)));
        }
    });
}

fn socket() -> UdpSocket {
    UdpSocket::bind(anywhere()).unwrap()
}

/// Neither a deadlock nor a hang: the others' time goes on.
#[test]
fn a_socket_that_nobody_writes_to_does_not_hold_the_clock() {
    virtually(|| async {
        let idle = socket();
        assert!(timeout(HOUR, idle.recv(&mut [0])).await.is_err());
        // What was lost is not waited for either: its receiver is gone.
        let gone = socket().local_addr().unwrap();
        idle.send_to(b"anybody?", gone).await.unwrap();
        assert!(timeout(HOUR, idle.recv(&mut [0])).await.is_err());
        // Nor is what found no room: most of these.
        let deaf = socket();
        let to = deaf.local_addr().unwrap();
        for _ in 0..10_000 {
            idle.send_to(&[0; 1000], to).await.unwrap();
        }
        let mut heard = 0;
        while timeout(seconds(1), deaf.recv(&mut [0; 1000])).await.is_ok() {
            heard += 1;
        }
        assert!(heard > 0);
        assert_eq!(now(), Time::from_secs(7201));
    });
}

#[test]
fn a_datagram_from_outside_is_waited_for() {
    virtually(|| async {
        let theirs = std::net::UdpSocket::bind(anywhere()).unwrap();
        let to = theirs.local_addr().unwrap();
        let thread = thread::spawn(move || {
            let (_, from) = theirs.recv_from(&mut [0; 8]).unwrap();
            // The loop has been given all the time there is to be wrong.
            thread::sleep(Duration::from_millis(20));
            theirs.send_to(b"answer", from).unwrap();
        });
        let ours = socket();
        ours.send_to(b"question", to).await.unwrap();
        let answer = timeout(HOUR, ours.recv(&mut [0; 8])).await;
        assert_eq!(answer.unwrap().unwrap(), 6);
        assert_eq!(now(), Time::ZERO);
        thread.join().unwrap();
    });
}

#[test]
fn a_peer_outside_holds_the_clock() {
    virtually(|| async {
        let (stream, mut peer) = with_outside().await;
        let thread = thread::spawn(move || {
            thread::sleep(Duration::from_millis(20));
            peer.write_all(b"!").unwrap();
            peer
        });
        let read = timeout(HOUR, stream.read(&mut [0])).await;
        assert_eq!(read.unwrap().unwrap(), 1);
        assert_eq!(now(), Time::ZERO);
        thread.join().unwrap();
    });
}

/// A stream that is given away has an end outside from then on.
#[test]
fn an_end_that_is_given_to_a_thread_is_outside() {
    virtually(|| async {
        let (one, other) = tcp().await;
        let mut given = other.into_std().unwrap();
        let thread = thread::spawn(move || {
            thread::sleep(Duration::from_millis(20));
            given.write_all(b"!").unwrap();
        });
        let read = timeout(HOUR, one.read(&mut [0])).await;
        assert_eq!(read.unwrap().unwrap(), 1);
        assert_eq!(now(), Time::ZERO);
        thread.join().unwrap();
    });
}

#[test]
fn sockets_that_wait_for_one_another_are_a_deadlock() {
    let deadlock = |wait: fn() -> std::pin::Pin<Box<dyn Future<Output = ()>>>| {
        let run = || net::run(Clock::virtual_time(), wait()).unwrap();
        let panic = catch_unwind(AssertUnwindSafe(run)).unwrap_err();
        let message = wakers::panic_message(&*panic).unwrap().to_string();
        assert!(message.contains("deadlock"), "{message}");
    };
    deadlock(|| Box::pin(async { drop(socket().recv(&mut [0]).await) }));
    deadlock(|| {
        Box::pin(async {
            let (one, _other) = tcp().await;
            drop(one.read(&mut [0]).await);
        })
    });
    #[cfg(unix)]
    deadlock(|| {
        Box::pin(async {
            let (one, _other) = net::UnixDatagram::pair().unwrap();
            drop(one.recv(&mut [0]).await);
        })
    });
}

#[test]
fn whoever_was_promised_holds_the_clock() {
    virtually(|| async {
        let server = socket();
        let to = server.local_addr().unwrap();
        let promise = outside();
        let thread = thread::spawn(move || {
            thread::sleep(Duration::from_millis(20));
            let client = std::net::UdpSocket::bind(anywhere()).unwrap();
            client.send_to(b"!", to).unwrap();
            drop(promise);
        });
        timeout(HOUR, server.recv(&mut [0])).await.unwrap().unwrap();
        assert_eq!(now(), Time::ZERO);
        thread.join().unwrap();
    });
}

#[cfg(unix)]
mod unix {
    use net::{UnixDatagram, UnixListener, UnixStream};

    use super::*;

    #[test]
    fn a_connection_by_path_has_both_its_ends_here() {
        virtually(|| async {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("office");
            let listener = UnixListener::bind(&path).unwrap();
            let address = listener.local_addr().unwrap();
            assert_eq!(address.as_pathname(), Some(&*path));
            let first = UnixStream::connect(&path).await.unwrap();
            let gone = UnixStream::connect(&path).await.unwrap();
            let second = UnixStream::connect(&path).await.unwrap();
            // Who is not accepted yet waits for the listener's task.
            let early = timeout(seconds(10), first.read(&mut [0])).await;
            assert!(early.is_err());
            drop(gone);
            let (one, _) = listener.accept().await.unwrap();
            let (end, _) = listener.accept().await.unwrap();
            let (two, _) = listener.accept().await.unwrap();
            assert_eq!(end.read(&mut [0]).await.unwrap(), 0);
            slow_answers(first, one).await;
            slow_answers(two, second).await;
            assert!(timeout(HOUR, listener.accept()).await.is_err());
        });
    }

    #[test]
    fn somebody_outside_at_a_path_holds_the_clock() {
        virtually(|| async {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("office");
            let theirs = std::os::unix::net::UnixListener::bind(&path).unwrap();
            let thread = thread::spawn(move || {
                let (mut stream, _) = theirs.accept().unwrap();
                thread::sleep(Duration::from_millis(20));
                stream.write_all(b"!").unwrap();
            });
            let stream = UnixStream::connect(&path).await.unwrap();
            let read = timeout(HOUR, stream.read(&mut [0])).await;
            assert_eq!(read.unwrap().unwrap(), 1);
            assert_eq!(now(), Time::ZERO);
            thread.join().unwrap();
        });
    }

    #[test]
    fn datagrams_of_one_machine_are_there_at_once() {
        virtually(|| async {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("office");
            let office = UnixDatagram::bind(&path).unwrap();
            let (one, other) = UnixDatagram::pair().unwrap();
            let sender = spawn(async move {
                let taxi = UnixDatagram::unbound().unwrap();
                sleep(seconds(60)).await;
                taxi.send_to(b"taxi", &path).await.unwrap();
                sleep(seconds(60)).await;
                one.send(b"taxi").await.unwrap();
                one
            });
            assert_eq!(office.recv(&mut [0; 8]).await.unwrap(), 4);
            assert_eq!(now(), Time::from_secs(60));
            assert_eq!(other.recv(&mut [0; 8]).await.unwrap(), 4);
            assert_eq!(now(), Time::from_secs(120));
            let one = sender.await.unwrap();
            // Full of what the other sleeps over: only time can help.
            let full = async { while one.send(&[0; 1000]).await.is_ok() {} };
            assert!(timeout(seconds(60), full).await.is_err());
            assert_eq!(now(), Time::from_secs(180));
        });
    }
}
