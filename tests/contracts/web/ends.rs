//! How connections, handlers and servers end.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use taxi::net::TcpStream;
use taxi::spawn;
use taxi::stream::stream;
use taxi::time::{now, sleep};
use web::client::Client;
use web::{App, Bytes, Event, Limits, Request, Response};

use crate::{ask, body, read, serve, status, virtually, within};

const SECOND: Duration = Duration::from_secs(1);

/// Tells that it was dropped, and when.
struct Drops(Rc<Cell<Option<u64>>>);

impl Drop for Drops {
    fn drop(&mut self) {
        self.0.set(Some(now().as_secs()));
    }
}

#[test]
fn a_client_that_leaves_takes_its_handler_along() {
    virtually(|| async {
        let dropped = Rc::new(Cell::new(None));
        let told = Rc::clone(&dropped);
        let app = App::new().get("/", async move |_: Request| {
            let _drops = Drops(Rc::clone(&told));
            sleep(100 * SECOND).await;
            "too late"
        });
        let server = serve(app);
        let stream = TcpStream::connect(server.local_addr()).await.unwrap();
        stream
            .write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            .await
            .unwrap();
        sleep(5 * SECOND).await;
        assert_eq!((dropped.get(), server.connections()), (None, 1));
        drop(stream);
        sleep(SECOND).await;
        assert_eq!((dropped.get(), server.connections()), (Some(5), 0));
    });
}

#[test]
fn who_stops_listening_to_events_ends_them() {
    virtually(|| async {
        let dropped = Rc::new(Cell::new(None));
        let told = Rc::clone(&dropped);
        let app = App::new().get("/", async move |_: Request| {
            let drops = Drops(Rc::clone(&told));
            Response::events(stream(async |mut yields| {
                let _drops = drops;
                loop {
                    yields.send(Event::new("tick")).await;
                    sleep(SECOND).await;
                }
            }))
        });
        let server = serve(app);
        let url = format!("http://{}/", server.local_addr());
        let mut events = Client::new().get(&url).await.unwrap();
        for _ in 0..3 {
            assert_eq!(events.chunk().await.unwrap().unwrap(), "data: tick\n\n");
        }
        assert_eq!(now().as_secs(), 2);
        drop(events);
        sleep(2 * SECOND).await;
        assert_eq!((dropped.get(), server.connections()), (Some(2), 0));
    });
}

#[test]
fn a_panic_is_500_and_the_connection_goes_on() {
    virtually(|| async {
        let app = App::new()
            .get("/panic", async |_: Request| -> &str {
                panic!("of a handler")
            })
            .get("/", async |_: Request| "fine")
            .on_error(|_, _| ());
        let server = serve(app);
        let client = Client::new();
        let url = format!("http://{}", server.local_addr());
        for _ in 0..3 {
            let response = client.get(&format!("{url}/panic")).await.unwrap();
            assert_eq!(response.status(), 500);
            assert_eq!(response.text().await.unwrap(), "internal server error\n");
            let response = client.get(&url).await.unwrap();
            assert_eq!(response.text().await.unwrap(), "fine");
        }
        assert_eq!(server.connections(), 1);
    });
}

#[test]
fn a_shutdown_answers_what_is_under_way_and_cuts_off_what_takes_too_long() {
    virtually(|| async {
        let app = App::new().get("/{seconds}", async |it: Request| {
            sleep(it.param::<u32>("seconds").unwrap() * SECOND).await;
            "done"
        });
        let server = Rc::new(serve(app));
        let idle = TcpStream::connect(server.local_addr()).await.unwrap();
        let tasks = [0, 5, 60, 90].map(|seconds| {
            let server = Rc::clone(&server);
            spawn(async move { ask(&server, &format!("GET /{seconds}"), "").await })
        });
        sleep(SECOND).await;
        assert_eq!(server.shutdown(10 * SECOND).await, 2);
        assert_eq!(now().as_secs(), 11);
        let mut answers = Vec::new();
        for task in tasks {
            answers.push(task.await.unwrap());
        }
        let bodies: Vec<&str> = answers[..2].iter().map(|it| body(it)).collect();
        assert_eq!(bodies, ["done", "done"]);
        assert_eq!(answers[2..], ["", ""]);
        assert_eq!(read(&idle).await, "");
        let refused = TcpStream::connect(server.local_addr()).await.unwrap_err();
        assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
        server.wait_closed().await;
        // And again, which changes nothing.
        assert_eq!(server.shutdown(SECOND).await, 0);
    });
}

/// Such as a browser's, which is kept for the next request: nobody waits for it.
#[test]
fn a_shutdown_does_not_wait_for_a_connection_that_is_only_kept() {
    virtually(|| async {
        let server = serve(App::new().get("/", async |_: Request| "done"));
        let (client, url) = (Client::new(), format!("http://{}/", server.local_addr()));
        let answer = client.get(&url).await.unwrap();
        assert_eq!(answer.text().await.unwrap(), "done");
        assert_eq!(server.shutdown(60 * SECOND).await, 0);
        assert_eq!(now().as_secs(), 0);
    });
}

#[test]
fn an_answer_that_nobody_reads_is_cut_and_one_that_is_read_slowly_is_not() {
    virtually(|| async {
        const LONG: usize = 64 << 20;
        let app = App::new().get("/", async |_: Request| "a".repeat(LONG));
        let server = serve(app);
        let request = b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        let deaf = TcpStream::connect(server.local_addr()).await.unwrap();
        deaf.write_all(request).await.unwrap();
        let slow = TcpStream::connect(server.local_addr()).await.unwrap();
        // What it does not read is not to be kept for it.
        slow.options().set_recv_buffer_size(64 * 1024).unwrap();
        slow.write_all(request).await.unwrap();
        let (mut all, mut buffer) = (0, vec![0; 4 << 20]);
        loop {
            // Every eight seconds more than the operating system keeps.
            let mut some = 0;
            while some < buffer.len() {
                match slow.read(&mut buffer[some..]).await.unwrap() {
                    0 => break,
                    length => some += length,
                }
            }
            all += some;
            if some < buffer.len() {
                break;
            }
            sleep(8 * SECOND).await;
            let open = if now().as_secs() > 12 { 1 } else { 2 };
            assert!(server.connections() <= open, "at {} s", now().as_secs());
        }
        assert!(all > LONG, "{all}");
        assert!(read(&deaf).await.len() < LONG);
    });
}

#[test]
fn a_connection_more_than_there_is_room_for_waits_until_one_ends() {
    virtually(|| async {
        let app = App::new().get("/", async |_: Request| {
            sleep(3 * SECOND).await;
            now().as_secs().to_string()
        });
        let limits = Limits {
            connections: 2,
            ..Limits::default()
        };
        let server = Rc::new(within(limits, app));
        let tasks = [(); 5].map(|()| {
            let server = Rc::clone(&server);
            spawn(async move { ask(&server, "GET /", "").await })
        });
        let mut times = Vec::new();
        for task in tasks {
            let answer = task.await.unwrap();
            assert_eq!(status(&answer), 200);
            assert!(server.connections() <= 2);
            times.push(body(&answer).to_string());
        }
        times.sort();
        assert_eq!(times, ["3", "3", "6", "6", "9"]);
    });
}

#[test]
fn a_stream_that_fails_cuts_the_answer() {
    virtually(|| async {
        let app = App::new().get("/", async |_: Request| {
            Response::stream(
                "text/plain",
                stream(async |mut yields| {
                    yields.send(Ok(Bytes::from("half"))).await;
                    sleep(SECOND).await;
                    let why = std::io::Error::other("the driver has left");
                    yields.send(Err(why)).await;
                }),
            )
        });
        let server = serve(app);
        let url = format!("http://{}/", server.local_addr());
        let response = Client::new().get(&url).await.unwrap();
        assert_eq!(response.status(), 200);
        assert!(response.text().await.is_err());
    });
}
