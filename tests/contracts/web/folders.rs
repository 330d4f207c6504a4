//! A server of a folder, and those who mean it no good: over its socket, byte for byte as they would write.

use std::fs;
use std::net::SocketAddr;
use std::time::Duration;

use taxi::net::{TcpSocket, TcpStream};
use taxi::time::{now, sleep};
use web::files::Folder;
use web::{App, Limits, Server};
use workbook_tests::attacks::PATHS;
use workbook_tests::limits::{limited, quick_or_full};

/// What lies outside.
const OUTSIDE: &str = "nobody is to see this";

/// Serves a folder with a small file, and one of 10 GB that takes no room, on virtual time; `attack` is given the address
/// and whatever asks how many connections there are.
fn attacked<F: Future<Output = ()>>(
    attack: impl FnOnce(SocketAddr, Box<dyn Fn() -> usize>) -> F + Send + 'static,
) {
    limited(|| {
        let place = tempfile::tempdir().unwrap();
        let public = place.path().join("public");
        fs::create_dir(&public).unwrap();
        fs::write(place.path().join("secret.txt"), OUTSIDE).unwrap();
        fs::write(public.join("index.html"), "a taxi").unwrap();
        let large = fs::File::create(public.join("film.bin")).unwrap();
        large.set_len(10_000_000_000).unwrap();
        taxi::test::run(async move {
            let app = App::new()
                .hosts(["localhost", "127.0.0.1"])
                .files("/", Folder::new(public).listing(true));
            let server = Server::bind("127.0.0.1:0".parse().unwrap()).unwrap();
            let server = server.limits(Limits::default()).serve(app).unwrap();
            let address = server.local_addr();
            attack(address, Box::new(move || server.connections())).await;
            // Whatever it was, others are served.
            let probe = get(address, "/", "").await;
            assert!(probe.ends_with("\r\n\r\na taxi"), "{probe}");
        });
    });
}

/// Writes `text`, and reads until the server closes.
async fn talk(address: SocketAddr, text: &[u8]) -> String {
    let stream = TcpStream::connect(address).await.unwrap();
    // It may have heard enough before the last byte.
    let _ = stream.write_all(text).await;
    let (mut all, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        all.extend(&buffer[..length]);
    }
    String::from_utf8_lossy(&all).into_owned()
}

fn request(path: &str, header: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{header}\r\n")
}

async fn get(address: SocketAddr, path: &str, header: &str) -> String {
    talk(address, request(path, header).as_bytes()).await
}

fn status(answer: &str) -> &str {
    answer.get(9..12).unwrap_or("")
}

#[test]
fn no_way_of_writing_a_path_leads_out_of_a_socket_either() {
    attacked(async |address, _| {
        let more = [
            "/\u{ff0e}\u{ff0e}/secret.txt",
            "/?/../secret.txt",
            "*",
            "secret.txt",
        ];
        for path in PATHS.iter().chain(&more) {
            let answer = get(address, path, "").await;
            // What is no path never comes to the folder, and a question mark ends one.
            let expected: &[&str] = match path.starts_with("/?") {
                true => &["200"],
                false => &["400", "404"],
            };
            assert!(expected.contains(&status(&answer)), "{path}: {answer}");
            assert!(!answer.contains(OUTSIDE), "{path}");
        }
        // Bytes that are no text.
        let raw = b"GET /\xc0\xae\xc0\xae/secret.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        let answer = talk(address, raw).await;
        assert!(matches!(status(&answer), "400" | "404"), "{answer}");
    });
}

#[test]
fn who_calls_it_by_a_foreign_name_is_told_nothing() {
    attacked(async |address, _| {
        for (host, expected) in [
            ("localhost", "200"),
            ("LocalHost:3000", "200"),
            ("127.0.0.1:1", "200"),
            ("evil.example", "421"),
            ("evil.example:3000", "421"),
            ("127.0.0.1.evil.example", "421"),
            ("localhost.evil.example:80", "421"),
            ("evil.example:80:127.0.0.1", "421"),
            ("localhost@evil.example", "421"),
            ("0.0.0.0", "421"),
            ("", "421"),
        ] {
            let text =
                format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            let answer = talk(address, text.as_bytes()).await;
            assert_eq!(status(&answer), expected, "{host:?}");
            assert_eq!(answer.contains("a taxi"), expected == "200", "{host:?}");
        }
        for nobody in [
            "GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
            "GET / HTTP/1.0\r\n\r\n",
        ] {
            let answer = talk(address, nobody.as_bytes()).await;
            assert_eq!(status(&answer), "400", "{nobody}");
        }
    });
}

#[test]
fn a_thousand_parts_are_answered_by_one_whole() {
    attacked(async |address, _| {
        for parts in [
            "0-,".repeat(5_000),
            "0-1,".repeat(5_000),
            "-1,".repeat(5_000),
        ] {
            let header = format!("Range: bytes={parts}0-0\r\n");
            let answer = get(address, "/", &header).await;
            assert_eq!(status(&answer), "200");
            assert!(answer.len() < 1_000, "{} bytes", answer.len());
        }
        for _ in 0..quick_or_full(200, 2_000) {
            let answer = get(address, "/film.bin", "Range: bytes=9999999999-\r\n").await;
            assert_eq!(status(&answer), "206");
            assert!(answer.len() < 1_000, "{} bytes", answer.len());
        }
    });
}

/// How much of this process is in memory, where the system tells.
fn resident() -> Option<u64> {
    let pages = fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = pages.split(' ').nth(1)?.parse().ok()?;
    Some(pages * 4096)
}

#[test]
fn readers_who_do_not_read_cost_little_and_are_cut_off() {
    attacked(async |address, connections| {
        let count = quick_or_full(50, 300);
        let before = resident();
        let mut slow = Vec::new();
        for _ in 0..count {
            let stream = TcpStream::connect(address).await.unwrap();
            stream
                .write_all(request("/film.bin", "").as_bytes())
                .await
                .unwrap();
            slow.push(stream);
        }
        sleep(Duration::from_secs(1)).await;
        assert_eq!(connections(), count);
        // Each has a file of 10 GB to come, and somebody else is served at once.
        let (from, probe) = (now(), get(address, "/", "").await);
        assert_eq!((status(&probe), now() - from), ("200", Duration::ZERO));
        if let (Some(before), Some(after)) = (before, resident()) {
            let each = after.saturating_sub(before) / count as u64;
            assert!(each < 4_000_000, "{each} bytes for each");
        }
        sleep(Duration::from_secs(20)).await;
        assert_eq!(connections(), 0, "they were not cut off");
        drop(slow);
    });
}

#[test]
fn a_reader_who_reads_a_little_now_and_then_is_served_on() {
    attacked(async |address, connections| {
        // By itself, Linux lets a socket that is read quickly keep up to 32 MB.
        let socket = TcpSocket::new_v4().unwrap();
        socket.options().set_recv_buffer_size(64 * 1024).unwrap();
        let stream = socket.connect(address).await.unwrap();
        stream
            .write_all(request("/film.bin", "").as_bytes())
            .await
            .unwrap();
        let mut buffer = vec![0; 1_000_000];
        for _ in 0..4 {
            sleep(Duration::from_secs(5)).await;
            // More than what lies in both sockets, so that room is made.
            let mut left = 8_000_000_usize;
            while left > 0 {
                let read = stream.read(&mut buffer).await.unwrap();
                assert!(read > 0, "it was cut off");
                left = left.saturating_sub(read);
            }
        }
        assert_eq!(connections(), 1);
        drop(stream);
    });
}
