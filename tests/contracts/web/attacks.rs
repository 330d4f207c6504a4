//! What must not be done to a server: after each, it serves on.

use std::time::Duration;

use taxi::net::TcpStream;
use taxi::time::{now, sleep};
use web::{App, Limits, Request, Running};
use workbook_tests::limits::{limited, quick_or_full};

use crate::{ask, body, read, serve, status, talk, virtually, within};

fn app() -> App {
    App::new()
        .get("/", async |_: Request| "a taxi")
        .post("/", async |mut it: Request| it.text().await)
        .get("/{number}", async |it: Request| {
            it.param::<String>("number")
        })
}

/// It answers somebody else as if nothing had happened.
async fn assert_serves(server: &Running, after: &str) {
    let answer = ask(server, "GET /", "").await;
    assert_eq!(body(&answer), "a taxi", "after {after}");
}

#[test]
fn what_is_no_request_is_400_or_the_end() {
    virtually(|| async {
        let server = serve(app());
        let host = "host: a\r\n";
        let chunked = "transfer-encoding: chunked\r\n";
        for bytes in [
            "GET\r\n\r\n".to_string(),
            "GET  / HTTP/1.1\r\nhost: a\r\n\r\n".into(),
            format!("GET / HTTP/9.9\r\n{host}\r\n"),
            format!("GET / http/1.1\r\n{host}\r\n"),
            format!("GE T / HTTP/1.1\r\n{host}\r\n"),
            format!("GET / HTTP/1.1\r\n{host}name : value\r\n\r\n"),
            format!("GET / HTTP/1.1\r\n{host}no colon\r\n\r\n"),
            format!("GET / HTTP/1.1\r\n{host} folded: a\r\n\r\n"),
            format!("GET / HTTP/1.1\r\n{host}a: b\0c\r\n\r\n"),
            "GET /\0 HTTP/1.1\r\nhost: a\r\n\r\n".into(),
            format!("POST / HTTP/1.1\r\n{host}content-length: -1\r\n\r\n"),
            format!(
                "POST / HTTP/1.1\r\n{host}content-length: 18446744073709551615\r\n\r\n"
            ),
            format!(
                "POST / HTTP/1.1\r\n{host}content-length: 99999999999999999999\r\n\r\n"
            ),
            format!("POST / HTTP/1.1\r\n{host}content-length: 1e9\r\n\r\n"),
            format!(
                "POST / HTTP/1.1\r\n{host}content-length: 4\r\ncontent-length: 5\r\n\r\ntaxi!"
            ),
            format!("POST / HTTP/1.1\r\n{host}transfer-encoding: taxi\r\n\r\n"),
            format!("POST / HTTP/1.1\r\n{host}{chunked}\r\nffffffffffffffffff\r\n"),
            format!("POST / HTTP/1.1\r\n{host}{chunked}\r\n-1\r\n"),
            format!("POST / HTTP/1.1\r\n{host}{chunked}\r\n4\r\ntaxiXX0\r\n\r\n"),
            "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{fc}\u{3}\u{3}".into(),
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into(),
            "\u{0}".repeat(4096),
        ] {
            let answer = talk(&server, bytes.as_bytes()).await;
            let is_refused = answer.is_empty() || (400..500).contains(&status(&answer));
            assert!(is_refused, "{bytes:?}: {answer}");
            assert_serves(&server, &bytes).await;
        }
        // Nobody is kept waiting for what will not come.
        sleep(Duration::from_secs(30)).await;
        assert_eq!(server.connections(), 0);
    });
}

#[test]
fn two_lengths_do_not_hide_a_request() {
    virtually(|| async {
        let server = serve(app());
        let hidden = "0\r\n\r\nGET /hidden HTTP/1.1\r\nhost: a\r\n\r\n";
        let length = hidden.len();
        let header = format!(
            "host: a\r\ncontent-length: {length}\r\ntransfer-encoding: chunked\r\n"
        );
        let answer = talk(
            &server,
            format!("POST / HTTP/1.1\r\n{header}\r\n{hidden}").as_bytes(),
        )
        .await;
        assert!(!answer.contains("hidden"), "{answer}");
        assert_serves(&server, "two lengths").await;
    });
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    virtually(|| async {
        let server = serve(app());
        let number = 500;
        let mut text = String::new();
        for index in 0..number {
            text += &format!("GET /n{index} HTTP/1.1\r\nhost: a\r\n\r\n");
        }
        text += "GET /last HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        let answers = talk(&server, text.as_bytes()).await;
        let mut rest = &answers[..];
        for index in 0..number {
            let at = rest.find(&format!("\r\n\r\nn{index}")).unwrap();
            rest = &rest[at + 4..];
        }
        assert!(rest.ends_with("last"));
        assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), number + 1);
        assert_serves(&server, "many at once").await;
    });
}

#[test]
fn a_header_without_end_is_431() {
    virtually(|| async {
        let server = serve(app());
        let line = "x: taxi\r\n";
        for header in [
            line.repeat(101),
            line.repeat(100_000),
            format!("x: {}\r\n", "a".repeat(1 << 20)),
            format!("{}: a\r\n", "x".repeat(1 << 20)),
        ] {
            let answer = ask(&server, "GET /", &header).await;
            assert!(answer.is_empty() || status(&answer) == 431, "{answer}");
            assert_serves(&server, "a long header").await;
        }
        let path = "a".repeat(1 << 20);
        let answer = ask(&server, &format!("GET /{path}"), "").await;
        let is_refused = answer.is_empty() || [414, 431].contains(&status(&answer));
        assert!(is_refused, "{answer}");
        assert_eq!(status(&ask(&server, "GET /", &line.repeat(90)).await), 200);
    });
}

#[test]
fn a_header_may_have_as_many_bytes_as_the_limit_says_and_not_one_more() {
    virtually(|| async {
        let server = serve(app());
        let start = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\nx: ";
        let most = 64 * 1024;
        for (bytes, is_taken) in [(most - 1, true), (most, true), (most + 1, false)] {
            let value = "a".repeat(bytes - start.len() - 4);
            let answer =
                talk(&server, format!("{start}{value}\r\n\r\n").as_bytes()).await;
            match is_taken {
                true => assert_eq!(body(&answer), "a taxi", "{bytes} bytes"),
                false => assert!(
                    answer.is_empty() || status(&answer) == 431,
                    "{bytes} bytes: {answer}"
                ),
            }
        }
        // That it is too large is known before its end, and nobody waits for that.
        let value = "a".repeat(most);
        let answer = talk(&server, format!("{start}{value}").as_bytes()).await;
        assert!(answer.is_empty() || status(&answer) == 431, "{answer}");
        assert_eq!(now().as_secs(), 0);
        assert_serves(&server, "a header that is too large").await;
    });
}

#[test]
fn a_slow_header_ends_at_its_limit_however_often_a_letter_comes() {
    virtually(|| async {
        let limits = Limits {
            header: Duration::from_secs(7),
            ..Limits::default()
        };
        let server = within(limits, app());
        let stream = TcpStream::connect(server.local_addr()).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nx: ").await.unwrap();
        while server.connections() > 0 || now().as_secs() < 1 {
            // It may have ended meanwhile.
            let _ = stream.write_all(b"a").await;
            sleep(Duration::from_secs(1)).await;
            assert!(now().as_secs() < 60);
        }
        assert!((7..=8).contains(&now().as_secs()), "{}", now().as_secs());
        assert!(!read(&stream).await.contains("200"));
        assert_serves(&server, "a slow header").await;
    });
}

/// How many connections with both ends here the operating system allows.
#[cfg(unix)]
fn most() -> usize {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Then it stays as it is.
    let _ = setrlimit(Resource::Nofile, limit);
    let limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    usize::try_from(limit.saturating_sub(200) / 2).unwrap_or(usize::MAX)
}

#[cfg(not(unix))]
fn most() -> usize {
    400
}

#[test]
fn ten_thousand_idle_connections_keep_nobody_waiting() {
    limited(|| {
        let wanted = quick_or_full(1_000, 10_000).min(most());
        let used = allocation_counter::measure(|| taxi::test::run(idle(wanted)));
        // With what both ends keep.
        let each = usize::try_from(used.bytes_max).unwrap() / wanted;
        assert!(each < 48 * 1024, "{each} bytes a connection");
    });
}

async fn idle(wanted: usize) {
    let limits = Limits {
        connections: 20_000,
        ..Limits::default()
    };
    let server = within(limits, app());
    let mut idle = Vec::new();
    for _ in 0..wanted {
        let stream = TcpStream::connect(server.local_addr()).await.unwrap();
        // Half a header: whoever reads it keeps it.
        stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
        idle.push(stream);
    }
    while server.connections() < wanted {
        taxi::yield_now().await;
    }
    // One more is served in as many turns as if there were nobody else.
    let turns = taxi::metrics().turns;
    assert_serves(&server, "so many").await;
    let turns = taxi::metrics().turns - turns;
    assert!(turns < 200, "{turns} turns");
    sleep(Duration::from_secs(30)).await;
    assert_eq!(server.connections(), 0);
    assert_serves(&server, "all of them").await;
}
