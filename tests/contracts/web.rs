//! What chapter 17 promises, at its public interface, and what must not be done to it.

use std::net::SocketAddr;

use taxi::net::TcpStream;
use web::{App, Limits, Running, Server};
use workbook_tests::limits::limited;

#[path = "web/attacks.rs"]
mod attacks;
#[path = "web/bodies.rs"]
mod bodies;
#[path = "web/client.rs"]
mod client;
#[path = "web/ends.rs"]
mod ends;
#[path = "web/routing.rs"]
mod routing;

/// An address of this machine whose port the operating system chooses.
fn anywhere() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

/// Runs `make`'s future on virtual time, on a thread of its own, and fails if that does not end.
fn virtually<F>(make: impl FnOnce() -> F + Send + 'static) -> F::Output
where
    F: Future<Output: Send + 'static>,
{
    limited(move || taxi::test::run(make()))
}

fn serve(app: App) -> Running {
    within(Limits::default(), app)
}

fn within(limits: Limits, app: App) -> Running {
    let server = Server::bind(anywhere()).unwrap();
    server.limits(limits).serve(app).unwrap()
}

/// All that comes until the end, also if that is a reset.
async fn read(stream: &TcpStream) -> String {
    let (mut all, mut buffer) = (Vec::new(), vec![0; 16 * 1024]);
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        all.extend(&buffer[..length]);
    }
    String::from_utf8_lossy(&all).into_owned()
}

/// Sends these bytes, whatever they are, and hears all of the answer.
async fn talk(server: &Running, bytes: &[u8]) -> String {
    let stream = TcpStream::connect(server.local_addr()).await.unwrap();
    // A server that has heard enough may close it before the last of them.
    let _ = stream.write_all(bytes).await;
    read(&stream).await
}

/// Asks for `line`, with more lines of header, and closes.
async fn ask(server: &Running, line: &str, header: &str) -> String {
    let text = format!("{line} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{header}\r\n");
    talk(server, text.as_bytes()).await
}

/// The status of an answer.
fn status(answer: &str) -> u16 {
    let word = answer.split(' ').nth(1);
    word.and_then(|it| it.parse().ok())
        .unwrap_or_else(|| panic!("no answer: {answer:?}"))
}

/// The body of an answer.
fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").unwrap().1
}

#[path = "web/files.rs"]
mod files;
#[path = "web/folders.rs"]
mod folders;
#[path = "web/outside.rs"]
mod outside;
#[path = "web/tool.rs"]
mod tool;

#[test]
fn _a_test_that_hangs_is_ended() {
    workbook_tests::limits::watch_over_all();
}
