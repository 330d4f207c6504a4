//! A server: a task that accepts, and one for each connection.

use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;
use std::time::Duration;

use event_loop::Time;
use net::{
    Server, StreamReader, StreamWriter, TcpListener, TcpStream, open_connection, serve,
    start_server,
};
use task_cell::{catch_cancel, tasks};
use timers::{now, sleep, timeout};

use super::{HOUR, anywhere, pattern, read_to_end, virtually};

fn listener() -> TcpListener {
    TcpListener::bind(anywhere()).unwrap()
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

async fn echo(mut reader: StreamReader, writer: StreamWriter) -> io::Result<()> {
    while let Some(line) = reader.read_line().await? {
        sleep(seconds(1)).await;
        writer.write(format!("{line}\n").as_bytes());
        writer.drain().await?;
    }
    Ok(())
}

#[test]
fn many_are_served_at_once() {
    virtually(|| async {
        let server = start_server(listener(), echo).unwrap();
        let mut clients = Vec::new();
        for number in 0..100 {
            let (mut reader, writer) =
                open_connection(server.local_addr()).await.unwrap();
            writer.write(format!("{number}\n").as_bytes());
            clients.push(async move {
                let line = reader.read_line().await.unwrap();
                (line.unwrap(), writer)
            });
        }
        for (number, client) in clients.into_iter().enumerate() {
            assert_eq!(client.await.0, number.to_string());
        }
        assert_eq!(now(), Time::from_secs(1));
        assert_eq!(server.connections(), 100);
        let names: Vec<_> = tasks().into_iter().map(|it| it.name).collect();
        assert_eq!(names[1..4], ["server", "connection-1", "connection-2"]);
    });
}

#[test]
fn a_panic_ends_its_connection_alone() {
    virtually(|| async {
        let count = Cell::new(0);
        let server = serve(listener(), move |stream: TcpStream| {
            count.set(count.get() + 1);
            assert!(count.get() != 1, "in the handler itself");
            let second = count.get() == 2;
            async move {
                assert!(!second, "in what it returns");
                stream.write_all(b"served").await
            }
        });
        let server = server.unwrap();
        for wanted in [0, 0, 6, 6] {
            let stream = TcpStream::connect(server.local_addr()).await.unwrap();
            assert_eq!(stream.read(&mut [0; 8]).await.unwrap_or(0), wanted);
        }
        assert_eq!(server.connections(), 0);
    });
}

#[test]
fn a_closed_server_accepts_nobody_and_ends_with_its_last_connection() {
    virtually(|| async {
        let server = start_server(listener(), echo).unwrap();
        let (mut reader, writer) = open_connection(server.local_addr()).await.unwrap();
        writer.write(b"one\n");
        assert!(timeout(seconds(3), server.wait_closed()).await.is_err());
        server.close();
        polling::yield_now().await;
        let refused = TcpStream::connect(server.local_addr()).await.unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
        // Whoever is connected goes on.
        assert_eq!(reader.read_line().await.unwrap().as_deref(), Some("one"));
        assert!(timeout(seconds(3), server.wait_closed()).await.is_err());
        drop(writer);
        server.wait_closed().await.unwrap();
        assert_eq!(server.connections(), 0);
        server.wait_closed().await.unwrap();
    });
}

#[test]
fn a_shutdown_lets_those_finish_who_can() {
    virtually(|| async {
        let cleaned = Rc::new(Cell::new(0));
        let noted = Rc::clone(&cleaned);
        let handler = move |stream: TcpStream| {
            let noted = Rc::clone(&noted);
            async move {
                let mut wait = [0];
                stream.read_exact(&mut wait).await.unwrap();
                let work = catch_cancel(sleep(seconds(wait[0].into()))).await;
                if work.is_err() {
                    // Cleaning up takes its time, and is waited for.
                    sleep(seconds(2)).await;
                    noted.set(noted.get() + 1);
                }
                stream.write_all(b"done").await.unwrap();
            }
        };
        let server = serve(listener(), handler).unwrap();
        let mut streams = Vec::new();
        for wait in [1, 5, 100, 200] {
            let stream = TcpStream::connect(server.local_addr()).await.unwrap();
            stream.write_all(&[wait]).await.unwrap();
            streams.push(stream);
        }
        // Whoever is still in the queue is not served.
        while server.connections() < 4 {
            polling::yield_now().await;
        }
        assert_eq!(server.shutdown(seconds(10)).await, 2);
        assert_eq!((now(), cleaned.get()), (Time::from_secs(12), 2));
        for stream in streams {
            assert_eq!(stream.read(&mut [0; 8]).await.unwrap(), 4);
        }
        // Nobody is left: at once.
        assert_eq!(server.shutdown(seconds(10)).await, 0);
        assert_eq!(now(), Time::from_secs(12));
    });
}

/// A handler that returns before its last bytes are sent has not said less for it.
#[test]
fn a_connection_is_over_when_its_last_byte_is_sent() {
    const MUCH: usize = 20_000_000;
    virtually(|| async {
        let server = start_server(
            listener(),
            async |_reader: StreamReader, writer: StreamWriter| {
                writer.write(&pattern(MUCH));
            },
        );
        let server = server.unwrap();
        let stream = TcpStream::connect(server.local_addr()).await.unwrap();
        sleep(seconds(60)).await;
        assert_eq!(server.connections(), 1);
        let read = super::read_to_end(&stream, 1 << 20).await.unwrap();
        assert!(read == pattern(MUCH));
        assert_eq!(server.shutdown(HOUR).await, 0);
        assert_eq!(now(), Time::from_secs(60));
    });
}

/// Whoever reads nothing would keep the socket for ever: what is cut off is not sent any more.
#[test]
fn a_shutdown_cuts_off_who_does_not_read() {
    const MUCH: usize = 20_000_000;
    // The one is cut off in its handler, the other when that has returned.
    for drains in [true, false] {
        virtually(move || async move {
            let handler = move |_reader: StreamReader, writer: StreamWriter| async move {
                writer.write(&pattern(MUCH));
                if drains {
                    writer.drain().await.unwrap();
                }
            };
            let server = start_server(listener(), handler).unwrap();
            let stream = TcpStream::connect(server.local_addr()).await.unwrap();
            sleep(seconds(1)).await;
            assert_eq!(server.shutdown(seconds(10)).await, 1);
            assert_eq!(now(), Time::from_secs(11));
            let read = super::read_to_end(&stream, 1 << 20).await.unwrap();
            assert!(read.len() < MUCH);
            assert!(read == pattern(MUCH)[..read.len()]);
            // Nobody sends any more.
            assert_eq!(tasks().len(), 1);
        });
    }
}

#[test]
fn a_server_goes_on_without_its_handle() {
    virtually(|| async {
        let server = start_server(listener(), echo).unwrap();
        let address = server.local_addr();
        drop(server);
        let (mut reader, writer) = open_connection(address).await.unwrap();
        writer.write(b"still there\n");
        let line = reader.read_line().await.unwrap();
        assert_eq!(line.as_deref(), Some("still there"));
    });
}

/// A handler may end its own server, and drop it. It cannot outlive the limit, since it is one of the connections.
#[test]
fn a_handler_that_shuts_its_own_server_down_is_cut_off() {
    virtually(|| async {
        let own: Rc<RefCell<Option<Server>>> = Rc::default();
        let taken = Rc::clone(&own);
        let server = serve(listener(), move |stream: TcpStream| {
            let server = taken.take();
            async move {
                if let Some(server) = server {
                    server.shutdown(seconds(5)).await;
                    stream.write_all(b"never").await.unwrap();
                }
            }
        });
        let address = server.as_ref().unwrap().local_addr();
        own.replace(server.ok());
        let caller = TcpStream::connect(address).await.unwrap();
        assert_eq!(read_to_end(&caller, 8).await.unwrap(), b"");
        assert_eq!(now(), Time::from_secs(5));
        assert!(TcpStream::connect(address).await.is_err());
    });
}
