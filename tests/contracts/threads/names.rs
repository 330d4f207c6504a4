//! Connecting by name, and the race of several addresses.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use event_loop::Time;
use net::TcpListener;
use timers::now;
use workbook_tests::harness::watchdog;
use workbook_tests::nobody::Nobody;

use crate::common::run;

fn anywhere() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

#[test]
fn a_name_is_looked_up_and_connected_to() {
    let _watchdog = watchdog();
    run(async {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let name = format!("localhost:{}", listener.local_addr().unwrap().port());
        let found = threads::lookup(&name).await.unwrap();
        assert!(found.contains(&listener.local_addr().unwrap()), "{found:?}");
        let stream = threads::connect(&name).await.unwrap();
        assert_eq!(stream.peer_addr().unwrap(), listener.local_addr().unwrap());
    });
}

#[test]
fn a_name_that_is_none_is_an_error() {
    let _watchdog = watchdog();
    run(async {
        for name in ["no port", "localhost:", "localhost:port", ":80:", "a\0b:80"] {
            assert!(threads::lookup(name).await.is_err(), "{name:?}");
            assert!(threads::connect(name).await.is_err(), "{name:?}");
        }
    });
}

#[test]
fn one_that_refuses_gives_way_at_once() {
    let _watchdog = watchdog();
    run(async {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let open = listener.local_addr().unwrap();
        let (one, other) = (Nobody::new(), Nobody::new());
        let addresses = [one.address(), other.address(), open];
        let stream = threads::connect_first(&addresses).await;
        assert_eq!(stream.unwrap().peer_addr().unwrap(), open);
        assert_eq!(now(), Time::ZERO);
    });
}

#[test]
fn the_first_is_taken_if_it_answers() {
    let _watchdog = watchdog();
    run(async {
        let (one, other) = (
            TcpListener::bind(anywhere()).unwrap(),
            TcpListener::bind(anywhere()).unwrap(),
        );
        let both = [one.local_addr().unwrap(), other.local_addr().unwrap()];
        let stream = threads::connect_first(&both).await.unwrap();
        assert_eq!(stream.peer_addr().unwrap(), both[0]);
        // The other one was never tried.
        let short = Duration::from_secs(1);
        assert!(timers::timeout(short, other.accept()).await.is_err());
    });
}

#[test]
fn if_nobody_answers_the_error_has_them_all() {
    let _watchdog = watchdog();
    run(async {
        let (bound, beside) = (Nobody::new(), Nobody::new());
        let (one, other) = (bound.address(), beside.address());
        let error = threads::connect_first(&[one, other]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        let text = error.to_string();
        assert!(text.contains(&format!("{one}: ")), "{text}");
        assert!(text.contains(&format!("{other}: ")), "{text}");
        let error = threads::connect_first(&[]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    });
}

/// The families take turns, the first one's first. What fails at once is told in the order in which it was tried.
#[test]
fn the_families_take_turns() {
    let _watchdog = watchdog();
    run(async {
        let all = [Ipv4Addr::LOCALHOST; 2].map(|here| Nobody::at((here, 0).into()));
        let fours = all.each_ref().map(|it| it.as_ref().unwrap().address());
        // Where there is no such family, the address is none, and that is told.
        let here = |port| SocketAddr::from((Ipv6Addr::LOCALHOST, port));
        let bound = [0; 3].map(|any| Nobody::at(here(any)).ok());
        let six = |index: usize| match &bound[index] {
            Some(nobody) => nobody.address(),
            None => here(1 + index as u16),
        };
        let mixed = [six(0), six(1), six(2), fours[0], fours[1]];
        let error = threads::connect_first(&mixed)
            .await
            .unwrap_err()
            .to_string();
        let turns = [six(0), fours[0], six(1), fours[1], six(2)];
        let places = turns.map(|it| error.find(&format!("{it}: ")).unwrap());
        assert!(places.is_sorted(), "{error}");
    });
}

/// A listener whose queue is full: whoever calls there hears nothing.
#[cfg(target_os = "linux")]
mod silent {
    use super::*;

    struct Silent {
        _listener: net::TcpListener,
        _fills: net::TcpStream,
        address: SocketAddr,
    }

    async fn silent() -> Silent {
        let socket = net::TcpSocket::new_v4().unwrap();
        socket.bind(anywhere()).unwrap();
        let listener = socket.listen(0).unwrap();
        let address = listener.local_addr().unwrap();
        Silent {
            _fills: net::TcpStream::connect(address).await.unwrap(),
            _listener: listener,
            address,
        }
    }

    #[test]
    fn the_second_is_tried_beside_it_after_a_quarter_of_a_second() {
        let _watchdog = watchdog();
        run(async {
            let (one, other) = (silent().await, silent().await);
            let listener = TcpListener::bind(anywhere()).unwrap();
            let open = listener.local_addr().unwrap();
            let stream =
                threads::connect_first(&[one.address, other.address, open]).await;
            assert_eq!(stream.unwrap().peer_addr().unwrap(), open);
            assert_eq!(now(), Time::from_nanos(500_000_000));
        });
    }

    #[test]
    fn one_that_fails_gives_its_time_to_the_next() {
        let _watchdog = watchdog();
        run(async {
            let one = silent().await;
            let listener = TcpListener::bind(anywhere()).unwrap();
            let open = listener.local_addr().unwrap();
            let refuses = Nobody::new();
            let addresses = [one.address, refuses.address(), open];
            let stream = threads::connect_first(&addresses).await;
            assert_eq!(stream.unwrap().peer_addr().unwrap(), open);
            assert_eq!(now(), Time::from_nanos(250_000_000));
        });
    }

    #[test]
    fn a_limit_ends_all_attempts() {
        let _watchdog = watchdog();
        run(async {
            let (one, other) = (silent().await, silent().await);
            let addresses = [one.address, other.address];
            let limit = Duration::from_secs(1);
            let connecting = threads::connect_first(&addresses);
            assert!(timers::timeout(limit, connecting).await.is_err());
            assert_eq!(now(), Time::from_secs(1));
        });
    }
}
