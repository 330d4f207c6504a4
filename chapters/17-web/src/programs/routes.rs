//! What there is no handler for: 404, 405, a header alone, a name that is not ours.
//!
//! twin: none, Python's standard library has no router
//! clock: virtual

use chapter::{Args, BadInput};
use taxi::net::TcpStream;
use trace::say;
use web::{App, Request, Server};

use crate::programs::demo::read;
use crate::programs::hello::{Fallible, anywhere, start};

// ANCHOR: main
async fn call() -> Fallible {
    let app = App::new()
        .get("/", async |_: Request| "a taxi office\n")
        .get("/rides/{number}", async |it: Request| {
            it.param::<String>("number")
        })
        .get("/rides/last", async |_: Request| "the last one\n")
        .post("/rides", async |mut it: Request| it.text().await)
        .hosts(["taxi.example"]);
    let server = Server::bind(anywhere())?.serve(app)?;
    for (line, host) in [
        ("GET /", "Host: taxi.example:8080"),
        ("GET /rides/%C3%BC%2F..", "Host: taxi.example"),
        ("GET /rides/last", "Host: taxi.example"),
        ("HEAD /", "Host: taxi.example"),
        ("GET /rides", "Host: taxi.example"),
        ("DELETE /rides/7", "Host: taxi.example"),
        ("GET /rides/7/8", "Host: taxi.example"),
        ("GET /", "Host: bus.example"),
        ("GET /", "X-Host: none"),
    ] {
        let stream = TcpStream::connect(server.local_addr()).await?;
        let asked = format!("{line} HTTP/1.1\r\n{host}\r\nConnection: close\r\n\r\n");
        stream.write_all(asked.as_bytes()).await?;
        let answer = read(&stream).await?;
        say!("{line}  ({host})");
        for line in answer.lines().filter(|it| !it.is_empty()) {
            // The date is another one tomorrow.
            if !line.starts_with("date: ") && !line.starts_with("connection: ") {
                say!("    {line}");
            }
        }
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    start(args.real(), call())
}
