//! What may befall datagrams.

use std::io::ErrorKind;

use net::UdpSocket;
use task_cell::spawn;

use super::*;

/// An address where nobody is.
fn nobody() -> SocketAddr {
    let gone = std::net::UdpSocket::bind(anywhere()).unwrap();
    gone.local_addr().unwrap()
}

/// The operating system tells whoever is connected that the other side refused. Once: the socket is as good as before.
#[test]
fn a_refusal_is_told_once_and_the_socket_lives_on() {
    real(|| async {
        let address = nobody();
        let socket = UdpSocket::bind(anywhere()).unwrap();
        socket.connect(address).unwrap();
        socket.send(b"is anybody there?").await.unwrap();
        let error = socket.recv(&mut [0; 8]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        let there = std::net::UdpSocket::bind(address).unwrap();
        socket.send(b"and now?").await.unwrap();
        let mut heard = [0; 32];
        let (length, from) = there.recv_from(&mut heard).unwrap();
        assert_eq!(&heard[..length], b"and now?");
        there.send_to(b"yes", from).unwrap();
        assert_eq!(socket.recv(&mut heard).await.unwrap(), 3);
    });
}

/// Whoever serves many is not disturbed by one of them who is gone.
#[test]
fn one_that_is_gone_does_not_disturb_a_socket_for_many() {
    real(|| async {
        let socket = UdpSocket::bind(anywhere()).unwrap();
        for _ in 0..3 {
            socket.send_to(b"?", nobody()).await.unwrap();
        }
        let other = std::net::UdpSocket::bind(anywhere()).unwrap();
        other
            .send_to(b"hello", socket.local_addr().unwrap())
            .unwrap();
        let (length, from) = socket.recv_from(&mut [0; 8]).await.unwrap();
        assert_eq!((length, from), (5, other.local_addr().unwrap()));
    });
}

/// One datagram is one event, and a read that takes less than there is room for says nothing about the next.
#[test]
fn each_datagram_is_read_whatever_its_length() {
    real(|| async {
        let socket = UdpSocket::bind(anywhere()).unwrap();
        let other = std::net::UdpSocket::bind(anywhere()).unwrap();
        let address = socket.local_addr().unwrap();
        let lengths = [0, 0, 5, 0, 1, 0, 1000, 0];
        for length in lengths {
            other.send_to(&vec![7; length], address).unwrap();
        }
        let mut buffer = [0; 2000];
        for length in lengths {
            assert_eq!(socket.recv_from(&mut buffer).await.unwrap().0, length);
        }
        // Again, with the one that waits first: an empty one wakes it.
        let waits = spawn(async move { (socket.recv_from(&mut [0; 8]).await, socket) });
        polling::yield_now().await;
        other.send_to(&[], address).unwrap();
        other.send_to(b"x", address).unwrap();
        let (first, socket) = waits.await.unwrap();
        assert_eq!(first.unwrap().0, 0);
        assert_eq!(socket.recv_from(&mut [0; 8]).await.unwrap().0, 1);
    });
}

/// What is too long for a datagram is refused; what is too long for the buffer is cut, and the next one is whole.
#[test]
fn too_long_is_an_error_to_send_and_a_cut_to_receive() {
    real(|| async {
        let socket = UdpSocket::bind(anywhere()).unwrap();
        let address = socket.local_addr().unwrap();
        assert!(socket.send_to(&[0; 70_000], address).await.is_err());
        socket.send_to(b"longer than that", address).await.unwrap();
        socket.send_to(b"next", address).await.unwrap();
        let mut buffer = [0; 6];
        assert_eq!(socket.peek_from(&mut buffer).await.unwrap().0, 6);
        match socket.recv_from(&mut buffer).await {
            Ok((length, _)) => assert_eq!(&buffer[..length], b"longer"),
            // As Windows does.
            Err(_) if cfg!(windows) => {}
            Err(error) => panic!("{error}"),
        }
        let (length, _) = socket.recv_from(&mut buffer).await.unwrap();
        assert_eq!(&buffer[..length], b"next");
    });
}

/// Two tasks wait at one socket, two datagrams come: perhaps with one event.
#[test]
fn two_datagrams_wake_two_who_wait() {
    real(|| async {
        let socket = std::rc::Rc::new(UdpSocket::bind(anywhere()).unwrap());
        let other = std::net::UdpSocket::bind(anywhere()).unwrap();
        let waits = [0, 1].map(|_| {
            let socket = std::rc::Rc::clone(&socket);
            spawn(async move { socket.recv_from(&mut [0; 8]).await.unwrap().0 })
        });
        polling::yield_now().await;
        for length in [1, 2] {
            let address = socket.local_addr().unwrap();
            other.send_to(&[0, 0][..length], address).unwrap();
        }
        for (wait, length) in waits.into_iter().zip([1, 2]) {
            assert_eq!(
                wait.await.unwrap(),
                length,
                "in the order in which they came"
            );
        }
    });
}

/// A receive that is given up, also after it was woken, loses no datagram.
#[test]
fn a_receive_that_is_given_up_loses_nothing() {
    real(|| async {
        let socket = UdpSocket::bind(anywhere()).unwrap();
        let other = std::net::UdpSocket::bind(anywhere()).unwrap();
        for length in 0..5 {
            {
                let mut buffer = [0; 8];
                let mut receive = pin!(socket.recv_from(&mut buffer));
                assert!(polled(receive.as_mut()).is_pending());
                let address = socket.local_addr().unwrap();
                other.send_to(&[0; 8][..length], address).unwrap();
                for _ in 0..3 {
                    polling::yield_now().await;
                }
            }
            assert_eq!(socket.recv_from(&mut [0; 8]).await.unwrap().0, length);
        }
    });
}
