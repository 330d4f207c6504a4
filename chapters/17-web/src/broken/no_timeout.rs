//! A server that waits for a header as long as it takes.
//!
//! clock: virtual

use std::time::Duration;

use chapter::{Args, BadInput};
use taxi::net::TcpStream;
use taxi::time::{now, sleep};
use trace::say;
use web::{App, Limits, Request, Server};

use crate::programs::hello::{Fallible, anywhere, start};

// ANCHOR: main
async fn call() -> Fallible {
    let app = App::new().get("/", async |_: Request| "a taxi");
    let limits = Limits {
        header: Duration::from_secs(365 * 24 * 3600),
        ..Limits::default()
    };
    let server = Server::bind(anywhere())?.limits(limits).serve(app)?;
    // Each of them costs its client a packet a minute.
    let mut attackers = Vec::new();
    for _ in 0..100 {
        let stream = TcpStream::connect(server.local_addr()).await?;
        stream.write_all(b"GET / HTTP/1.1\r\nx-").await?;
        attackers.push(stream);
    }
    for _ in 0..3 {
        sleep(Duration::from_secs(20 * 60)).await;
        for stream in &attackers {
            stream.write_all(b"a").await?;
        }
        say!(
            "{} min: {} connections",
            now().as_secs() / 60,
            server.connections()
        );
    }
    Ok(())
}
// ANCHOR_END: main

pub fn run(args: &Args) -> Result<(), BadInput> {
    start(args.real(), call())
}
