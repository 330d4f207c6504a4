//! The servers of `cargo run -- read`, as a browser and as others than a browser meet them: the one of threads, and the one
//! that stands on the chapters.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use pages::Desk;

/// Who serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Threads,
    #[cfg(unix)]
    Taxi,
}

/// What both do.
macro_rules! both {
    ($($name:ident)+) => {
        mod by_threads {
            $(#[test]
            fn $name() {
                super::$name($crate::serve::By::Threads);
            })+
        }

        #[cfg(unix)]
        mod by_taxi {
            $(#[test]
            fn $name() {
                super::$name($crate::serve::By::Taxi);
            })+
        }
    };
}

pub(crate) use both;

both! {
    pages_are_served_with_their_types
    one_connection_carries_several_requests
    nothing_outside_the_book_is_served
    a_page_elsewhere_cannot_read_it_through_a_name_of_its_own
    what_is_too_long_or_no_request_is_answered_with_an_error_of_the_clients
    a_client_that_sends_a_byte_now_and_then_is_let_go
    more_connections_than_it_keeps_do_not_end_it
}

/// A small book.
pub(crate) fn book() -> PathBuf {
    let folder = tempfile::tempdir().unwrap().keep();
    let dir = folder.join("book");
    for (name, text) in [
        ("index.html", "the book"),
        ("404.html", "no such page"),
        ("a b.css", "p {}"),
        ("sources/heap.html", "a heap"),
        ("sources/index.html", "the sources"),
        ("../secret.txt", "outside"),
    ] {
        let file = dir.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    dir
}

/// Serves a small book until the tests end, with this patience, and returns the address.
pub(crate) fn serve(by: By, patience: Duration) -> SocketAddr {
    serve_dir(by, patience, &book())
}

/// The same, of the book in `dir`.
pub(crate) fn serve_dir(by: By, patience: Duration, dir: &Path) -> SocketAddr {
    let dir = dir.to_path_buf();
    let desk = Desk::take(0).unwrap().with_patience(patience);
    let address = desk.address();
    match by {
        By::Threads => drop(std::thread::spawn(move || desk.serve(&dir))),
        #[cfg(unix)]
        By::Taxi => {
            let ours = taxi::start(&desk, &dir, Some(patience));
            // It ends with our end of its socket, which is that of this process.
            std::mem::forget(ours.unwrap());
        }
    }
    address
}

#[cfg(unix)]
pub(crate) mod taxi {
    use super::*;
    use pages::{News, Ours};
    use std::sync::LazyLock;
    use workbook_tests::root;

    static PROGRAM: LazyLock<Result<PathBuf, String>> =
        LazyLock::new(|| Ours::program(&root()));

    pub(crate) fn start(
        desk: &Desk,
        dir: &Path,
        patience: Option<Duration>,
    ) -> Result<Ours, String> {
        let news = News {
            built: 7,
            problems: String::new(),
        };
        Ours::start(PROGRAM.as_ref()?, desk, dir, &news, patience)
    }

    /// The next line of an event.
    fn event(stream: &mut TcpStream) -> String {
        let mut line = Vec::new();
        while !line.ends_with(b"\n\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            line.push(byte[0]);
        }
        let text = String::from_utf8(line).unwrap();
        let (_, data) = text.rsplit_once("data: ").unwrap();
        data.trim().to_string()
    }

    #[test]
    fn a_page_that_is_open_is_told_when_there_is_another() {
        let dir = book();
        let desk = Desk::take(0).unwrap();
        let mut ours = start(&desk, &dir, None).unwrap();
        let page = get(desk.address(), "/");
        assert!(page.contains("news.built !== 7)"), "{page}");
        let mut listener = connect(desk.address());
        let request = "GET /-/news HTTP/1.1\r\nHost: localhost\r\n\r\n";
        listener.write_all(request.as_bytes()).unwrap();
        assert_eq!(event(&mut listener), r#"{"built":7,"problems":""}"#);
        // Another book is in its place.
        std::fs::rename(&dir, dir.with_file_name("old")).unwrap();
        std::fs::create_dir(&dir).unwrap();
        std::fs::write(dir.join("index.html"), "another book").unwrap();
        let problems = "02:3: no such region\n02:5: <b>".to_string();
        ours.tell(&News { built: 8, problems }).unwrap();
        assert_eq!(
            event(&mut listener),
            r#"{"built":8,"problems":"02:3: no such region\n02:5: <b>"}"#
        );
        let page = get(desk.address(), "/");
        assert!(page.contains("another book<script>"), "{page}");
        assert!(page.contains("news.built !== 8)"), "{page}");
        assert!(!get(desk.address(), "/sources/heap.html").contains("a heap"));
    }

    #[test]
    fn a_program_that_does_not_serve_is_no_server_and_the_desk_serves() {
        let dir = book();
        let desk = Desk::take(0).unwrap();
        let news = News::default();
        for program in ["false", "no-such-program-at-all"] {
            let why = Ours::start(Path::new(program), &desk, &dir, &news, None);
            assert!(why.is_err(), "{program}");
        }
        // One that served, and is gone.
        drop(start(&desk, &dir, None).unwrap());
        std::thread::scope(|scope| {
            scope.spawn(|| desk.serve(&dir).unwrap());
            assert_eq!(body(&get(desk.address(), "/")), "the book");
            desk.retire();
        });
        // And the other way round.
        let _ours = start(&desk, &dir, None).unwrap();
        assert!(get(desk.address(), "/").contains("<script>"));
    }
}

pub(crate) const PATIENT: Duration = Duration::from_secs(60);

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let client = TcpStream::connect(address).unwrap();
    client.set_read_timeout(Some(PATIENT)).unwrap();
    client
}

/// Sends `request`, and reads until the server closes.
pub(crate) fn talk(address: SocketAddr, request: &str) -> String {
    let mut client = connect(address);
    // A request that is refused half-way is not read to its end, so the rest of it may find nobody.
    let _ = client.write_all(request.as_bytes());
    let mut answer = Vec::new();
    let _ = client.read_to_end(&mut answer);
    String::from_utf8(answer).unwrap()
}

pub(crate) fn get(address: SocketAddr, path: &str) -> String {
    let host = "Host: localhost\r\nConnection: close";
    talk(address, &format!("GET {path} HTTP/1.1\r\n{host}\r\n\r\n"))
}

/// What an answer says in its head, the names of its headers in small letters.
fn header<'a>(answer: &'a str, name: &str) -> &'a str {
    let head = answer.split("\r\n\r\n").next().unwrap_or("");
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    let found = lines.find(|(it, _)| it.eq_ignore_ascii_case(name));
    found.map_or("", |(_, value)| value)
}

/// Its body, without what is only there while the book is written.
pub(crate) fn body(answer: &str) -> &str {
    let (_, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    body.split("<script>").next().unwrap_or("")
}

pub(crate) fn status(answer: &str) -> &str {
    let line = answer.lines().next().unwrap_or("");
    line.strip_prefix("HTTP/1.1 ").unwrap_or(line)
}

fn pages_are_served_with_their_types(by: By) {
    let address = serve(by, PATIENT);
    let index = get(address, "/");
    assert_eq!(status(&index), "200 OK");
    assert_eq!(header(&index, "content-type"), "text/html; charset=utf-8");
    assert_eq!(header(&index, "cache-control"), "no-cache");
    let (_, whole) = index.split_once("\r\n\r\n").unwrap();
    assert_eq!(header(&index, "content-length"), whole.len().to_string());
    assert_eq!(body(&index), "the book");
    let css = get(address, "/a%20b.css?v=1");
    assert_eq!(header(&css, "content-type"), "text/css; charset=utf-8");
    let folder = get(address, "/sources");
    assert_eq!(status(&folder), "301 Moved Permanently");
    assert_eq!(header(&folder, "location"), "/sources/");
    assert_eq!(body(&get(address, "/sources/")), "the sources");
    let missing = get(address, "/sources/none.html");
    assert_eq!(status(&missing), "404 Not Found");
    assert_eq!(body(&missing), "no such page");
}

fn one_connection_carries_several_requests(by: By) {
    let address = serve(by, PATIENT);
    let first = "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let second =
        "GET /sources/heap.html HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let both = talk(address, &format!("{first}{second}"));
    assert_eq!(both.matches("HTTP/1.1 200 OK").count(), 2, "{both}");
    assert!(!both.contains("the book") && both.contains("\r\n\r\na heap"));
}

fn nothing_outside_the_book_is_served(by: By) {
    let address = serve(by, PATIENT);
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

fn a_page_elsewhere_cannot_read_it_through_a_name_of_its_own(by: By) {
    let address = serve(by, PATIENT);
    let answer = talk(
        address,
        "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    );
    assert_eq!(status(&answer), "421 Misdirected Request");
    assert!(!answer.contains("the book"));
}

fn what_is_too_long_or_no_request_is_answered_with_an_error_of_the_clients(by: By) {
    let address = serve(by, PATIENT);
    let long = "x".repeat(4_000);
    assert_eq!(status(&get(address, &format!("/{long}"))), "404 Not Found");
    let longer = get(address, &format!("/{}", "x".repeat(20_000)));
    // hyper does not tell which part of a head is too long.
    let too_long = ["414 URI Too Long", "431 Request Header Fields Too Large"];
    assert!(too_long.contains(&status(&longer)), "{longer}");
    let headers = format!(
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: {}",
        "x".repeat(20_000)
    );
    assert_eq!(
        status(&talk(address, &headers)),
        "431 Request Header Fields Too Large"
    );
    assert_eq!(status(&talk(address, "\0\0\r\n\r\n")), "400 Bad Request");
    let post = "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc";
    assert_eq!(status(&talk(address, post)), "405 Method Not Allowed");
    assert_eq!(status(&get(address, "/")), "200 OK");
}

/// A limit for each read would never end it: a byte comes in time for every one of them.
fn a_client_that_sends_a_byte_now_and_then_is_let_go(by: By) {
    let address = serve(by, Duration::from_millis(100));
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

fn more_connections_than_it_keeps_do_not_end_it(by: By) {
    let address = serve(by, PATIENT);
    let idle: Vec<TcpStream> = (0..200).map(|_| connect(address)).collect();
    drop(idle);
    // Its threads see the end of those one after the other.
    let answered = (0..10_000).any(|_| status(&get(address, "/")) == "200 OK");
    assert!(answered);
}
