//! The client: connections that are kept, and servers that do not do what they should.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use taxi::net::{TcpListener, TcpStream, serve as listen};
use taxi::protocols::tls::{self, connector};
use taxi::time::{now, sleep};
use taxi::{gather, join, yield_now};
#[cfg(target_os = "linux")]
use taxi::{net::TcpSocket, time::timeout};
use web::client::{Client, Kind};
use web::{App, Error, Limits, Request, Server, StatusCode};

use crate::{anywhere, ask, read, serve, status, virtually};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_connection_is_kept_for_the_next_request() {
    virtually(|| async {
        let app = App::new().post("/", async |mut it: Request| it.text().await);
        let server = serve(app);
        let (client, url) = (Client::new(), format!("http://{}", server.local_addr()));
        for number in 0..100 {
            let text = number.to_string().repeat(number);
            let response = client.post(&url, "text/plain", text.clone()).await.unwrap();
            assert_eq!(response.text().await.unwrap(), text);
            assert_eq!(server.connections(), 1);
        }
        // The server closes it; nobody notices.
        sleep(60 * SECOND).await;
        assert_eq!(server.connections(), 0);
        let response = client.post(&url, "text/plain", "again").await.unwrap();
        assert_eq!(response.text().await.unwrap(), "again");
    });
}

#[test]
fn one_that_was_not_read_to_its_end_is_not_kept() {
    virtually(|| async {
        let app = App::new().get("/", async |_: Request| "a".repeat(8 << 20));
        let server = serve(app);
        let (client, url) = (Client::new(), format!("http://{}", server.local_addr()));
        let mut response = client.get(&url).await.unwrap();
        assert!(response.chunk().await.unwrap().is_some());
        drop(response);
        let response = client.get(&url).await.unwrap();
        assert_eq!(response.bytes().await.unwrap().len(), 8 << 20);
        sleep(SECOND).await;
        assert_eq!(server.connections(), 1);
    });
}

#[test]
fn an_answer_that_is_still_being_read_keeps_its_connection_from_others() {
    virtually(|| async {
        let app = App::new().get("/", async |_: Request| "a".repeat(8 << 20));
        let server = serve(app);
        let (client, url) = (Client::new(), format!("http://{}", server.local_addr()));
        let first = client.get(&url).await.unwrap();
        let second = client.get(&url).await.unwrap();
        assert_eq!(server.connections(), 2);
        assert_eq!(second.bytes().await.unwrap().len(), 8 << 20);
        assert_eq!(first.bytes().await.unwrap().len(), 8 << 20);
        assert_eq!(now().as_secs(), 0);
        // Both are free again.
        for _ in 0..3 {
            let response = client.get(&url).await.unwrap();
            assert_eq!(response.bytes().await.unwrap().len(), 8 << 20);
        }
        assert_eq!(server.connections(), 2);
    });
}

#[test]
fn an_answer_without_a_body_leaves_its_connection_at_once() {
    virtually(|| async {
        let app = App::new().get("/", async |_: Request| StatusCode::NO_CONTENT);
        let server = serve(app);
        let (client, url) = (Client::new(), format!("http://{}", server.local_addr()));
        let mut answers = Vec::new();
        for _ in 0..10 {
            answers.push(client.get(&url).await.unwrap());
        }
        assert_eq!(server.connections(), 1);
    });
}

#[test]
fn of_many_connections_to_a_server_64_are_kept() {
    virtually(|| async {
        let app = App::new().get("/", async |_: Request| {
            sleep(SECOND).await;
            "a taxi"
        });
        let server = serve(app);
        let (client, url) = (Client::new(), format!("http://{}", server.local_addr()));
        let answers = (0..100).map(|_| {
            let answer = client.get(&url);
            async { answer.await.unwrap().text().await.unwrap() }
        });
        gather(answers).await.unwrap();
        sleep(SECOND).await;
        assert_eq!(server.connections(), 64);
    });
}

/// A server that answers one request on each connection, as if it would answer more, and puts the connection away.
fn once_each() -> (String, Rc<RefCell<Vec<TcpStream>>>) {
    let listener = TcpListener::bind(anywhere()).unwrap();
    let open = Rc::new(RefCell::new(Vec::new()));
    let kept = Rc::clone(&open);
    let server = listen(listener, move |stream: TcpStream| {
        let kept = Rc::clone(&kept);
        async move {
            let _asked = stream.read(&mut [0; 4096]).await;
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\na taxi";
            let _ = stream.write_all(answer).await;
            kept.borrow_mut().push(stream);
        }
    });
    (format!("http://{}/", server.unwrap().local_addr()), open)
}

#[test]
fn a_kept_connection_that_the_server_has_closed_is_not_used_again() {
    virtually(|| async {
        let (url, open) = once_each();
        let client = Client::new();
        for turns in 0..20 {
            // Two at a time, so that two are kept, and one is no better than the other.
            let (one, other) = join(client.get(&url), client.get(&url)).await;
            for answer in [one, other] {
                assert_eq!(answer.unwrap().text().await.unwrap(), "a taxi");
            }
            assert_eq!(open.take().len(), 2, "after {turns} turns");
            for _ in 0..turns {
                yield_now().await;
            }
        }
        assert_eq!(now().as_secs(), 0);
    });
}

#[test]
fn a_server_that_closes_each_connection_is_not_asked_for_ever() {
    virtually(|| async {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let accepted = Rc::new(Cell::new(0));
        let count = Rc::clone(&accepted);
        let server = listen(listener, move |stream: TcpStream| {
            count.set(count.get() + 1);
            async { drop(stream) }
        });
        let url = format!("http://{}/", server.unwrap().local_addr());
        let error = Client::new().get(&url).await.unwrap_err();
        assert_eq!((error.kind(), accepted.get()), (Kind::Http, 1), "{error}");
    });
}

/// A server that answers each connection with these bytes, and closes.
fn liar(bytes: &'static str) -> String {
    let listener = TcpListener::bind(anywhere()).unwrap();
    let server = listen(listener, async move |stream: TcpStream| {
        let _asked = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(bytes.as_bytes()).await;
    });
    format!("http://{}/", server.unwrap().local_addr())
}

#[test]
fn an_answer_that_is_none_is_an_error() {
    virtually(|| async {
        let client = Client::new().body_limit(100);
        let ok = "HTTP/1.1 200 OK\r\n";
        let chunked = format!("{ok}transfer-encoding: chunked\r\n\r\n");
        let ten = "a\r\n0123456789\r\n";
        let of = async |bytes: String| {
            let response = client.get(&liar(bytes.leak())).await?;
            response.text().await
        };
        for (bytes, kind) in [
            (String::new(), Kind::Http),
            ("what?\r\n\r\n".into(), Kind::Http),
            (format!("{ok}content-length: 9\r\n\r\nhalf"), Kind::Http),
            (format!("{ok}content-length: x\r\n\r\nhalf"), Kind::Http),
            (format!("{chunked}zz\r\n"), Kind::Http),
            (format!("{chunked}4\r\nhalf"), Kind::Http),
            (format!("{ok}content-length: 101\r\n\r\n"), Kind::TooLarge),
            (format!("{ok}\r\n{}", "a".repeat(101)), Kind::TooLarge),
            (
                format!("{chunked}{}1\r\na\r\n0\r\n\r\n", ten.repeat(10)),
                Kind::TooLarge,
            ),
            (
                format!("{ok}x: {}\r\n\r\n", "a".repeat(1 << 20)),
                Kind::Http,
            ),
        ] {
            let text = bytes.chars().take(60).collect::<String>();
            let error = of(bytes).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{text}: {error}");
        }
        // In one piece, which is not given out, either.
        let long = format!("{chunked}65\r\n{}\r\n0\r\n\r\n", "a".repeat(101));
        let mut response = client.get(&liar(long.leak())).await.unwrap();
        let error = response.chunk().await.unwrap_err();
        assert_eq!(error.kind(), Kind::TooLarge, "{error}");
        for (bytes, wanted) in [
            (format!("{ok}\r\nuntil the end"), "until the end".into()),
            // As many bytes as there may be.
            (
                format!("{ok}content-length: 100\r\n\r\n{}", "a".repeat(100)),
                "a".repeat(100),
            ),
            (
                format!("{chunked}{}0\r\n\r\n", ten.repeat(10)),
                "0123456789".repeat(10),
            ),
        ] {
            assert_eq!(of(bytes).await.unwrap(), wanted);
        }
    });
}

#[test]
fn what_takes_too_long_is_an_error() {
    virtually(|| async {
        let app = App::new()
            .get("/slow", async |_: Request| {
                sleep(60 * SECOND).await;
                "at last"
            })
            .get("/drip", async |_: Request| {
                web::Response::stream(
                    "text/plain",
                    taxi::stream::stream(async |mut yields| {
                        yields.send(Ok("drop".into())).await;
                        sleep(60 * SECOND).await;
                    }),
                )
            });
        let server = serve(app);
        let url = format!("http://{}", server.local_addr());
        let client = Client::new().patience(5 * SECOND);
        let error = client.get(&format!("{url}/slow")).await.unwrap_err();
        assert!(error.is_timeout());
        assert_eq!(now().as_secs(), 5);
        let response = client.get(&format!("{url}/drip")).await.unwrap();
        assert!(response.text().await.unwrap_err().is_timeout());
        assert_eq!(now().as_secs(), 10);
    });
}

/// A listener whose queue is full: whoever connects to it waits for an answer.
#[cfg(target_os = "linux")]
async fn overrun() -> (TcpListener, Vec<TcpStream>) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(anywhere()).unwrap();
    let listener = socket.listen(1).unwrap();
    let mut waiting = Vec::new();
    let address = listener.local_addr().unwrap();
    while let Ok(stream) = timeout(SECOND, TcpStream::connect(address)).await {
        waiting.push(stream.unwrap());
        assert!(waiting.len() < 100, "the queue has no end");
    }
    (listener, waiting)
}

#[cfg(target_os = "linux")]
#[test]
fn a_connection_that_takes_too_long_is_given_up() {
    virtually(|| async {
        let (listener, _waiting) = overrun().await;
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let client = Client::new()
            .connect_limit(5 * SECOND)
            .patience(100 * SECOND);
        let start = now();
        let error = client.get(&url).await.unwrap_err();
        assert_eq!(
            (now() - start, error.is_timeout()),
            (5 * SECOND, true),
            "{error}"
        );
    });
}

#[test]
fn a_server_that_does_not_answer_in_tls_is_given_up_as_too_slow() {
    virtually(|| async {
        let listener = TcpListener::bind(anywhere()).unwrap();
        let url = format!("https://{}/", listener.local_addr().unwrap());
        let client = Client::new().tls(connector([]).unwrap());
        let client = client.connect_limit(5 * SECOND).patience(100 * SECOND);
        let error = client.get(&url).await.unwrap_err();
        assert_eq!((now().as_secs(), error.is_timeout()), (5, true), "{error}");
    });
}

/// Whoever connects to a server of TLS and says nothing.
#[test]
fn a_client_that_does_not_begin_with_tls_is_given_up() {
    virtually(|| async {
        let made = rcgen::generate_simple_self_signed(["localhost".to_string()]).unwrap();
        let key = tls::key(made.signing_key.serialize_der());
        let acceptor = tls::acceptor(vec![made.cert.der().clone()], key).unwrap();
        let limits = Limits {
            header: 7 * SECOND,
            ..Limits::default()
        };
        let server = Server::bind(anywhere())
            .unwrap()
            .tls(acceptor)
            .limits(limits);
        let server = server.serve(App::new()).unwrap();
        let stream = TcpStream::connect(server.local_addr()).await.unwrap();
        assert_eq!(read(&stream).await, "");
        assert_eq!((now().as_secs(), server.connections()), (7, 0));
    });
}

#[test]
fn an_address_that_leads_nowhere_is_an_error() {
    virtually(|| async {
        let client = Client::new();
        for url in [
            "",
            "/",
            "taxi",
            "ftp://127.0.0.1/",
            "http://",
            "http://a b/",
            "mailto:a@b",
        ] {
            let error = client.get(url).await.unwrap_err();
            assert_eq!(error.kind(), Kind::Url, "{url}: {error}");
        }
        let closed = TcpListener::bind(anywhere()).unwrap();
        let address = closed.local_addr().unwrap();
        drop(closed);
        let error = client.get(&format!("http://{address}/")).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Connect);
        let error = client
            .get(&format!("https://{}/", serve(App::new()).local_addr()))
            .await;
        assert_eq!(error.unwrap_err().kind(), Kind::Tls);
    });
}

#[test]
fn a_server_behind_ours_that_fails_is_502_and_a_slow_one_504() {
    virtually(|| async {
        let behind = App::new().get("/", async |_: Request| {
            sleep(60 * SECOND).await;
            "at last"
        });
        let behind = Rc::new(format!("http://{}/", serve(behind).local_addr()));
        let client = Client::new().patience(SECOND);
        let app = App::new()
            .get("/bad", {
                let client = client.clone();
                async move |_: Request| {
                    Ok::<_, Error>(client.get(&liar("what?")).await?.text().await?)
                }
            })
            .get("/slow", async move |_: Request| {
                Ok::<_, Error>(client.get(&behind).await?.text().await?)
            })
            .on_error(|_, _| ());
        let server = serve(app);
        assert_eq!(status(&ask(&server, "GET /bad", "").await), 502);
        assert_eq!(status(&ask(&server, "GET /slow", "").await), 504);
    });
}
