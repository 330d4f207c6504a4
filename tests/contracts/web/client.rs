//! The client: connections that are kept, and servers that do not do what they should.

use std::rc::Rc;
use std::time::Duration;

use taxi::net::{TcpListener, TcpStream, serve as listen};
use taxi::time::{now, sleep};
use web::client::{Client, Kind};
use web::{App, Error, Request};

use crate::{anywhere, ask, serve, status, virtually};

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
        let of = async |bytes: String| {
            let response = client.get(&liar(bytes.leak())).await?;
            response.text().await
        };
        for (bytes, kind) in [
            (String::new(), Kind::Http),
            ("what?\r\n\r\n".into(), Kind::Http),
            (format!("{ok}content-length: 9\r\n\r\nhalf"), Kind::Http),
            (format!("{ok}content-length: x\r\n\r\nhalf"), Kind::Http),
            (
                format!("{ok}transfer-encoding: chunked\r\n\r\nzz\r\n"),
                Kind::Http,
            ),
            (
                format!("{ok}transfer-encoding: chunked\r\n\r\n4\r\nhalf"),
                Kind::Http,
            ),
            (format!("{ok}content-length: 101\r\n\r\n"), Kind::TooLarge),
            (format!("{ok}\r\n{}", "a".repeat(101)), Kind::TooLarge),
            (
                format!("{ok}x: {}\r\n\r\n", "a".repeat(1 << 20)),
                Kind::Http,
            ),
        ] {
            let text = bytes.chars().take(60).collect::<String>();
            let error = of(bytes).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{text}: {error}");
        }
        assert_eq!(
            of(format!("{ok}\r\nuntil the end")).await.unwrap(),
            "until the end"
        );
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
