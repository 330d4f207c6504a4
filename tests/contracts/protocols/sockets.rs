//! Over TCP: connections and servers.

use std::io::{ErrorKind, Read, Write};
use std::net::Shutdown;
use std::time::Duration;

use event_loop::Clock;
use protocols::{Protocol, Transport, create_connection, create_server};
use task_cell::{promise, tasks};
use timers::{sleep, timeout};
use workbook_tests::nobody::Nobody;

use crate::{Log, Scripted, anywhere, turns};

#[track_caller]
fn run<F: Future>(future: F) -> F::Output {
    net::run(Clock::virtual_time(), future).unwrap()
}

/// On the wall clock, for a limited time.
fn real<F: Future>(future: F) -> F::Output {
    let limited = timeout(Duration::from_secs(60), future);
    net::run(Clock::real(), limited).unwrap().expect("it ends")
}

/// A server whose protocols share a log.
fn server(log: &Log, protocol: fn(Scripted) -> Scripted) -> net::Server {
    let log = log.clone();
    create_server(anywhere(), move || protocol(Scripted::new(&log))).unwrap()
}

#[test]
fn a_connection_is_made_when_it_is_given() {
    run(async {
        let (here, there) = (Log::default(), Log::default());
        let server = server(&there, |it| {
            it.on("data", |transport| transport.write(b"here"))
                .keeps_open()
        });
        let address = server.local_addr();
        let made = create_connection(address, || Scripted::new(&here)).await;
        let (transport, task) = made.unwrap();
        assert_eq!(here.take(), ["made"]);
        assert_eq!(transport.peer_addr(), Some(address));
        transport.write(b"taxi");
        transport.write_eof();
        sleep(Duration::from_secs(1)).await;
        assert_eq!(here.take(), ["data here"]);
        assert_eq!(there.take(), ["made", "data taxi", "eof"]);
        transport.close();
        task.await.unwrap();
        assert_eq!(here.take(), ["lost"]);
    });
}

#[test]
fn nobody_there_is_an_error_and_makes_no_protocol() {
    run(async {
        let nobody = Nobody::new();
        let factory = || -> Scripted { panic!("nobody is connected") };
        let refused = create_connection(nobody.address(), factory).await;
        assert_eq!(refused.err().unwrap().kind(), ErrorKind::ConnectionRefused);
    });
}

#[test]
fn a_reset_is_told_as_what_it_is() {
    let log = Log::default();
    real(async {
        let server = server(&log, |it| it);
        let outside = std::net::TcpStream::connect(server.local_addr()).unwrap();
        let stream = socket2::Socket::from(outside);
        (&stream).write_all(b"taxi").unwrap();
        while log.0.borrow().len() < 2 {
            polling::yield_now().await;
        }
        // Unsent and unread data are dropped, and the other side hears of it at once.
        stream.set_linger(Some(Duration::ZERO)).unwrap();
        drop(stream);
        while log.0.borrow().len() < 3 {
            polling::yield_now().await;
        }
    });
    assert_eq!(log.take(), ["made", "data taxi", "lost: ConnectionReset"]);
}

#[test]
fn paused_reading_stops_the_peer() {
    real(async {
        let paused = promise();
        let told = paused.clone();
        let server = create_server(anywhere(), move || {
            let told = told.clone();
            Scripted::new(&Log::default()).on("made", move |transport| {
                transport.pause_reading();
                let _ = told.set(transport.clone());
            })
        });
        let address = server.unwrap().local_addr();
        let mut outside = std::net::TcpStream::connect(address).unwrap();
        let paused = paused.await;
        outside.set_nonblocking(true).unwrap();
        let mut sent = 0;
        // The operating system's buffers are finite.
        while let Ok(more) = outside.write(&[0; 100_000]) {
            sent += more;
            assert!(sent < 1 << 30, "the peer never has to stop");
            turns().await;
        }
        paused.resume_reading();
        let mut later = 0;
        while later <= sent {
            match outside.write(&[0; 100_000]) {
                Ok(more) => later += more,
                Err(_) => polling::yield_now().await,
            }
        }
    });
}

/// All that was written comes, and then the end.
#[test]
fn close_sends_all_of_it() {
    real(async {
        let server = create_server(anywhere(), || {
            Scripted::new(&Log::default()).on("made", |transport| {
                transport.write(&vec![b'x'; 5_000_000]);
                transport.close();
            })
        });
        let address = server.unwrap().local_addr();
        let reader = std::thread::spawn(move || {
            let mut outside = std::net::TcpStream::connect(address).unwrap();
            outside.shutdown(Shutdown::Write).unwrap();
            outside.read_to_end(&mut Vec::new()).unwrap()
        });
        while !reader.is_finished() {
            sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(reader.join().unwrap(), 5_000_000);
    });
}

#[test]
fn its_tasks_have_names_and_say_what_they_wait_for() {
    run(async {
        let server = server(&Log::default(), |it| it);
        let address = server.local_addr();
        let log = Log::default();
        let made = create_connection(address, || Scripted::new(&log)).await;
        turns().await;
        sleep(Duration::from_secs(1)).await;
        let all = tasks();
        let waits: Vec<String> = all.iter().skip(1).map(ToString::to_string).collect();
        for (task, name) in waits.iter().zip(["server", "connection", "connection"]) {
            assert!(task.starts_with(name), "{waits:?}");
            assert!(task.contains(" in sockets.rs"), "{waits:?}");
        }
        assert_eq!(waits.len(), 3, "{waits:?}");
        // Cancelling such a task ends the connection, and the other end hears it.
        assert!(made.unwrap().1.cancel());
        sleep(Duration::from_secs(1)).await;
        assert_eq!(tasks().len(), 2);
    });
}

/// Two that never stop, over sockets, and one that ticks.
#[test]
fn busy_connections_leave_time_for_others() {
    #[derive(Default)]
    struct PingPong(Option<Transport>, usize);
    impl Protocol for PingPong {
        fn connection_made(&mut self, transport: Transport) {
            transport.write(&[0; 50_000]);
            self.0 = Some(transport);
        }
        fn data_received(&mut self, data: &[u8]) {
            self.1 += data.len();
            self.0.as_ref().unwrap().write(data);
        }
    }
    real(async {
        let server = create_server(anywhere(), PingPong::default).unwrap();
        let address = server.local_addr();
        let (_transport, task) =
            create_connection(address, PingPong::default).await.unwrap();
        for _ in 0..50 {
            polling::yield_now().await;
            sleep(Duration::from_millis(1)).await;
        }
        assert!(!task.is_finished());
    });
}

#[test]
fn a_server_that_is_shut_down_lets_its_connections_end_and_cuts_the_rest() {
    let (there, here) = (Log::default(), Log::default());
    run(async {
        let server = server(&there, |it| it);
        let connect = || create_connection(server.local_addr(), || Scripted::new(&here));
        let ((quick, _), (_slow, _)) =
            (connect().await.unwrap(), connect().await.unwrap());
        polling::yield_now().await;
        timers::call_later(Duration::from_secs(1), move || quick.close());
        assert_eq!(server.shutdown(Duration::from_secs(10)).await, 1);
        assert_eq!(timers::now(), event_loop::Time::from_secs(10));
        server.wait_closed().await.unwrap();
        assert!(connect().await.is_err());
        sleep(Duration::from_secs(1)).await;
    });
    let lost = "lost: the task of the connection was cancelled";
    assert_eq!(there.take(), ["made", "made", "eof", "lost", lost]);
    assert_eq!(here.take(), ["made", "made", "lost", "eof", "lost"]);
}

/// It is the server's code, and not a connection's: nobody is called.
#[test]
fn a_factory_that_panics_loses_its_connection_alone() {
    let reports = Log::default();
    let heard = reports.clone();
    let hook = move |report: &wakers::PanicReport<'_>| heard.note(report.to_string());
    let _hook = wakers::set_panic_hook(std::rc::Rc::new(hook));
    let log = Log::default();
    run(async {
        let mut first = true;
        let made = log.clone();
        let server = create_server(anywhere(), move || {
            assert!(!std::mem::take(&mut first), "no fuel");
            Scripted::new(&made)
        });
        let address = server.unwrap().local_addr();
        for _ in 0..2 {
            let (_, task) = create_connection(address, || Scripted::new(&Log::default()))
                .await
                .unwrap();
            sleep(Duration::from_secs(1)).await;
            drop(task);
        }
    });
    assert_eq!(log.take()[0], "made");
    assert_eq!(reports.take(), ["a handler panicked: no fuel"]);
}
