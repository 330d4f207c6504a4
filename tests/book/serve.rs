//! The server of `cargo run -- read`, as a browser and as others than a browser meet it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use pages::Desk;

/// Serves a small book until the tests end, with this patience, and returns the address.
fn serve(patience: Duration) -> SocketAddr {
    let dir = tempfile::tempdir().unwrap().keep();
    for (name, text) in [
        ("index.html", "the book"),
        ("404.html", "no such page"),
        ("a b.css", "p {}"),
        ("sources/heap.html", "a heap"),
        ("sources/index.html", "the sources"),
    ] {
        let file = dir.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    std::fs::write(dir.parent().unwrap().join("secret.txt"), "outside").unwrap();
    let desk = Desk::take(0).unwrap().with_patience(patience);
    let url = desk.url();
    let address = url.trim_start_matches("http://").trim_end_matches('/');
    let address = address.parse().unwrap();
    std::thread::spawn(move || desk.serve(&dir));
    address
}

const PATIENT: Duration = Duration::from_secs(60);

fn connect(address: SocketAddr) -> TcpStream {
    let client = TcpStream::connect(address).unwrap();
    client.set_read_timeout(Some(PATIENT)).unwrap();
    client
}

/// Sends `request`, and reads until the server closes.
fn talk(address: SocketAddr, request: &str) -> String {
    let mut client = connect(address);
    // A request that is refused half-way is not read to its end, so the rest of it may find nobody.
    let _ = client.write_all(request.as_bytes());
    let mut answer = Vec::new();
    let _ = client.read_to_end(&mut answer);
    String::from_utf8(answer).unwrap()
}

fn get(address: SocketAddr, path: &str) -> String {
    let host = "Host: localhost\r\nConnection: close";
    talk(address, &format!("GET {path} HTTP/1.1\r\n{host}\r\n\r\n"))
}

fn status(answer: &str) -> &str {
    let line = answer.lines().next().unwrap_or("");
    line.strip_prefix("HTTP/1.1 ").unwrap_or(line)
}

#[test]
fn pages_are_served_with_their_types() {
    let address = serve(PATIENT);
    let index = get(address, "/");
    assert_eq!(status(&index), "200 OK");
    assert!(index.contains("Content-Type: text/html; charset=utf-8\r\n"));
    assert!(index.contains("Content-Length: 8\r\n") && index.ends_with("the book"));
    let css = get(address, "/a%20b.css?v=1");
    assert!(
        css.contains("Content-Type: text/css; charset=utf-8\r\n"),
        "{css}"
    );
    let folder = get(address, "/sources");
    assert_eq!(status(&folder), "301 Moved Permanently");
    assert!(folder.contains("Location: /sources/\r\n"));
    assert!(get(address, "/sources/").ends_with("the sources"));
    let missing = get(address, "/sources/none.html");
    assert_eq!(status(&missing), "404 Not Found");
    assert!(missing.ends_with("no such page"));
}

#[test]
fn one_connection_carries_several_requests() {
    let address = serve(PATIENT);
    let first = "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let second =
        "GET /sources/heap.html HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let both = talk(address, &format!("{first}{second}"));
    assert_eq!(both.matches("HTTP/1.1 200 OK").count(), 2, "{both}");
    assert!(!both.contains("the book") && both.ends_with("a heap"));
}

#[test]
fn nothing_outside_the_book_is_served() {
    let address = serve(PATIENT);
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/sources/..%2f..%2fsecret.txt",
    ] {
        let answer = get(address, path);
        assert_eq!(status(&answer), "404 Not Found", "{path}");
        assert!(!answer.contains("outside"), "{path}");
    }
}

#[test]
fn a_page_elsewhere_cannot_read_it_through_a_name_of_its_own() {
    let address = serve(PATIENT);
    let answer = talk(address, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    assert_eq!(status(&answer), "421 Misdirected Request");
    assert!(!answer.contains("the book"));
}

#[test]
fn what_is_too_long_or_no_request_is_answered_with_an_error_of_the_clients() {
    let address = serve(PATIENT);
    let long = "x".repeat(4_000);
    assert_eq!(status(&get(address, &format!("/{long}"))), "404 Not Found");
    let longer = get(address, &format!("/{}", "x".repeat(20_000)));
    assert_eq!(status(&longer), "414 URI Too Long");
    let headers = format!(
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: {}",
        "x".repeat(20_000)
    );
    assert_eq!(
        status(&talk(address, &headers)),
        "431 Request Header Fields Too Large"
    );
    assert_eq!(status(&talk(address, "\0\0\r\n\r\n")), "400 Bad Request");
    let post = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc";
    assert_eq!(status(&talk(address, post)), "405 Method Not Allowed");
    assert_eq!(status(&get(address, "/")), "200 OK");
}

/// A limit for each read would never end it: a byte comes in time for every one of them.
#[test]
fn a_client_that_sends_a_byte_now_and_then_is_let_go() {
    let address = serve(Duration::from_millis(100));
    let mut client = connect(address);
    client
        .set_read_timeout(Some(Duration::from_millis(5)))
        .unwrap();
    let ended = (0..2_000).any(|_| {
        let gone = client.write_all(b"x").is_err();
        // Waits for the end or for five milliseconds, whichever comes first.
        gone || client.read(&mut [0; 8]).is_ok()
    });
    assert!(ended, "ten seconds for two thousand bytes");
    let mut idle = connect(address);
    assert_eq!(idle.read(&mut [0; 8]).unwrap(), 0, "it was not closed");
}

#[test]
fn more_connections_than_it_keeps_do_not_end_it() {
    let address = serve(PATIENT);
    let idle: Vec<TcpStream> = (0..200).map(|_| connect(address)).collect();
    drop(idle);
    // Its threads see the end of those one after the other.
    let answered = (0..10_000).any(|_| status(&get(address, "/")) == "200 OK");
    assert!(answered);
}
