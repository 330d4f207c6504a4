//! What may go wrong where connections are accepted.

use std::cell::Cell;
use std::fs::File;
use std::rc::Rc;

use net::TcpSocket;
use task_cell::spawn;
use timers::sleep;

use super::*;

/// All descriptors that there are, until nobody may open one more.
#[cfg(target_os = "linux")]
fn all_descriptors() -> Vec<File> {
    let files = std::iter::from_fn(|| File::open("/dev/null").ok());
    files.collect()
}

#[test]
#[cfg(target_os = "linux")]
fn a_listener_survives_that_no_descriptor_is_free() {
    alone("accept::no_descriptor_is_free_alone", &[]);
}

/// On the virtual clock, so that its pauses take no time and can be counted.
#[test]
#[ignore = "run in a process of its own by a_listener_survives_that_no_descriptor_is_free"]
#[cfg(target_os = "linux")]
fn no_descriptor_is_free_alone() {
    on(Clock::virtual_time(), || async {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let address = listener.local_addr().unwrap();
        let mut clients = Vec::new();
        for _ in 0..3 {
            clients.push(std::net::TcpStream::connect(address).unwrap());
        }
        let taken = all_descriptors();
        assert!(!taken.is_empty());
        // Ten seconds later they are given back. Meanwhile everybody else goes on.
        let ticks = Rc::new(Cell::new(0));
        let count = Rc::clone(&ticks);
        let gives_back = spawn(async move {
            for _ in 0..100 {
                sleep(Duration::from_millis(100)).await;
                count.set(count.get() + 1);
            }
            drop(taken);
        });
        let (first, polls) = counted(listener.accept()).await;
        let (first, from) = first.unwrap();
        assert_eq!(ticks.get(), 100, "it accepted without a descriptor");
        assert_eq!(from, clients[0].local_addr().unwrap());
        assert!(polls <= 110, "it was tried {polls} times in ten seconds");
        gives_back.await.unwrap();
        // Nobody was lost, and the service is what it was.
        for client in &clients[1..] {
            let (_, from) = listener.accept().await.unwrap();
            assert_eq!(from, client.local_addr().unwrap());
        }
        first.write_all(b"taxi").await.unwrap();
        let mut heard = [0; 4];
        io::Read::read_exact(&mut clients[0], &mut heard).unwrap();
        assert_eq!(&heard, b"taxi");
    });
}

/// A pause that is given up leaves the listener as it was.
#[test]
#[cfg(target_os = "linux")]
fn an_accept_is_given_up_while_no_descriptor_is_free() {
    alone("accept::given_up_in_a_pause_alone", &[]);
}

#[test]
#[ignore = "run in a process of its own by an_accept_is_given_up_while_no_descriptor_is_free"]
#[cfg(target_os = "linux")]
fn given_up_in_a_pause_alone() {
    on(Clock::virtual_time(), || async {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let client = std::net::TcpStream::connect(listener.local_addr().unwrap());
        let taken = all_descriptors();
        let long = Duration::from_millis(2500);
        assert!(timers::timeout(long, listener.accept()).await.is_err());
        drop(taken);
        let (_, from) = listener.accept().await.unwrap();
        assert_eq!(from, client.unwrap().local_addr().unwrap());
    });
}

/// Whoever comes, resets and is gone before it is accepted costs nobody anything.
#[test]
fn a_connection_that_is_gone_before_it_is_accepted_harms_nobody() {
    real(|| async {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let address = listener.local_addr().unwrap();
        for _ in 0..3 {
            let gone = std::net::TcpStream::connect(address).unwrap();
            reset(gone);
        }
        let stays = std::net::TcpStream::connect(address).unwrap();
        // Some systems tell of those who are gone, as connections that are broken; others do not.
        loop {
            let (stream, from) = listener.accept().await.unwrap();
            if from == stays.local_addr().unwrap() {
                stream.write_all(b"here").await.unwrap();
                break;
            }
            assert!(stream.read(&mut [0]).await.is_err());
        }
    });
}

/// However many wait to be accepted, others get their turns, and the clock is looked at.
#[test]
fn a_flood_of_connections_starves_nobody() {
    const FLOOD: usize = 900;
    real(|| async {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(anywhere()).unwrap();
        let listener = socket.listen(1024).unwrap();
        let address = listener.local_addr().unwrap();
        let flood = thread::spawn(move || {
            let clients = (0..FLOOD).map(|_| std::net::TcpStream::connect(address));
            clients.collect::<io::Result<Vec<_>>>().unwrap()
        });
        // All of them wait before the first is accepted.
        let flood = flood.join().unwrap();
        let accepted = Rc::new(Cell::new(0));
        let count = Rc::clone(&accepted);
        let server = spawn(async move {
            let mut streams = Vec::new();
            while streams.len() < FLOOD {
                streams.push(listener.accept().await.unwrap());
                count.set(streams.len());
            }
            streams
        });
        let watch = Rc::clone(&accepted);
        let others = spawn(async move {
            let (mut turns, mut most, mut before) = (0, 0, watch.get());
            while watch.get() < FLOOD {
                polling::yield_now().await;
                most = most.max(watch.get() - before);
                before = watch.get();
                turns += 1;
            }
            (turns, most)
        });
        // It is due from the start, and fires in the midst of them.
        sleep(Duration::ZERO).await;
        assert!(accepted.get() < FLOOD, "the timer came after all of them");
        let (turns, most) = others.await.unwrap();
        assert!(
            most <= 128 && turns >= FLOOD / 128,
            "{most} in a turn of {turns}"
        );
        assert_eq!(server.await.unwrap().len(), flood.len());
    });
}
