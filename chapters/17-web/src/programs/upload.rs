//! An upload that is read as it comes, and two that are too long.
//!
//! twin: none, Python's standard library has no HTTP server for asyncio
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use taxi::net::TcpStream;
use taxi::time::{now, sleep};
use trace::say;
use web::{App, Error, Limits, Request, Response, Server};

use crate::programs::demo::read;
use crate::programs::hello::{Fallible, anywhere, start};

// ANCHOR: app
async fn upload(mut request: Request) -> Result<Response, Error> {
    let body = request.body();
    say!("{} s  announced: {:?}", now().as_secs(), body.announced());
    while let Some(piece) = body.chunk().await? {
        say!("{} s  a piece: {} bytes", now().as_secs(), piece.len());
    }
    Ok(Response::text(format!("{} bytes\n", body.seen())))
}
// ANCHOR_END: app

// ANCHOR: main
/// Sends `pieces`, a second apart, and says what is answered.
async fn send(server: &web::Running, length: &str, pieces: &[&str]) -> Fallible {
    let stream = TcpStream::connect(server.local_addr()).await?;
    let header = format!(
        "POST /upload HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{length}\r\n\r\n"
    );
    stream.write_all(header.as_bytes()).await?;
    for piece in pieces {
        sleep(Duration::from_secs(1)).await;
        // The server may have closed it.
        let _ = stream.write_all(piece.as_bytes()).await;
    }
    let answer = read(&stream).await?;
    let status = answer.lines().next().unwrap_or("");
    let body = answer.lines().last().unwrap_or("");
    say!("{} s  {status}: {body}", now().as_secs());
    say!();
    Ok(())
}

async fn call() -> Fallible {
    let app = App::new().post("/upload", upload);
    let limits = Limits {
        body_bytes: 20,
        ..Limits::default()
    };
    let server = Server::bind(anywhere())?.limits(limits).serve(app)?;
    let picture = "a picture.";
    send(&server, "content-length: 20", &[picture, picture]).await?;
    send(&server, "content-length: 9000000", &[]).await?;
    // In chunks, each with its length in front: how long all is, nobody says.
    let chunk = "a\r\na picture.\r\n";
    send(
        &server,
        "transfer-encoding: chunked",
        &[chunk, chunk, chunk],
    )
    .await
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    start(args.real(), call())
}
