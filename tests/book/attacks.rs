//! What must not be done to the servers of `cargo run -- read`: after each of these they serve on, and nothing outside the
//! book was told.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use workbook_tests::attacks::PATHS;

use crate::serve::{
    By, PATIENT, body, book, both, connect, get, serve, serve_dir, status, talk,
};

both! {
    no_way_of_writing_a_path_leads_out_of_the_book
    a_link_out_of_the_book_is_not_followed
    only_names_of_this_machine_are_answered
    what_is_no_request_is_refused_or_the_end
    pipelined_requests_are_answered_in_order
    a_flood_of_headers_is_refused
    a_huge_body_is_not_waited_for
    who_does_not_read_is_cut_off
}

fn assert_serves(address: SocketAddr, after: &str) {
    assert_eq!(body(&get(address, "/")), "the book", "after {after}");
}

fn no_way_of_writing_a_path_leads_out_of_the_book(by: By) {
    let address = serve(by, PATIENT);
    let more = ["*", "secret.txt", "http://localhost/../secret.txt"];
    for path in PATHS.iter().chain(&more) {
        let answer = get(address, path);
        assert!(
            matches!(&status(&answer)[..3], "400" | "404"),
            "{path}: {answer}"
        );
        assert!(!answer.contains("outside"), "{path}: {answer}");
    }
    assert_serves(address, "all of them");
}

#[cfg(unix)]
fn a_link_out_of_the_book_is_not_followed(by: By) {
    use std::os::unix::fs::symlink;

    let dir = book();
    symlink("../secret.txt", dir.join("link.html")).unwrap();
    symlink("..", dir.join("up")).unwrap();
    symlink("../../secret.txt", dir.join("sources/deep.html")).unwrap();
    symlink("index.html", dir.join("inside.html")).unwrap();
    let address = serve_dir(by, PATIENT, &dir);
    for path in ["/link.html", "/up/secret.txt", "/up/", "/sources/deep.html"] {
        let answer = get(address, path);
        assert!(!answer.contains("outside"), "{path}: {answer}");
        assert_eq!(status(&answer), "404 Not Found", "{path}");
    }
    assert_eq!(body(&get(address, "/inside.html")), "the book");
}

#[cfg(not(unix))]
fn a_link_out_of_the_book_is_not_followed(_: By) {}

fn only_names_of_this_machine_are_answered(by: By) {
    let address = serve(by, PATIENT);
    for (host, expected) in [
        ("LocalHost:3000", "200"),
        ("[::1]:3000", "200"),
        ("127.0.0.1.evil.example", "421"),
        ("localhost.evil.example:80", "421"),
        ("evil.example:80:127.0.0.1", "421"),
        ("localhost@evil.example", "421"),
        ("0.0.0.0", "421"),
        ("", "421"),
    ] {
        let head = format!("Host: {host}\r\nConnection: close");
        let answer = talk(address, &format!("GET / HTTP/1.1\r\n{head}\r\n\r\n"));
        assert_eq!(&status(&answer)[..3], expected, "{host:?}");
        assert_eq!(answer.contains("the book"), expected == "200", "{host:?}");
    }
}

fn what_is_no_request_is_refused_or_the_end(by: By) {
    // Some could still become one: they end when that has taken too long.
    let address = serve(by, Duration::from_secs(1));
    let host = "Host: localhost\r\n";
    let hidden = "0\r\n\r\nGET /sources/heap.html HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for request in [
        "GET\r\n\r\n".to_string(),
        "GET / HTTP/1.1\r\n\r\n".into(),
        format!("GET / HTTP/9.9\r\n{host}\r\n"),
        format!("GE T / HTTP/1.1\r\n{host}\r\n"),
        format!("GET / HTTP/1.1\r\n{host}no colon\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{host}name : value\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{host}a: b\0c\r\n\r\n"),
        format!("POST / HTTP/1.1\r\n{host}Content-Length: -1\r\n\r\n"),
        format!("POST / HTTP/1.1\r\n{host}Content-Length: 99999999999999999999\r\n\r\n"),
        // What one of them takes for a body, another could take for a request.
        format!(
            "POST / HTTP/1.1\r\n{host}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n{hidden}"
        ),
        "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{fc}\u{3}\u{3}\r\n\r\n".into(),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into(),
    ] {
        let answer = talk(address, &request);
        let is_refused = answer.is_empty() || status(&answer).starts_with('4');
        assert!(is_refused, "{request:?}: {answer}");
        assert!(!answer.contains("a heap"), "{request:?}: {answer}");
        assert_serves(address, &request);
    }
}

fn pipelined_requests_are_answered_in_order(by: By) {
    let address = serve(by, PATIENT);
    let ask = |path: &str, more: &str| {
        format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n")
    };
    let pair = ask("/sources/heap.html", "") + &ask("/none.html", "");
    let answers = talk(
        address,
        &(pair.repeat(200) + &ask("/", "Connection: close\r\n")),
    );
    let statuses: Vec<&str> = answers
        .split("HTTP/1.1 ")
        .skip(1)
        .map(|answer| &answer[..3])
        .collect();
    let mut expected = ["200", "404"].repeat(200);
    expected.push("200");
    assert_eq!(statuses, expected);
}

fn a_flood_of_headers_is_refused(by: By) {
    let address = serve(by, PATIENT);
    let line = "x: taxi\r\n";
    for headers in [
        line.repeat(101),
        line.repeat(100_000),
        format!("x: {}\r\n", "a".repeat(1 << 20)),
        format!("{}: a\r\n", "x".repeat(1 << 20)),
    ] {
        let head = format!("Host: localhost\r\nConnection: close\r\n{headers}");
        let answer = talk(address, &format!("GET / HTTP/1.1\r\n{head}\r\n"));
        // A client that goes on sending may lose the answer to what it has sent.
        let is_refused = answer.is_empty() || status(&answer).starts_with("431");
        assert!(is_refused, "{} bytes: {answer}", headers.len());
        assert_serves(address, "a flood");
    }
}

fn a_huge_body_is_not_waited_for(by: By) {
    let address = serve(by, PATIENT);
    let piece = format!("10000\r\n{}\r\n", "a".repeat(0x10000));
    for (method, how) in [
        ("GET", "Content-Length: 10000000000"),
        ("POST", "Content-Length: 10000000000"),
        ("POST", "Transfer-Encoding: chunked"),
    ] {
        let mut client = connect(address);
        let head = format!("{method} / HTTP/1.1\r\nHost: localhost\r\n{how}\r\n\r\n");
        client.write_all(head.as_bytes()).unwrap();
        // A gigabyte: as soon as nobody takes any more of it, this fails.
        let sent = (0..16_384).take_while(|_| client.write_all(piece.as_bytes()).is_ok());
        let sent = sent.count();
        assert!(sent < 16_384, "{method}, {how}: it took a gigabyte");
        assert_serves(address, how);
    }
}

fn who_does_not_read_is_cut_off(by: By) {
    const LONG: u64 = 32 << 20;
    let dir = book();
    let film = std::fs::File::create(dir.join("film.bin")).unwrap();
    film.set_len(LONG).unwrap();
    let patience = Duration::from_millis(200);
    let address = serve_dir(by, patience, &dir);
    let slow: Vec<TcpStream> = (0..8)
        .map(|_| {
            let mut client = connect(address);
            let host = "Host: localhost\r\nConnection: close";
            let ask = format!("GET /film.bin HTTP/1.1\r\n{host}\r\n\r\n");
            client.write_all(ask.as_bytes()).unwrap();
            // The answer has begun. Nobody takes it.
            client.peek(&mut [0]).unwrap();
            client
        })
        .collect();
    // Others are served while they are waited for, and until long after.
    let begun = Instant::now();
    while begun.elapsed() < 20 * patience {
        assert_serves(address, "some who do not read");
    }
    for mut client in slow {
        let (mut all, mut piece) = (0, vec![0; 1 << 20]);
        while let Ok(length @ 1..) = client.read(&mut piece) {
            all += length as u64;
        }
        assert!(all < LONG, "it was kept for a reader who did not read");
    }
}

/// The thread for each of them would not do: that server keeps 64, and hangs up on others.
#[cfg(unix)]
mod idle {
    use super::*;
    use crate::serve::taxi;
    use pages::Desk;
    use rustix::process::{Resource, getrlimit, setrlimit};
    use workbook_tests::limits::quick_or_full;

    /// How many connections this process may have.
    fn most() -> usize {
        let mut limit = getrlimit(Resource::Nofile);
        limit.current = limit.maximum;
        // If it cannot be raised, it stays as it is.
        let _ = setrlimit(Resource::Nofile, limit);
        let limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
        usize::try_from(limit.saturating_sub(500)).unwrap_or(usize::MAX)
    }

    /// How many bytes of a process are in memory, where the system tells.
    fn resident(process: u32) -> Option<u64> {
        let pages = std::fs::read_to_string(format!("/proc/{process}/statm")).ok()?;
        let pages: u64 = pages.split(' ').nth(1)?.parse().ok()?;
        Some(pages * 4096)
    }

    #[test]
    fn ten_thousand_idle_connections_keep_nobody_waiting() {
        let wanted = quick_or_full(2_000, 10_000).min(most());
        let dir = book();
        let desk = Desk::take(0).unwrap();
        let ours = taxi::start(&desk, &dir, Some(PATIENT)).unwrap();
        assert_serves(desk.address(), "nothing");
        let before = resident(ours.id());
        let idle = (0..wanted).map(|_| {
            let mut client = connect(desk.address());
            // Half a header: whoever reads it keeps it.
            client.write_all(b"GET / HTTP/1.1\r\n").unwrap();
            client
        });
        let idle: Vec<TcpStream> = idle.collect();
        // Some of a hundred are slow since the machine is busy with something else. If it were the connections, all were.
        let probe = |_| {
            let begun = Instant::now();
            assert_serves(desk.address(), "so many");
            begun.elapsed()
        };
        let fastest = (0..100).map(probe).min().unwrap();
        assert!(fastest < Duration::from_millis(50), "{fastest:?}");
        if let (Some(before), Some(after)) = (before, resident(ours.id())) {
            let each = after.saturating_sub(before) / wanted as u64;
            println!("{fastest:?}, {each} bytes for each of {wanted}");
            assert!(each < 48 * 1024, "{each} bytes for each");
        }
        drop(idle);
    }
}
