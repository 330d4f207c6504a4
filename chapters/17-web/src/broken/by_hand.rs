//! HTTP by hand: right for as long as nobody sends a body.
//!
//! clock: virtual

use std::io;

use chapter::{Args, BadInput};
use taxi::net::{StreamReader, StreamWriter, TcpListener, TcpStream, start_server};
use trace::say;

use crate::programs::hello::{Fallible, anywhere, start};

// ANCHOR: main
async fn serve(mut reader: StreamReader, writer: StreamWriter) -> io::Result<()> {
    while let Some(line) = reader.read_line().await? {
        let Some(path) = line.split(' ').nth(1) else {
            say!("server: what is '{line}'?");
            continue;
        };
        // The other lines of the header.
        while reader.read_line().await?.is_some_and(|it| !it.is_empty()) {}
        say!("server: {line}");
        let body = format!("you want {path}");
        let length = body.len();
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}");
        writer.write(answer.as_bytes());
        writer.drain().await?;
    }
    Ok(())
}

async fn call() -> Fallible {
    let server = start_server(TcpListener::bind(anywhere())?, serve)?;
    let stream = TcpStream::connect(server.local_addr()).await?;
    let body = "DELETE /rides/7 HTTP/1.1\r\n\r\n";
    let header = format!("host: a\r\ncontent-length: {}\r\n\r\n", body.len());
    let (get, post) = ("GET /rides HTTP/1.1\r\n", "POST /rides HTTP/1.1\r\n");
    for part in [get, "host: a\r\n\r\n", post, &header, body] {
        stream.write_all(part.as_bytes()).await?;
    }
    taxi::time::sleep(std::time::Duration::from_secs(1)).await;
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    start(args.real(), call())
}
