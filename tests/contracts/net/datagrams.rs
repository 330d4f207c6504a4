//! Datagrams, over the network and on one machine.

use std::rc::Rc;
use std::time::Duration;

use net::UdpSocket;
use task_cell::spawn;
use timers::timeout;

use super::{anywhere, real};

const SHORT: Duration = Duration::from_millis(1);

fn socket() -> UdpSocket {
    UdpSocket::bind(anywhere()).unwrap()
}

#[test]
fn each_datagram_is_one_receive() {
    real(|| async {
        let (one, other) = (socket(), socket());
        let to = other.local_addr().unwrap();
        for datagram in [&b"first"[..], b"", b"a longer one"] {
            assert_eq!(one.send_to(datagram, to).await.unwrap(), datagram.len());
        }
        let mut buffer = [0; 8];
        let from = one.local_addr().unwrap();
        assert_eq!(other.peek_from(&mut buffer).await.unwrap(), (5, from));
        assert_eq!(other.recv_from(&mut buffer).await.unwrap(), (5, from));
        // An empty one is one.
        assert_eq!(other.recv(&mut buffer).await.unwrap(), 0);
        assert_eq!(other.recv(&mut [0; 100]).await.unwrap(), 12);
        assert!(timeout(SHORT, other.recv(&mut buffer)).await.is_err());
    });
}

#[test]
fn a_datagram_is_cut_to_its_buffer() {
    real(|| async {
        let (one, other) = (socket(), socket());
        let to = other.local_addr().unwrap();
        one.send_to(b"too long", to).await.unwrap();
        one.send_to(b"next", to).await.unwrap();
        let mut buffer = [0; 3];
        assert_eq!(other.recv(&mut buffer).await.unwrap(), 3);
        assert_eq!(&buffer, b"too");
        assert_eq!(other.recv(&mut buffer).await.unwrap(), 3);
        assert_eq!(&buffer, b"nex");
        one.send_to(b"empty", to).await.unwrap();
        assert_eq!(other.recv(&mut []).await.unwrap(), 0);
        assert!(timeout(SHORT, other.recv(&mut buffer)).await.is_err());
    });
}

/// A read that has moved less than it could says nothing about the next datagram.
#[test]
fn all_that_wait_are_received() {
    real(|| async {
        let (one, other) = (socket(), Rc::new(socket()));
        let to = other.local_addr().unwrap();
        for _ in 0..20 {
            let readers = [1, 2, 3].map(|_| {
                let other = Rc::clone(&other);
                spawn(async move { other.recv(&mut [0; 100]).await.unwrap() })
            });
            assert!(timeout(SHORT, other.recv(&mut [0])).await.is_err());
            for length in 1..=3 {
                one.send_to(&[0; 3][..length], to).await.unwrap();
            }
            let mut lengths = Vec::new();
            for reader in readers {
                lengths.push(reader.await.unwrap());
            }
            assert_eq!(lengths, [1, 2, 3]);
        }
    });
}

#[test]
fn a_connected_socket_hears_one_other_alone() {
    real(|| async {
        let (office, taxi, stranger) = (socket(), socket(), socket());
        let to = office.local_addr().unwrap();
        assert!(office.peer_addr().is_err());
        office.connect(taxi.local_addr().unwrap()).unwrap();
        stranger.send_to(b"spam", to).await.unwrap();
        taxi.send_to(b"taxi", to).await.unwrap();
        let mut buffer = [0; 8];
        assert_eq!(office.recv(&mut buffer).await.unwrap(), 4);
        assert_eq!(&buffer[..4], b"taxi");
        // It may be connected to another.
        office.connect(stranger.local_addr().unwrap()).unwrap();
        office.send(b"hello").await.unwrap();
        assert_eq!(stranger.recv(&mut buffer).await.unwrap(), 5);
        office.options().set_broadcast(true).unwrap();
    });
}

#[cfg(unix)]
mod unix {
    use std::cell::Cell;
    use std::future::poll_fn;

    use net::UnixDatagram;

    use super::*;

    #[test]
    fn datagrams_of_one_machine_are_whole_and_none_is_lost() {
        const COUNT: usize = 5000;
        real(|| async {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("office");
            let office = UnixDatagram::bind(&path).unwrap();
            assert_eq!(office.local_addr().unwrap().as_pathname(), Some(&*path));
            assert!(UnixDatagram::bind(&path).is_err());
            let (one, other) = UnixDatagram::pair().unwrap();
            let connected = UnixDatagram::unbound().unwrap();
            connected.connect(&path).unwrap();
            // Each of them finds no room now and then, and waits.
            let sends = [
                spawn(async move {
                    let taxi = UnixDatagram::unbound().unwrap();
                    for number in 0..COUNT {
                        taxi.send_to(&number.to_be_bytes(), &path).await.unwrap();
                    }
                }),
                spawn(async move {
                    for number in 0..COUNT {
                        one.send(&number.to_be_bytes()).await.unwrap();
                    }
                }),
            ];
            let mut buffer = [0; 100];
            for number in 0..COUNT {
                assert_eq!(other.recv(&mut buffer).await.unwrap(), 8);
                assert_eq!(buffer[..8], number.to_be_bytes());
            }
            for number in 0..COUNT {
                assert_eq!(office.recv_from(&mut buffer).await.unwrap().0, 8);
                assert_eq!(buffer[..8], number.to_be_bytes());
            }
            for send in sends {
                send.await.unwrap();
            }
            connected.send(b"last").await.unwrap();
            assert_eq!(office.recv(&mut buffer).await.unwrap(), 4);
        });
    }

    /// The queue is full of what others have sent: nobody tells when it is not any more.
    #[test]
    fn whoever_finds_a_full_queue_of_others_gets_through() {
        real(|| async {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("office");
            let office = UnixDatagram::bind(&path).unwrap();
            let others = std::os::unix::net::UnixDatagram::unbound().unwrap();
            others.set_nonblocking(true).unwrap();
            let mut full = 0;
            while others.send_to(b"other", &path).is_ok() {
                full += 1;
            }
            let polls = Rc::new(Cell::new(0));
            let counted = Rc::clone(&polls);
            let late = spawn(async move {
                let taxi = UnixDatagram::unbound().unwrap();
                let mut send = Box::pin(taxi.send_to(b"taxi", &path));
                let sent = poll_fn(|context| {
                    counted.set(counted.get() + 1);
                    send.as_mut().poll(context)
                });
                sent.await.unwrap()
            });
            timers::sleep(Duration::from_millis(30)).await;
            // Nor does it ask again and again.
            assert!(polls.get() < 100, "{} polls", polls.get());
            for _ in 0..full {
                assert_eq!(office.recv(&mut [0; 8]).await.unwrap(), 5);
            }
            assert_eq!(office.recv(&mut [0; 8]).await.unwrap(), 4);
            assert_eq!(late.await.unwrap(), 4);
        });
    }
}
