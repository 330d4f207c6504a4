//! Bodies of requests: when they are read, and how much of them.

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use taxi::net::TcpStream;
use taxi::time::{now, sleep, timeout};
use web::{App, Error, Limits, Request, Response};

use crate::{ask, body, read, serve, status, talk, virtually, within};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_handler_begins_before_the_body_is_there() {
    virtually(|| async {
        let app = App::new().post("/{name}", async |mut it: Request| {
            let begun = now().as_secs();
            let text = it.text().await?;
            let name: String = it.param("name")?;
            Ok::<_, Error>(format!("{name} {begun} {} {text}", now().as_secs()))
        });
        let server = serve(app);
        let stream = TcpStream::connect(server.local_addr()).await.unwrap();
        let header = "POST /ann HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 4\r\n\r\n";
        stream.write_all(header.as_bytes()).await.unwrap();
        for part in ["ta", "xi"] {
            sleep(3 * SECOND).await;
            stream.write_all(part.as_bytes()).await.unwrap();
        }
        assert_eq!(body(&read(&stream).await), "ann 0 6 taxi");
    });
}

#[test]
fn what_the_handler_does_not_read_the_client_cannot_send() {
    virtually(|| async {
        let app = App::new().post("/", async |_: Request| {
            sleep(8 * SECOND).await;
            "enough"
        });
        let server = serve(app);
        let stream = TcpStream::connect(server.local_addr()).await.unwrap();
        let length = 1_u64 << 30;
        let header =
            format!("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n\r\n");
        stream.write_all(header.as_bytes()).await.unwrap();
        let sent = Rc::new(Cell::new(0));
        let count = Rc::clone(&sent);
        let sending = async {
            let piece = vec![0; 64 * 1024];
            loop {
                count.set(count.get() + stream.write(&piece).await.unwrap());
            }
        };
        assert!(timeout(SECOND, sending).await.is_err());
        // What the operating system keeps, on either side.
        assert!(sent.get() < 64 << 20, "{} bytes", sent.get());
    });
}

#[test]
fn a_body_that_is_too_long_is_refused_at_the_byte_or_before() {
    virtually(|| async {
        let read = Rc::new(Cell::new(0));
        let count = Rc::clone(&read);
        let upload = async move |mut it: Request| {
            count.set(0);
            while let Some(piece) = it.body().chunk().await? {
                count.set(count.get() + piece.len());
            }
            Ok::<_, Error>("all of it")
        };
        let limits = Limits {
            body_bytes: 10,
            ..Limits::default()
        };
        let server = within(limits, App::new().post("/", upload));
        let post = |rest: &str| {
            format!("POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{rest}")
        };
        for (rest, wanted, most) in [
            ("content-length: 10\r\n\r\n0123456789", 200, 10),
            ("content-length: 11\r\n\r\n0123456789a", 413, 0),
            ("content-length: 9223372036854775807\r\n\r\n", 413, 0),
            (
                "transfer-encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n",
                200,
                10,
            ),
            (
                "transfer-encoding: chunked\r\n\r\na\r\n0123456789\r\n1\r\na\r\n0\r\n\r\n",
                413,
                10,
            ),
        ] {
            let answer = talk(&server, post(rest).as_bytes()).await;
            assert_eq!(status(&answer), wanted, "{rest}");
            assert!(read.get() <= most, "{rest}: {}", read.get());
        }
    });
}

#[test]
fn a_body_that_stops_is_408_and_one_that_is_cut_is_400() {
    virtually(|| async {
        let ends = Rc::new(Cell::new((0, 0)));
        let told = Rc::clone(&ends);
        let app = App::new().post("/", async move |mut it: Request| {
            let text = it.text().await;
            let status = text
                .as_ref()
                .map_or_else(|it| it.status().as_u16(), |_| 200);
            told.set((status, now().as_secs()));
            text
        });
        let server = serve(app);
        let header = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf";
        let answer = talk(&server, header).await;
        assert_eq!((status(&answer), now().as_secs()), (408, 10));
        let stream = TcpStream::connect(server.local_addr()).await.unwrap();
        stream.write_all(header).await.unwrap();
        sleep(SECOND).await;
        drop(stream);
        sleep(SECOND).await;
        assert_eq!(ends.get(), (400, 11));
    });
}

async fn fields(mut request: Request) -> Result<Response, Error> {
    let form: HashMap<String, u8> = request.form().await?;
    Ok(Response::text(form.len().to_string()))
}

async fn numbers(mut request: Request) -> Result<Response, Error> {
    let numbers: Vec<u8> = request.json().await?;
    Ok(Response::text(numbers.len().to_string()))
}

/// Anything at all.
async fn any(mut request: Request) -> Result<Response, Error> {
    let value: serde_json::Value = request.json().await?;
    Ok(Response::text(value.to_string()))
}

#[test]
fn what_is_no_form_and_no_json_is_said_with_its_place() {
    virtually(|| async {
        let app = App::new()
            .post("/form", fields)
            .post("/json", numbers)
            .post("/any", any);
        let server = serve(app);
        let form = "application/x-www-form-urlencoded";
        let deep = "[".repeat(100_000);
        for (path, kind, text, wanted, word) in [
            ("/form", form, "a=1&b=2", 200, "2"),
            (
                "/form",
                "APPLICATION/x-www-form-urlencoded; charset=utf-8",
                "a=1",
                200,
                "1",
            ),
            ("/form", form, "", 200, "0"),
            ("/form", form, "a=1&b=x", 422, "b 'x'"),
            ("/form", "text/plain", "a=1", 415, "text/plain"),
            ("/json", "application/json", "[1, 2]", 200, "2"),
            ("/json", "application/json", "[1, 256]", 422, "[1]: "),
            ("/json", "application/json", "{}", 422, "invalid type: map"),
            ("/json", "application/json", "[1] 2", 400, "trailing"),
            ("/json", "application/json", "", 400, "EOF"),
            ("/json", form, "[1]", 415, form),
            ("/any", "application/json", &deep, 400, "recursion limit"),
            ("/any", "application/json", "\"\u{fc}\"", 200, "\u{fc}"),
        ] {
            let length = text.len();
            let header = format!("content-type: {kind}\r\ncontent-length: {length}\r\n");
            let line = format!(
                "POST {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{header}\r\n{text}"
            );
            let answer = talk(&server, line.as_bytes()).await;
            assert_eq!(status(&answer), wanted, "{answer}");
            assert!(body(&answer).contains(word), "{answer}");
        }
        assert_eq!(status(&ask(&server, "POST /form", "").await), 415);
    });
}
