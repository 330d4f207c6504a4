//! Four clients who are in no hurry: each waits for something else, and each is cut off.
//!
//! twin: none, Python's standard library has no HTTP server for asyncio
//! clock: virtual

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use chapter::{Args, BadInput};
use taxi::net::TcpStream;
use taxi::spawn;
use taxi::time::{now, sleep, timeout};
use trace::say;
use web::{App, Request, Server};

use crate::programs::demo::read;
use crate::programs::hello::{Fallible, anywhere, start};

/// More than the operating system keeps for a connection.
const LONG: usize = 64 * 1024 * 1024;

// ANCHOR: main
async fn drip(address: SocketAddr) -> io::Result<&'static str> {
    let stream = TcpStream::connect(address).await?;
    stream.write_all(b"GET / HTTP/1.1\r\nx-").await?;
    // A letter every two seconds, until the other side has had enough.
    while stream.write_all(b"a").await.is_ok() {
        let mut answer = [0; 64];
        let end = timeout(Duration::from_secs(2), stream.read(&mut answer));
        if end.await.is_ok() {
            break;
        }
    }
    Ok("a header that does not end")
}

async fn idle(address: SocketAddr) -> io::Result<&'static str> {
    let stream = TcpStream::connect(address).await?;
    sleep(Duration::from_secs(3)).await;
    stream
        .write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
        .await?;
    read(&stream).await?;
    Ok("nothing more to ask")
}

async fn half(address: SocketAddr) -> io::Result<&'static str> {
    let stream = TcpStream::connect(address).await?;
    sleep(Duration::from_secs(1)).await;
    let half = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf";
    stream.write_all(half).await?;
    let answer = read(&stream).await?;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    Ok("half a body: 408")
}

async fn deaf(address: SocketAddr) -> io::Result<&'static str> {
    let stream = TcpStream::connect(address).await?;
    stream
        .write_all(b"GET /long HTTP/1.1\r\nhost: a\r\n\r\n")
        .await?;
    sleep(Duration::from_secs(60)).await;
    let is_cut = read(&stream).await.map_or(true, |it| it.len() < LONG);
    assert!(is_cut, "all of it came");
    Ok("an answer that is not read: cut")
}
// ANCHOR_END: main

/// Says what became of a client.
async fn tell(client: impl Future<Output = io::Result<&'static str>>) -> io::Result<()> {
    let what = client.await?;
    say!("{:2} s  {what}", now().as_secs());
    Ok(())
}

// ANCHOR: call
async fn call() -> Fallible {
    let app = App::new()
        .get("/", async |_: Request| "a taxi")
        .get("/long", async |_: Request| "a".repeat(LONG))
        .post("/", async |mut request: Request| request.text().await);
    let server = Server::bind(anywhere())?.serve(app)?;
    let address = server.local_addr();
    let clients = [
        spawn(tell(drip(address))),
        spawn(tell(idle(address))),
        spawn(tell(half(address))),
        spawn(tell(deaf(address))),
    ];
    for wait in [1, 8, 3, 2] {
        sleep(Duration::from_secs(wait)).await;
        say!(
            "{:2} s  connections: {}",
            now().as_secs(),
            server.connections()
        );
    }
    for client in clients {
        client.await??;
    }
    Ok(())
}
// ANCHOR_END: call

pub fn run(args: &Args) -> Result<(), BadInput> {
    start(args.real(), call())
}
