//! One address, all cores.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use cores::{Cores, Service};
use workbook_tests::harness::watchdog;

const LIMIT: Duration = Duration::from_secs(60);

fn anywhere() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

/// Tells each caller which core it is, then goes on until the caller has ended.
fn names(cores: &Cores) -> Service {
    let service = cores.serve(anywhere(), |stream| async move {
        let name = thread::current().name().unwrap_or_default().to_string();
        stream.write_all(name.as_bytes()).await?;
        stream.read(&mut [0; 1]).await
    });
    service.unwrap()
}

/// A connection, and the core that it has.
fn call(address: SocketAddr) -> (TcpStream, String) {
    let mut line = TcpStream::connect(address).unwrap();
    let mut name = [0; 6];
    line.read_exact(&mut name).unwrap();
    (line, String::from_utf8(name.to_vec()).unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn every_core_gets_connections() {
    let cores = Cores::new(2).unwrap();
    let service = names(&cores);
    // The system chooses by a hash of the addresses: that one core gets none of 64 happens once in 2 to the 63.
    let calls: Vec<_> = (0..64).map(|_| call(service.local_addr())).collect();
    let seen: BTreeSet<&str> = calls.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(seen, BTreeSet::from(["core-0", "core-1"]));
    drop(calls);
    assert_eq!(wakers::block_on(service.shutdown(LIMIT)).unwrap(), 0);
}

#[test]
fn whoever_has_not_ended_by_the_limit_is_cut_off() {
    let cores = Cores::new(2).unwrap();
    let (tell, ended) = mpsc::channel();
    let service = cores.serve(anywhere(), move |stream| {
        let tell = tell.clone();
        async move {
            stream.write_all(b"core-?").await?;
            let end = stream.read(&mut [0; 1]).await;
            tell.send(()).unwrap();
            end
        }
    });
    let service = service.unwrap();
    let address = service.local_addr();
    let mut calls: Vec<_> = (0..8).map(|_| call(address)).collect();
    // Three have ended before the limit begins. The others never would.
    calls.truncate(5);
    assert_eq!(ended.iter().take(3).count(), 3);
    let cut_off = wakers::block_on(service.shutdown(Duration::from_millis(20))).unwrap();
    assert_eq!(cut_off, 5);
    for (mut line, _) in calls {
        // An end, or a reset: cut off in any case.
        assert!(matches!(line.read(&mut [0; 1]), Ok(0) | Err(_)));
    }
    assert!(
        TcpStream::connect(address).is_err(),
        "nobody listens any more"
    );
}

#[test]
fn whoever_is_under_way_has_until_the_limit() {
    let _watchdog = watchdog();
    let cores = Cores::new(1).unwrap();
    let service = names(&cores);
    let address = service.local_addr();
    let (line, _) = call(address);
    let ends = thread::spawn(move || wakers::block_on(service.shutdown(LIMIT)));
    while TcpStream::connect(address).is_ok() {
        thread::yield_now();
    }
    // It has begun to end, and waits for this one.
    drop(line);
    assert_eq!(ends.join().unwrap().unwrap(), 0);
}

#[test]
fn a_panic_of_a_handler_ends_one_connection() {
    let cores = Cores::new(1).unwrap();
    let service = cores.serve(anywhere(), |stream| async move {
        let mut word = [0; 1];
        stream.read(&mut word).await?;
        assert_ne!(&word, b"!", "no fuel");
        stream.write_all(&word).await
    });
    let service = service.unwrap();
    let call = |word: &[u8]| -> io::Result<usize> {
        let mut line = TcpStream::connect(service.local_addr())?;
        line.write_all(word)?;
        line.read(&mut [0; 1])
    };
    assert!(matches!(call(b"!"), Ok(0) | Err(_)));
    assert_eq!(call(b"?").unwrap(), 1);
    wakers::block_on(service.shutdown(LIMIT)).unwrap();
}

#[test]
fn an_address_that_is_taken_is_refused_at_once() {
    let cores = Cores::new(2).unwrap();
    let taken = std::net::TcpListener::bind(anywhere()).unwrap();
    let error = cores
        .serve(taken.local_addr().unwrap(), |_| async {})
        .unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
}

/// The side that ends first remembers a connection for a while.
#[test]
fn where_connections_of_an_earlier_server_fade_away_one_may_listen() {
    let before = std::net::TcpListener::bind(anywhere()).unwrap();
    let address = before.local_addr().unwrap();
    let mut caller = TcpStream::connect(address).unwrap();
    drop(before.accept().unwrap());
    assert_eq!(caller.read(&mut [0; 1]).unwrap(), 0);
    drop((caller, before));
    let cores = Cores::new(2).unwrap();
    let service = cores.serve(address, |_| async {}).unwrap();
    assert_eq!(service.local_addr(), address);
    wakers::block_on(service.shutdown(LIMIT)).unwrap();
}

#[test]
fn two_services_side_by_side() {
    let cores = Cores::new(2).unwrap();
    let (one, two) = (names(&cores), names(&cores));
    assert_ne!(one.local_addr(), two.local_addr());
    drop((call(one.local_addr()), call(two.local_addr())));
    wakers::block_on(one.shutdown(LIMIT)).unwrap();
    drop(call(two.local_addr()));
    wakers::block_on(two.shutdown(LIMIT)).unwrap();
}

#[test]
fn a_service_whose_cores_have_ended_has_ended() {
    let cores = Cores::new(1).unwrap();
    let service = names(&cores);
    drop(cores);
    let ended = wakers::block_on(service.shutdown(LIMIT));
    assert_eq!(ended.unwrap(), 0);
}

#[test]
fn it_may_be_ended_from_a_loop() {
    let cores = Cores::new(2).unwrap();
    let service = names(&cores);
    let ended = net::run(event_loop::Clock::real(), async {
        service.shutdown(LIMIT).await
    });
    assert_eq!(ended.unwrap().unwrap(), 0);
}
